private import CZlib
private import Memory

/// A zip archive that is read piece by piece through a closure. The whole archive need not be in memory.
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
/// The initializers check the whole directory:
///
/// - Counts, offsets and lengths agree with the size of the file, and no two entries overlap.
/// - Every name occurs once and is a path that stays inside a folder.
/// - All flags and compression methods are supported.
///
/// When an entry is unpacked, its local header is compared with the directory. Bytes before the first entry and between
/// entries are ignored.
///
/// Encrypted archives, and archives that are split into several files, are not supported. Entries must be stored or
/// compressed with deflate. Bytes before the archive are an error, except if the archive's offsets count these bytes.
///
/// PKWARE defines the format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT .
public struct ZipArchive {
  /// The entries, in the order of the directory.
  public let entries: [ZipEntry]

  private let source: ZipSource
  private let indices: [String: Int]

  /// Creates an archive. The initializer reads the directory through a closure and checks the directory.
  ///
  /// - Parameters:
  ///   - byteCount: The size of the archive in bytes.
  ///   - maximumDirectoryByteCount: The largest accepted size of the directory in bytes, because the directory is read
  ///     into memory. The default of 64 MiB is enough for half a million entries.
  ///   - read: A closure that returns `count` bytes of the archive, starting at `offset`. If the archive ends earlier,
  ///     the closure returns fewer bytes. The closure is kept and called again to unpack entries.
  /// - Throws: ``ZipError``, `MemoryError`, or the error that `read` throws.
  /// - Precondition: `byteCount >= 0`.
  /// - Complexity: O(*n* log *n*) for *n* entries.
  public init(
    byteCount: Int, maximumDirectoryByteCount: Int = 1 << 26,
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
    var entries: [ZipEntry] = []
    var indices: [String: Int] = [:]
    var position = 0
    for index in 0..<end.entryCount {
      let place = end.directoryOffset + position + ZipEntry.fixedDirectoryByteCount
      let entry = try ZipEntry(parsing: directory, at: &position, directoryOffset: end.directoryOffset)
      guard indices.updateValue(index, forKey: entry.name) == nil else {
        throw ZipError(.duplicateName, at: place, entry: entry.name)
      }
      entries.append(entry)
    }
    guard position == directory.count else {
      let problem = ZipError.Problem.field(
        name: "directory's size", expected: UInt64(position), found: UInt64(directory.count))
      throw ZipError(problem, at: end.directoryOffset + position)
    }
    try Self.limit(&entries)
    (self.entries, self.indices) = (entries, indices)
  }

  /// Creates an archive from its bytes in memory, and checks the directory.
  ///
  /// - Throws: ``ZipError`` or `MemoryError`.
  public init(_ bytes: [UInt8]) throws {
    try self.init(byteCount: bytes.count) { offset, count in Array(bytes[offset..<(offset + count)]) }
  }

  /// Returns the entry with the given name; nil if no entry has this name.
  ///
  /// - Complexity: O(1).
  public subscript(name: String) -> ZipEntry? {
    indices[name].map { entries[$0] }
  }

  /// Sets each entry's `limit` to the offset of the next entry, and checks that no entry extends beyond its limit.
  private static func limit(_ entries: inout [ZipEntry]) throws {
    let order = entries.indices.sorted { entries[$0].headerOffset < entries[$1].headerOffset }
    for (index, next) in zip(order, order.dropFirst()) { entries[index].limit = entries[next].headerOffset }
    for entry in order.map({ entries[$0] }) {
      let end =
        entry.headerOffset + ZipEntry.fixedHeaderByteCount + entry.nameBytes.count + entry.compressedByteCount
      guard end <= entry.limit else {
        throw ZipError(
          .cut(part: .data, expected: end, found: entry.limit), at: entry.headerOffset, entry: entry.name)
      }
    }
  }

  private static let pieceByteCount = 1 << 16

