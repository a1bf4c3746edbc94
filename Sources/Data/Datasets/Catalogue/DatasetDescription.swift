/// The description of a data set in the catalogue. The description is known even if no file of the data set is
/// installed.
public struct DatasetDescription: Equatable, Sendable {
  /// The number of images in each part, and the size of an image.
  public struct Size: Equatable, Sendable {
    /// The number of images in the training part.
    public let trainingCount: Int
    /// The number of images in the test part.
    public let testCount: Int
    /// The size of every image.
    public let image: ImageSize

    /// Creates a size from the number of images in each part and the size of an image.
    ///
    /// By default, an image has 28x28 pixels, as in MNIST.
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
    /// The publication to cite, as one line of text.
    public let citation: String

    /// Creates a value from the name of a licence and a publication to cite.
    public init(licence: String, citation: String) {
      self.licence = licence
      self.citation = citation
    }
  }

  /// The name of the data set. Commands accept this name, and the data set's folder has the same name.
  public let name: String
  /// Other names that commands accept for the data set.
  public let aliases: [String]
  /// A title that describes the data set in one line.
  public let title: String
  /// The number of images in each part, and the size of an image.
  public let size: Size
  /// The names of the classes, indexed by label.
  public let classNames: [String]
  /// The licence of the data set and the publication to cite.
  public let terms: Terms
  /// The base URLs of the published files, in the order in which they are tried. Each URL ends with a slash.
  public let mirrors: [String]
  /// The published files; empty if the data set is embedded in the program.
  public let published: [PublishedFile]
  /// The name of the folder for published files that this data set shares with other data sets; nil if no files are
  /// shared.
  ///
  /// The folder is inside the data folder. Published files are deleted after the installation if no other data set uses
  /// them.
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

  /// The installed files of the data set.
  public var files: [InstalledFile] { published.flatMap(\.parts) }

  /// The total size of all published files in bytes; nil if the size of any file is not known.
  public var publishedByteCount: Int? {
    let sizes = published.compactMap(\.byteCount)
    return sizes.count == published.count ? sizes.reduce(0, +) : nil
  }
}

/// A file that the publisher of a data set offers. The installed files are made from such published files.
public struct PublishedFile: Equatable, Sendable {
  /// The name of the file on every mirror, such as `train-images-idx3-ubyte.gz`.
  public let name: String
  /// The size of the file in bytes; nil if the size is not known.
  public let byteCount: Int?
  /// The checksum of the file.
  public let checksum: PublishedChecksum
  /// The installed files that are made from the published file.
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

  /// Returns the description of a published gzip file whose unpacked content is the installed file.
  ///
  /// - Parameters:
  ///   - name: The name of the unpacked file. The name of the published file is the same name with `.gz` at the end.
  ///   - byteCount: The size of the published file in bytes; nil if the size is not known.
  ///   - sha256: The SHA-256 of the published file.
  ///   - unpackedSHA256: The SHA-256 of the unpacked file; nil if the SHA-256 is not known.
  public static func gzip(
    _ name: String, byteCount: Int?, sha256: String, unpackedSHA256: String? = nil
  ) -> PublishedFile {
    PublishedFile(
      name: name + ".gz", byteCount: byteCount, checksum: .sha256(sha256),
      parts: [InstalledFile(name: name, sha256: unpackedSHA256)])
  }

  /// The largest accepted size in bytes. The limit is the size of the file, or 64 MiB if the size is not known. Similar
  /// files are much smaller than 64 MiB.
  public var maximumByteCount: Int { byteCount ?? 1 << 26 }

  /// The bytes with which the file must begin. For a name that ends with `.zip`, these bytes are the signature of zip.
  /// For other names, these bytes are the signature of gzip.
  public var signature: [UInt8] { name.hasSuffix(".zip") ? Array("PK".utf8) : [0x1F, 0x8B] }
}

/// A file in the data folder that is made from a published file.
public struct InstalledFile: Equatable, Sendable {
  /// The conversion from the published content to the installed content.
  public enum Form: Equatable, Sendable {
    /// The installed content is the same as the published content.
    case published
    /// In the published images, rows and columns are exchanged. The conversion makes the images upright.
    case transposedImages
    /// The published labels start at the given number. The conversion subtracts this number, so that the installed
    /// labels start at 0.
    case labels(from: UInt8)
    /// The published file holds an int32 table `[count, columns]`. The first column becomes the installed labels
    /// `[count]`.
    case firstColumn
  }

  /// The name of the installed file, such as `train-images-idx3-ubyte`.
  public let name: String
  /// The conversion from the published content to the installed content.
  public let form: Form
  /// The path of the gzip file inside the published archive; nil if the published file is itself the gzip file.
  public let entry: String?
  /// The SHA-256 of the installed file; nil if the catalogue does not contain this SHA-256.
  public let sha256: String?

  /// Creates a description of an installed file.
  public init(name: String, form: Form = .published, entry: String? = nil, sha256: String? = nil) {
    self.name = name
    self.form = form
    self.entry = entry
    self.sha256 = sha256
  }
}

/// The checksum with which a published file is verified, in lower-case hexadecimal.
public enum PublishedChecksum: Equatable, Hashable, Sendable {
  /// A SHA-256 checksum.
  case sha256(String)
  /// An MD5 checksum, used only if no SHA-256 is published. An MD5 finds accidental damage, but not deliberate changes.
  case md5(String)

  /// The hexadecimal digits of the checksum.
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
