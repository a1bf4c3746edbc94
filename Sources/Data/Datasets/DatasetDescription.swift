/// What is known of a published data set before any of its files is opened.
public struct DatasetDescription: Equatable, Sendable {
  /// How many images of which size it has.
  public struct Size: Equatable, Sendable {
    /// The images of the training part.
    public let trainingCount: Int
    /// The images of the test part.
    public let testCount: Int
    /// The pixels' rows in an image.
    public let rowCount: Int
    /// The pixels' columns in an image.
    public let columnCount: Int

    /// A size; MNIST's images of 28x28 by default.
    public init(trainingCount: Int, testCount: Int, rowCount: Int = 28, columnCount: Int = 28) {
      self.trainingCount = trainingCount
      self.testCount = testCount
      self.rowCount = rowCount
      self.columnCount = columnCount
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
    published.reduce(0 as Int?) { sum, file in
      guard let sum, let byteCount = file.byteCount else { return nil }
      return sum + byteCount
    }
  }
}
