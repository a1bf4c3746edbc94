private import CZlib
private import Memory

/// The gzip format (RFC 1952): bytes in, bytes out.
///
/// ```swift
/// let packed = Gzip.compress(Array("digits".utf8))
/// Gzip.isGzip(packed)  // true
/// try Gzip.decompress(packed)  // the six bytes of "digits"
/// ```
///
/// Every field of headers and trailers is checked.
public enum Gzip {
  /// The most that ``decompress(_:maximumByteCount:)`` unpacks by default: 2 GiB, several times the largest file of the
  /// MNIST family.
  public static let defaultMaximumByteCount = 1 << 31

  /// Returns whether bytes begin with gzip's signature, `1F 8B`. The rest is not looked at.
  public static func isGzip(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: signature)
  }

  /// Unpacks a gzip file: one member, or several one after the other, whose contents are joined.
  ///
  /// Zero bytes after the last member, as tapes and block devices leave them, are ignored, as the gzip program does;
  /// any other bytes there are an error. The length that a file states is used to reserve memory, up to 16 times the
  /// size of the file, and is otherwise only compared with what came out.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - maximumByteCount: The most bytes to unpack; a file that holds more is an error, found before they are stored.
  /// - Returns: The contents of all members.
  /// - Throws: ``GzipError``, which says at which byte what was expected.
  /// - Precondition: `maximumByteCount >= 0`.
  /// - Complexity: O(*n*) in the bytes read and unpacked.
  public static func decompress(
    _ bytes: [UInt8], maximumByteCount: Int = defaultMaximumByteCount
  ) throws(GzipError) -> [UInt8] {
    precondition(maximumByteCount >= 0, "a count of bytes is not negative")
    return try bytes.withUnsafeBufferPointer { (buffer) throws(GzipError) in
      var file = GzipFile(bytes: UnsafeRawBufferPointer(buffer), maximumByteCount: maximumByteCount)
      try file.reserveStatedByteCount()
      repeat { try file.unpackMember() } while file.isAtMember
      guard file.rest.allSatisfy({ $0 == 0 }) else {
        throw .trailingBytes(offset: file.position, count: file.rest.count)
      }
      return file.contents
    }
  }

  /// Unpacks the beginning of a gzip file, to see what the file holds before all of it is unpacked.
  ///
  /// Members may be empty or short. The next ones are then unpacked too, until there are enough bytes.
  ///
  /// - Parameters:
  ///   - bytes: The file, or as much of its beginning as the wanted bytes need.
  ///   - byteCount: The number of bytes that are wanted.
  /// - Returns: That many bytes of the contents, or all if there are fewer.
  /// - Throws: ``GzipError`` if the file is damaged, or cut, before the wanted bytes end.
  /// - Precondition: `byteCount >= 0`.
  /// - Complexity: O(byteCount) and the length of the members that hold these bytes, with less than a MiB of memory.
  public static func prefix(of bytes: [UInt8], byteCount: Int) throws(GzipError) -> [UInt8] {
    precondition(byteCount >= 0, "a count of bytes is not negative")
    return try bytes.withUnsafeBufferPointer { (buffer) throws(GzipError) in
      // A piece that exceeds the limit is not kept, so the limit leaves room for one piece more than wanted.
      var file = GzipFile(
        bytes: UnsafeRawBufferPointer(buffer), maximumByteCount: byteCount + DeflateStream.pieceByteCount)
      do throws(GzipError) {
        repeat { try file.unpackMember() } while file.contents.count < byteCount && file.isAtMember
      } catch {
        switch error {
        case .tooLarge: break
        case .cut where file.contents.count >= byteCount: break
        default: throw error
        }
      }
      return Array(file.contents.prefix(byteCount))
    }
  }

  /// Packs bytes as a gzip file of one member.
  ///
  /// The result depends on nothing but the arguments and the version of zlib: the modification time is 0 ("none") and
  /// the operating system 255 ("unknown").
  ///
  /// - Parameters:
  ///   - bytes: The contents.
  ///   - level: The compression level, from 0 (stored) over 1 (fastest) to 9 (smallest).
  ///   - fileName: The name to store for the unpacked file, none by default. It is written as UTF-8, as gzip programs
  ///     do on today's systems.
  /// - Precondition: `level` is in `0...9`, and `fileName` has no zero character.
  /// - Complexity: O(*n*) in the bytes packed.
  public static func compress(_ bytes: [UInt8], level: Int = 6, fileName: String? = nil) -> [UInt8] {
    let stream = DeflateStream(.compress(level: level))
    let effort: UInt8 = level == 9 ? 2 : level == 1 ? 4 : 0
    var file = signature + [deflateMethod, fileName == nil ? 0 : Flags.name, 0, 0, 0, 0, effort, 255]
    if let fileName {
      precondition(!fileName.utf8.contains(0), "a file name has no zero character")
      file += Array(fileName.utf8) + [0]
    }
    bytes.withUnsafeBytes { buffer in
      stream.compress(buffer, isLast: true) { file.append(contentsOf: $0) }
      let checksum = CZlib_crc32(0, buffer.baseAddress, buffer.count)
      file += littleEndian(checksum, UInt32(truncatingIfNeeded: buffer.count))
    }
    return file
  }

  fileprivate static let signature: [UInt8] = [0x1F, 0x8B]
  /// The only compression method there is.
  fileprivate static let deflateMethod: UInt8 = 8

  fileprivate enum Flags {
    static let headerChecksum: UInt8 = 0x02
    static let extra: UInt8 = 0x04
    static let name: UInt8 = 0x08
    static let comment: UInt8 = 0x10
    static let reserved: UInt8 = 0xE0
  }
}