  /// Unpacks an entry piece by piece.
  ///
  /// After the last piece, the method compares the checksum and the length of the contents with the directory. If one
  /// of the two values is wrong, the method throws, and the caller must discard all pieces. Unpacking stops as soon as
  /// the contents are longer than the directory states.
  ///
  /// - Parameters:
  ///   - entry: One of this archive's ``entries``.
  ///   - maximumByteCount: The largest accepted size of the contents. If the entry is larger, the method throws before
  ///     it unpacks anything.
  ///   - body: A closure that receives the contents in order, in pieces of any size. A piece is valid only during the
  ///     call.
  /// - Throws: ``ZipError``, an error from reading the archive, or the error that `body` throws.
  /// - Complexity: O(*n*) in the number of bytes read and unpacked, with less than 1 MiB of memory.
  public func extract(
    _ entry: ZipEntry, maximumByteCount: Int = .max, _ body: (_ piece: UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard entry.byteCount <= maximumByteCount else {
      let problem = ZipError.Problem.tooLarge(maximumByteCount: maximumByteCount, found: entry.byteCount)
      throw ZipError(problem, at: entry.headerOffset, entry: entry.name)
    }
    try unpack(entry) { piece in
      try body(piece)
      return true
    }
  }

  /// Returns the contents of an entry.
  ///
  /// Memory is allocated piece by piece while the contents are unpacked, because the stated size may be wrong.
  ///
  /// - Parameters:
  ///   - entry: One of this archive's ``entries``.
  ///   - maximumByteCount: The largest accepted size of the contents. If the entry is larger, the method throws before
  ///     it unpacks anything.
  /// - Throws: ``ZipError``, `MemoryError`, or an error from reading the archive.
  /// - Complexity: O(*n*) in the number of bytes read and unpacked.
  public func contents(of entry: ZipEntry, maximumByteCount: Int) throws -> [UInt8] {
    var contents: [UInt8] = []
    try extract(entry, maximumByteCount: maximumByteCount) { piece in
      try AvailableMemory.check(AvailableMemory.growth(of: contents, appending: piece.count))
      contents.append(contentsOf: piece)
    }
    return contents
  }

  /// Returns only the first bytes of an entry's contents. The caller can check these bytes before unpacking the whole
  /// entry.
  ///
  /// The checksum is verified only if the contents have fewer than `byteCount` bytes.
  ///
  /// - Returns: The first `byteCount` bytes of the contents, or all contents if they are shorter.
  /// - Throws: ``ZipError`` if the entry is damaged before the end of the returned bytes, or an error from reading the
  ///   archive.
  /// - Precondition: `byteCount >= 0`.
  public func prefix(of entry: ZipEntry, byteCount: Int) throws -> [UInt8] {
    precondition(byteCount >= 0, "a count of bytes is not negative")
    var contents: [UInt8] = []
    try unpack(entry) { piece in
      contents.append(contentsOf: piece.prefix(byteCount - contents.count))
      return contents.count < byteCount
    }
    return contents
  }

  /// Unpacks an entry until `body` returns false or the entry ends.
  ///
  /// At the end of the entry, the method compares the length and the CRC-32 of the contents with the directory.
  private func unpack(_ entry: ZipEntry, _ body: (UnsafeRawBufferPointer) throws -> Bool) throws {
    let dataOffset = try entry.dataOffset(in: source)
    var (byteCount, checksum) = (0, UInt32(0))
    func failure(_ problem: ZipError.Problem) -> ZipError {
      ZipError(problem, at: entry.headerOffset, entry: entry.name)
    }
    let isComplete = try unpackData(of: entry, at: dataOffset) { piece in
      byteCount += piece.count
      guard byteCount <= entry.byteCount else { throw failure(.length(expected: entry.byteCount, found: byteCount)) }
      checksum = CZlib_crc32(checksum, piece.baseAddress, piece.count)
      return try piece.isEmpty || body(piece)
    }
    guard isComplete else { return }
    guard byteCount == entry.byteCount else { throw failure(.length(expected: entry.byteCount, found: byteCount)) }
    guard checksum == entry.checksum else { throw failure(.checksum(expected: entry.checksum, found: checksum)) }
  }

  /// Unpacks the data of an entry until `body` returns false or the data ends.
  ///
  /// - Returns: Whether the end of the data was reached.
  private func unpackData(
    of entry: ZipEntry, at dataOffset: Int, _ body: (UnsafeRawBufferPointer) throws -> Bool
  ) throws -> Bool {
    let stream = entry.method == .deflated ? DeflateStream(.decompress) : nil
    var done = 0
    while done < entry.compressedByteCount {
      let count = min(Self.pieceByteCount, entry.compressedByteCount - done)
      let piece = try source.bytes(of: .data, at: dataOffset + done, count: count, entry: entry.name)
      guard let stream else {
        guard try piece.withUnsafeBytes(body) else { return false }
        done += count
        continue
      }
      var consumed = 0
      var status = DeflateStream.Status.unfinished
      while status == .unfinished {
        let goesOn = try piece.withUnsafeBytes { bytes in
          let step = stream.next(UnsafeRawBufferPointer(rebasing: bytes[consumed...]))
          consumed += step.consumedByteCount
          status = step.status
          return try body(step.output)
        }
        guard goesOn else { return false }
      }
      done += consumed
      if status == .finished {
        let rest = entry.compressedByteCount - done
        guard rest == 0 else { throw ZipError(.trailingData(count: rest), at: dataOffset + done, entry: entry.name) }
        return true
      }
      if case .damaged(let reason) = status {
        throw ZipError(.invalidData(reason: reason), at: dataOffset + done, entry: entry.name)
      }
    }
    guard stream == nil else { throw ZipError(.dataCut, at: dataOffset + done, entry: entry.name) }
    return true
  }
}

/// The size of an archive and the closure that reads its bytes.
struct ZipSource {
  let byteCount: Int
  let read: (_ offset: Int, _ count: Int) throws -> [UInt8]

  /// Returns exactly `count` bytes of the archive, starting at an offset.
  ///
  /// - Throws: ``ZipError`` that names the part if the archive ends too early, or an error from reading the archive.
  /// - Precondition: The offset is not beyond the end of the archive.
  func bytes(of part: ZipError.Part, at offset: Int, count: Int, entry: String? = nil) throws -> [UInt8] {
    precondition(offset >= 0 && offset <= byteCount && count >= 0, "the offset is inside the archive")
    guard count <= byteCount - offset else {
      throw ZipError(.cut(part: part, expected: offset + count, found: byteCount), at: offset, entry: entry)
    }
    let bytes = try read(offset, count)
    precondition(bytes.count <= count, "the closure returns at most the requested number of bytes")
    guard bytes.count == count else {
      // The file has become shorter since the archive was opened.
      let end = offset + bytes.count
      throw ZipError(.cut(part: part, expected: offset + count, found: end), at: end, entry: entry)
    }
    return bytes
  }
}
