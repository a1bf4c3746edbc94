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