/// A gzip file that is being unpacked.
private struct GzipFile {
  private static let fixedHeaderByteCount = 10
  private static let trailerByteCount = 8

  let bytes: UnsafeRawBufferPointer
  let maximumByteCount: Int
  private(set) var contents: [UInt8] = []
  private(set) var position = 0
  private let stream = DeflateStream(.decompress)

  var rest: Slice<UnsafeRawBufferPointer> { bytes[position...] }
  var isAtMember: Bool { Gzip.isGzip(rest) }

  /// Reserves memory for the length in the file's last four bytes: that of its last member, modulo 2^32, if nothing
  /// follows it.
  mutating func reserveStatedByteCount() throws(GzipError) {
    guard bytes.count >= Self.fixedHeaderByteCount + Self.trailerByteCount else { return }
    let stated = Int(bytes.littleEndian(UInt32.self, at: bytes.count - 4))
    let expected = min(stated, bytes.count * 16, maximumByteCount)
    if let error = AvailableMemory.shortage(of: expected) { throw .memory(offset: 0, error) }
    contents.reserveCapacity(expected)
  }

  /// Unpacks the member at the position, and moves to its end.
  mutating func unpackMember() throws(GzipError) {
    try skipHeader()
    let (checksum, length) = try inflate()
    let trailer = position
    try advance(by: Self.trailerByteCount, in: .trailer)
    let storedChecksum = bytes.littleEndian(UInt32.self, at: trailer)
    guard storedChecksum == checksum else {
      throw .checksum(offset: trailer, expected: checksum, found: storedChecksum)
    }
    let storedLength = bytes.littleEndian(UInt32.self, at: trailer + 4)
    guard storedLength == length else {
      throw .length(offset: trailer + 4, expected: length, found: storedLength)
    }
  }

  /// Checks what is before a member's compressed data (RFC 1952, section 2.3), and moves behind it.
  private mutating func skipHeader() throws(GzipError) {
    let start = position
    guard !rest.isEmpty, rest.prefix(2).elementsEqual(Gzip.signature.prefix(rest.count)) else {
      throw .notGzip(found: Array(rest.prefix(16)))
    }
    try advance(by: Self.fixedHeaderByteCount, in: .header)
    let (method, flags) = (bytes[start + 2], bytes[start + 3])
    if method != Gzip.deflateMethod { throw .unknownMethod(offset: start + 2, found: method) }
    if flags & Gzip.Flags.reserved != 0 { throw .reservedFlags(offset: start + 3, found: flags) }
    if flags & Gzip.Flags.extra != 0 {
      try advance(by: 2, in: .header)
      try advance(by: Int(bytes.littleEndian(UInt16.self, at: position - 2)), in: .header)
    }
    for text in [Gzip.Flags.name, Gzip.Flags.comment] where flags & text != 0 {
      guard let zero = rest.firstIndex(of: 0) else {
        throw .cut(part: .header, expectedAtLeast: bytes.count + 1, found: bytes.count)
      }
      position = zero + 1
    }
    if flags & Gzip.Flags.headerChecksum != 0 {
      let offset = position
      try advance(by: 2, in: .header)
      let header = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
      let expected = UInt16(truncatingIfNeeded: CZlib_crc32(0, header.baseAddress, header.count))
      let found = bytes.littleEndian(UInt16.self, at: offset)
      if found != expected { throw .headerChecksum(offset: offset, expected: expected, found: found) }
    }
  }

  private mutating func advance(by count: Int, in part: GzipError.Part) throws(GzipError) {
    guard rest.count >= count else {
      throw .cut(part: part, expectedAtLeast: position + count, found: bytes.count)
    }
    position += count
  }

  /// Unpacks a member's compressed data, and moves to its end.
  ///
  /// - Returns: The CRC-32 of what was unpacked, and its length modulo 2^32.
  private mutating func inflate() throws(GzipError) -> (checksum: UInt32, length: UInt32) {
    stream.restart()
    var checksum: UInt32 = 0
    let countBefore = contents.count
    while true {
      let step = stream.next(UnsafeRawBufferPointer(rebasing: rest))
      position += step.consumedByteCount
      guard step.output.count <= maximumByteCount - contents.count else {
        throw .tooLarge(offset: position, maximumByteCount: maximumByteCount)
      }
      checksum = CZlib_crc32(checksum, step.output.baseAddress, step.output.count)
      let needed = AvailableMemory.growth(of: contents, appending: step.output.count)
      if let error = AvailableMemory.shortage(of: needed) { throw .memory(offset: position, error) }
      contents.append(contentsOf: step.output)
      switch step.status {
      case .unfinished: continue
      case .finished: return (checksum, UInt32(truncatingIfNeeded: contents.count - countBefore))
      case .needsInput:
        throw .cut(
          part: .compressedData, expectedAtLeast: bytes.count + 1 + Self.trailerByteCount, found: bytes.count)
      case .damaged(let reason): throw .invalidData(offset: position, reason: reason)
      }
    }
  }
}
