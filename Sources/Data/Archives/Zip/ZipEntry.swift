/// One file, or folder, of a ``ZipArchive``: what the archive's directory says of it, all of it checked.
public struct ZipEntry: Equatable, Sendable {
  /// How contents are packed.
  public enum Method: UInt16, Sendable {
    /// As they are.
    case stored = 0
    /// With deflate.
    case deflated = 8
  }

  /// The path in the archive, with `/` between folders. It stays inside the folder into which the archive is unpacked.
  public let name: String

  /// How it is packed.
  public let method: Method

  /// How many bytes the contents have.
  public let byteCount: Int

  /// How many bytes they take in the archive.
  public let compressedByteCount: Int

  /// The contents' CRC-32.
  public let checksum: UInt32

  /// Whether the name is that of a folder; it ends with `/` then.
  public var isFolder: Bool { name.hasSuffix("/") }

  /// The name's bytes, which the local header has to repeat.
  let nameBytes: [UInt8]

  /// The flags in the directory.
  let flags: UInt16

  /// Where the local header begins.
  let headerOffset: Int

  /// What begins after the entry: the next entry's local header, or the directory.
  var limit: Int
}
