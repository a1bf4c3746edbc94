/// What is known of a published data set before any of its files is opened.
public struct DatasetDescription: Equatable, Sendable {
  /// One of its files.
  public struct File: Equatable, Sendable {
    /// The name of the unpacked file; published with `.gz` behind it.
    public let name: String
    /// The size of the published file in bytes.
    public let packedByteCount: Int
    /// The SHA-256 of the published file, in lower-case hexadecimal.
    public let packedSHA256: String
    /// The SHA-256 of the unpacked file.
    public let unpackedSHA256: String

    /// A file with the given name, size and checksums.
    public init(name: String, packedByteCount: Int, packedSHA256: String, unpackedSHA256: String) {
      self.name = name
      self.packedByteCount = packedByteCount
      self.packedSHA256 = packedSHA256
      self.unpackedSHA256 = unpackedSHA256
    }

    /// The name under which it is published.
    public var packedName: String { name + ".gz" }
  }

  /// The name by which commands know it, and that of its folder in the data folder.
  public let name: String
  /// Other names by which commands know it.
  public let aliases: [String]
  /// What it is, in one line.
  public let title: String
  /// The names of its classes, by label.
  public let classNames: [String]
  /// Its files; none where the data is embedded in the program.
  public let files: [File]

  /// A description of a data set.
  public init(name: String, aliases: [String] = [], title: String, classNames: [String], files: [File]) {
    self.name = name
    self.aliases = aliases
    self.title = title
    self.classNames = classNames
    self.files = files
  }
}
