/// What is known of a published data set before any of its files is opened.
public struct DatasetDescription: Equatable, Sendable {
  /// How many images of which size it has.
  public struct Size: Equatable, Sendable {
    /// The images of the training part.
    public let trainingCount: Int
    /// The images of the test part.
    public let testCount: Int
    /// The size of an image.
    public let image: ImageSize

    /// Creates a size; MNIST's images of 28x28 by default.
    public init(trainingCount: Int, testCount: Int, image: ImageSize = ImageSize(rowCount: 28, columnCount: 28)) {
      self.trainingCount = trainingCount
      self.testCount = testCount
      self.image = image
    }
  }

  /// Under which terms it may be used, and what to cite when it was.
  public struct Terms: Equatable, Sendable {
    /// The licence.
    public let licence: String
    /// The publication, in one line.
    public let citation: String

    /// A licence and a publication.
    public init(licence: String, citation: String) {
      self.licence = licence
      self.citation = citation
    }
  }

  /// The name by which commands know it, and that of its folder in the data folder.
  public let name: String
  /// Other names by which commands know it.
  public let aliases: [String]
  /// What it is, in one line.
  public let title: String
  /// How many images of which size it has.
  public let size: Size
  /// The names of its classes, by label.
  public let classNames: [String]
  /// Licence and citation.
  public let terms: Terms
  /// The base URLs of its published files, each with a slash at its end, the first to be asked first.
  public let mirrors: [String]
  /// Its published files; none where the data is embedded in the program.
  public let published: [PublishedFile]
  /// The name of the folder in the data folder that keeps published files which several sets are made of; nil where
  /// they are this set's own, and go once it is installed.
  public let sharedFolder: String?

  /// A description of a data set.
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

  /// Whether it is part of the program, so that it has no files.
  public var isEmbedded: Bool { published.isEmpty }

  /// Its files in the data folder.
  public var files: [InstalledFile] { published.flatMap(\.parts) }

  /// The bytes that are fetched for it; nil where a file's size is not known.
  public var publishedByteCount: Int? {
    let sizes = published.compactMap(\.byteCount)
    return sizes.count == published.count ? sizes.reduce(0, +) : nil
  }
}

/// A file as its publisher offers it, and what it becomes in the data folder.
public struct PublishedFile: Equatable, Sendable {
  /// Its name at every mirror, such as `train-images-idx3-ubyte.gz`.
  public let name: String
  /// Its size in bytes, where it is known.
  public let byteCount: Int?
  /// Its checksum.
  public let checksum: PublishedChecksum
  /// The files that are made of it.
  public let parts: [InstalledFile]

  /// A published file.
  ///
  /// - Precondition: at least one file is made of it.
  public init(name: String, byteCount: Int?, checksum: PublishedChecksum, parts: [InstalledFile]) {
    precondition(!parts.isEmpty, "a published file is of use")
    self.name = name
    self.byteCount = byteCount
    self.checksum = checksum
    self.parts = parts
  }

  /// A gzip file that is unpacked and otherwise left as it is.
  ///
  /// - Parameters:
  ///   - name: the unpacked file's name; the published one has `.gz` behind it.
  ///   - unpackedSHA256: the unpacked file's checksum, where it is known.
  public static func gzip(
    _ name: String, byteCount: Int?, sha256: String, unpackedSHA256: String? = nil
  ) -> PublishedFile {
    PublishedFile(
      name: name + ".gz", byteCount: byteCount, checksum: .sha256(sha256),
      parts: [InstalledFile(name: name, sha256: unpackedSHA256)])
  }

  /// The most bytes that it can have: its size, or where that is not known, several times what its like have.
  public var maximumByteCount: Int { byteCount ?? 1 << 26 }

  /// The bytes it begins with, by the format that its name tells.
  public var signature: [UInt8] { name.hasSuffix(".zip") ? Array("PK".utf8) : [0x1F, 0x8B] }
}

/// A file in the data folder that is made of a published one.
public struct InstalledFile: Equatable, Sendable {
  /// How its content comes about.
  public enum Form: Equatable, Sendable {
    /// As published.
    case published
    /// Images of which the published file has rows and columns exchanged.
    case transposedImages
    /// Labels that count from a number other than 0, as classes that count from 0.
    case labels(from: UInt8)
    /// The first column of a table `[count, columns]` of int32, as labels.
    case firstColumn
  }

  /// Its name, such as `train-images-idx3-ubyte`.
  public let name: String
  /// How it is made.
  public let form: Form
  /// Where in a published archive the gzip file lies that it is made of; nil where the published file is that one.
  public let entry: String?
  /// Its SHA-256, where the catalogue knows it.
  public let sha256: String?

  /// A file to be made of a published one.
  public init(name: String, form: Form = .published, entry: String? = nil, sha256: String? = nil) {
    self.name = name
    self.form = form
    self.entry = entry
    self.sha256 = sha256
  }
}

/// The checksum by which a published file is known, in lower-case hexadecimal.
public enum PublishedChecksum: Equatable, Hashable, Sendable {
  /// SHA-256.
  case sha256(String)
  /// MD5, where nothing better is published. It guards against accidents, not against attackers.
  case md5(String)

  /// The digits.
  public var hexadecimal: String {
    switch self {
    case .sha256(let digits), .md5(let digits): digits
    }
  }

  /// The name of its kind.
  public var algorithm: String {
    switch self {
    case .sha256: "SHA-256"
    case .md5: "MD5"
    }
  }
}
