/// The description of a published data set, known without opening any of its files.
public struct DatasetDescription: Equatable, Sendable {
  /// The number of images in each part, and the size of the images.
  public struct Size: Equatable, Sendable {
    /// The number of images in the training part.
    public let trainingCount: Int
    /// The number of images in the test part.
    public let testCount: Int
    /// The size of every image.
    public let image: ImageSize

    /// Creates a size from the numbers of images. Images have MNIST's 28x28 pixels by default.
    public init(trainingCount: Int, testCount: Int, image: ImageSize = ImageSize(rowCount: 28, columnCount: 28)) {
      self.trainingCount = trainingCount
      self.testCount = testCount
      self.image = image
    }
  }

  /// The licence of a data set and the publication to cite.
  public struct Terms: Equatable, Sendable {
    /// The name of the licence.
    public let licence: String
    /// The publication to cite, in one line.
    public let citation: String

    /// Creates terms from a licence and a publication.
    public init(licence: String, citation: String) {
      self.licence = licence
      self.citation = citation
    }
  }

  /// The name of the data set in commands, and of its folder in the data folder.
  public let name: String
  /// Other names of the data set in commands.
  public let aliases: [String]
  /// A title that describes the data set in one line.
  public let title: String
  /// The number of images in each part, and the size of the images.
  public let size: Size
  /// The names of the classes, indexed by label.
  public let classNames: [String]
  /// The licence and the publication to cite.
  public let terms: Terms
  /// The base URLs of the published files, in the order of use. Each URL ends with a slash.
  public let mirrors: [String]
  /// The published files; empty if the data set is embedded in the program.
  public let published: [PublishedFile]
  /// The name of the folder that keeps published files for several data sets; nil if no other data set uses the files.
  ///
  /// The folder is in the data folder. Files that no other data set uses are deleted after the installation.
  public let sharedFolder: String?

  /// Creates a description of a data set.
  public init(
    name: String, aliases: [String] = [], title: String, size: Size, classNames: [String], terms: Terms,
    mirrors: [String] = [], published: [PublishedFile] = [], sharedFolder: String? = nil
  ) {
    self.name = name
    self.aliases = aliases
    self.title = title
    self.size = size
    self.classNames = classNames
    self.terms = terms
    self.mirrors = mirrors
    self.published = published
    self.sharedFolder = sharedFolder
  }

  /// Whether the data set is embedded in the program and therefore has no files.
  public var isEmbedded: Bool { published.isEmpty }

  /// The files of the data set in the data folder.
  public var files: [InstalledFile] { published.flatMap(\.parts) }

  /// The size of all published files together in bytes; nil if the size of a file is not known.
  public var publishedByteCount: Int? {
    let sizes = published.compactMap(\.byteCount)
    return sizes.count == published.count ? sizes.reduce(0, +) : nil
  }
}

/// A file that a data set's publisher offers, and the files in the data folder that are made from it.
public struct PublishedFile: Equatable, Sendable {
  /// The name of the file on every mirror, such as `train-images-idx3-ubyte.gz`.
  public let name: String
  /// The size of the file in bytes; nil if it is not known.
  public let byteCount: Int?
  /// The checksum of the file.
  public let checksum: PublishedChecksum
  /// The files in the data folder that are made from the published file.
  public let parts: [InstalledFile]

  /// Creates a description of a published file.
  ///
  /// - Precondition: At least one file is made from the published file.
  public init(name: String, byteCount: Int?, checksum: PublishedChecksum, parts: [InstalledFile]) {
    precondition(!parts.isEmpty, "at least one file is made from a published file")
    self.name = name
    self.byteCount = byteCount
    self.checksum = checksum
    self.parts = parts
  }

  /// Returns the description of a published gzip file that is only unpacked.
  ///
  /// - Parameters:
  ///   - name: The name of the unpacked file. The published file's name has `.gz` appended.
  ///   - byteCount: The size of the published file in bytes; nil if it is not known.
  ///   - sha256: The SHA-256 of the published file.
  ///   - unpackedSHA256: The SHA-256 of the unpacked file; nil if it is not known.
  public static func gzip(
    _ name: String, byteCount: Int?, sha256: String, unpackedSHA256: String? = nil
  ) -> PublishedFile {
    PublishedFile(
      name: name + ".gz", byteCount: byteCount, checksum: .sha256(sha256),
      parts: [InstalledFile(name: name, sha256: unpackedSHA256)])
  }

  /// The largest possible size in bytes: the known size, or else 64 MiB, which is much more than similar files have.
  public var maximumByteCount: Int { byteCount ?? 1 << 26 }

  /// The bytes with which the file must begin: the signature of zip or of gzip, depending on the name's extension.
  public var signature: [UInt8] { name.hasSuffix(".zip") ? Array("PK".utf8) : [0x1F, 0x8B] }
}

/// A file in the data folder that is made from a published file.
public struct InstalledFile: Equatable, Sendable {
  /// The conversion from the published content to the installed content.
  public enum Form: Equatable, Sendable {
    /// The installed content is the same as the published content.
    case published
    /// The published images have rows and columns exchanged. The conversion exchanges them again.
    case transposedImages
    /// The published labels begin at the given number. It is subtracted, so that the installed labels begin at 0.
    case labels(from: UInt8)
    /// The first column of a published int32 table `[count, columns]` becomes the labels, `[count]`.
    case firstColumn
  }

  /// The name of the installed file, such as `train-images-idx3-ubyte`.
  public let name: String
  /// The conversion from the published content.
  public let form: Form
  /// The path of the source gzip file in a published archive; nil if the published file itself is the gzip file.
  public let entry: String?
  /// The SHA-256 of the installed file; nil if the catalogue does not contain it.
  public let sha256: String?

  /// Creates a description of a file to be made from a published file.
  public init(name: String, form: Form = .published, entry: String? = nil, sha256: String? = nil) {
    self.name = name
    self.form = form
    self.entry = entry
    self.sha256 = sha256
  }
}

/// The checksum that verifies a published file, in lower-case hexadecimal.
public enum PublishedChecksum: Equatable, Hashable, Sendable {
  /// A SHA-256 checksum.
  case sha256(String)
  /// An MD5 checksum, used if nothing better is published. It finds accidental damage, but not an attack.
  case md5(String)

  /// The hexadecimal digits.
  public var hexadecimal: String {
    switch self {
    case .sha256(let digits), .md5(let digits): digits
    }
  }

  /// The name of the algorithm, `SHA-256` or `MD5`.
  public var algorithm: String {
    switch self {
    case .sha256: "SHA-256"
    case .md5: "MD5"
    }
  }
}
