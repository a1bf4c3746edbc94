private import CZlib
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
  /// The entries in the directory's order.
  public let entries: [ZipEntry]

  private let source: ZipSource
  private let indices: [String: Int]

  /// Reads the directory of an archive that lies anywhere.
  ///
  /// - Parameters:
  ///   - byteCount: The size of the archive.
  ///   - maximumDirectoryByteCount: The largest directory to read into memory; 64 MiB have room for half a million entries.
  ///   - read: Returns `count` bytes from `offset` on; fewer only where the archive ends. It is kept and called again
  ///     whenever something is unpacked.
  /// - Throws: ``ZipError``, or what `read` throws.
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

  /// Gives each entry the place up to the next one, and checks that it fits.
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
  /// The checksum and the length are compared at the end: where that throws, the pieces given before are worth nothing.
  /// Unpacking stops as soon as more comes out than the directory says.
  ///
  /// - Parameters:
  ///   - entry: One of this archive's ``entries``.
  ///   - maximumByteCount: The most bytes to unpack; an entry that has more is refused before anything is unpacked.
  ///   - body: Takes the contents in order, in pieces of any size. A piece is valid only during the call.
  /// - Throws: ``ZipError``, what reading the archive throws, or what `body` throws.
  /// - Complexity: O(*n*) in the bytes read and unpacked, with less than a MiB of memory.
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

  /// Unpacks an entry into memory.
  ///
  /// Memory is taken as contents come out, whatever length is declared.
  ///
  /// - Parameters:
  ///   - entry: One of this archive's ``entries``.
  ///   - maximumByteCount: As for ``extract(_:maximumByteCount:_:)``.
  /// - Throws: ``ZipError``, `MemoryError`, or what reading the archive throws.
  public func contents(of entry: ZipEntry, maximumByteCount: Int) throws -> [UInt8] {
    var contents: [UInt8] = []
    try extract(entry, maximumByteCount: maximumByteCount) { piece in
      try AvailableMemory.check(AvailableMemory.growth(of: contents, appending: piece.count))
      contents.append(contentsOf: piece)
    }
    return contents
  }

  /// Unpacks the beginning of an entry, to see what it holds before all of it is unpacked.
  ///
  /// - Returns: That many bytes, or all where there are fewer. Only then is the checksum compared.
  /// - Throws: ``ZipError`` where the entry is damaged so early that it shows, or what reading the archive throws.
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

  /// Unpacks until the closure returns false, or to the end. Counts and sums the contents, and compares the results with
  /// the directory.
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

  /// Returns whether the end of the data was reached.
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

/// The archive's bytes, wherever they are.
struct ZipSource {
  let byteCount: Int
  let read: (_ offset: Int, _ count: Int) throws -> [UInt8]

  /// Returns the bytes of a part, all of them.
  ///
  /// - Precondition: The offset is not beyond the end.
  func bytes(of part: ZipError.Part, at offset: Int, count: Int, entry: String? = nil) throws -> [UInt8] {
    precondition(offset >= 0 && offset <= byteCount && count >= 0, "a part begins inside the file")
    guard count <= byteCount - offset else {
      throw ZipError(.cut(part: part, expected: offset + count, found: byteCount), at: offset, entry: entry)
    }
    let bytes = try read(offset, count)
    precondition(bytes.count <= count, "no more bytes are read than were asked for")
    guard bytes.count == count else {
      // The file has become shorter.
      let end = offset + bytes.count
      throw ZipError(.cut(part: part, expected: offset + count, found: end), at: end, entry: entry)
    }
    return bytes
  }
}
