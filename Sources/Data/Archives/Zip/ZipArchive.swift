private import Memory

/// A zip archive that is read from any place, so that it need not lie in memory.
///
/// ```swift
/// let file = try FileReader("digits.npz")
/// let archive = try ZipArchive(byteCount: file.byteCount, reading: file.read)
/// for entry in archive.entries { print(entry.name, entry.byteCount) }
/// if let labels = archive["y_train.npy"] {
///   let bytes = try archive.contents(of: labels, maximumByteCount: 1 << 20)
/// }
/// ```
///
/// Before there is an archive to work with, its whole directory is checked: counts, places and lengths against the size
/// of the file and against each other, so that no two entries share bytes; names, which are paths that stay inside a
/// folder, each once; flags and methods. Local headers are checked against the directory when an entry is unpacked.
/// Bytes before the first entry and between entries are passed over.
///
/// Not supported, and refused: encryption, archives in several parts, methods other than stored and deflated, bytes in
/// front of the archive that its offsets do not count.
///
/// The format is PKWARE's, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT .
public struct ZipArchive {
  /// How large a directory may be unless told otherwise: 64 MiB, room for half a million entries.
  public static let defaultMaximumDirectoryByteCount = 1 << 26

  /// The entries in the directory's order.
  public let entries: [ZipEntry]

  let source: ZipSource
  private let indices: [String: Int]

  /// Reads the directory of an archive of any kind.
  ///
  /// - Parameters:
  ///   - byteCount: the size of the archive.
  ///   - maximumDirectoryByteCount: the largest directory to read into memory.
  ///   - read: gives `count` bytes from `offset` on; fewer only where the archive ends. It is kept and called again
  ///     whenever something is unpacked.
  /// - Throws: ``ZipError``, or what `read` throws.
  /// - Precondition: `byteCount >= 0`.
  /// - Complexity: O(*n* log *n*) for *n* entries.
  public init(
    byteCount: Int, maximumDirectoryByteCount: Int = defaultMaximumDirectoryByteCount,
    reading read: @escaping (_ offset: Int, _ count: Int) throws -> [UInt8]
  ) throws {
    precondition(byteCount >= 0, "a count of bytes is not negative")
    source = ZipSource(byteCount: byteCount, read: read)
    let end = try EndRecord(of: source)
    guard end.directoryByteCount <= maximumDirectoryByteCount else {
      let problem = ZipError.Problem.directoryTooLarge(
        maximumByteCount: maximumDirectoryByteCount, found: end.directoryByteCount)
      throw ZipError(problem, at: end.directoryOffset)
    }
    try AvailableMemory.check(6 * end.directoryByteCount)
    let directory = try source.bytes(of: .directory, at: end.directoryOffset, count: end.directoryByteCount)
    (entries, indices) = try Self.entries(of: directory, end)
  }

  /// Reads the directory of an archive that lies in memory.
  ///
  /// - Throws: ``ZipError``.
  public init(_ bytes: [UInt8]) throws {
    try self.init(byteCount: bytes.count) { offset, count in Array(bytes[offset..<(offset + count)]) }
  }

  /// The entry of a name; nil if there is none.
  ///
  /// - Complexity: O(1).
  public subscript(name: String) -> ZipEntry? {
    indices[name].map { entries[$0] }
  }

  private static func entries(of directory: [UInt8], _ end: EndRecord) throws -> ([ZipEntry], [String: Int]) {
    var entries: [ZipEntry] = []
    var indices: [String: Int] = [:]
    var position = 0
    for index in 0..<end.entryCount {
      let record = try DirectoryEntry(parsing: directory, at: position, directoryOffset: end.directoryOffset)
      guard indices.updateValue(index, forKey: record.entry.name) == nil else {
        throw ZipError(
          .duplicateName, at: end.directoryOffset + position + DirectoryEntry.fixedByteCount, entry: record.entry.name)
      }
      entries.append(record.entry)
      position += record.byteCount
    }
    guard position == directory.count else {
      let problem = ZipError.Problem.field(
        name: "directory's size", expected: UInt64(position), found: UInt64(directory.count))
      throw ZipError(problem, at: end.directoryOffset + position)
    }
    try limit(&entries)
    return (entries, indices)
  }

  /// Gives each entry the place up to the next one, and checks that it gets along with that.
  private static func limit(_ entries: inout [ZipEntry]) throws {
    let order = entries.indices.sorted { entries[$0].headerOffset < entries[$1].headerOffset }
    for (index, next) in zip(order, order.dropFirst()) { entries[index].limit = entries[next].headerOffset }
    for index in order {
      let entry = entries[index]
      let end =
        entry.headerOffset + LocalHeader.fixedByteCount + entry.nameBytes.count + entry.compressedByteCount
      guard end <= entry.limit else {
        throw ZipError(
          .cut(part: .data, expected: end, found: entry.limit), at: entry.headerOffset, entry: entry.name)
      }
    }
  }
}
