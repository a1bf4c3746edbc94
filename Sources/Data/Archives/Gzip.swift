private import CZlib
private import Memory

/// A namespace for functions that pack and unpack gzip files (RFC 1952) in memory.
///
/// ```swift
/// let packed = Gzip.compress(Array("digits".utf8))
/// Gzip.isGzip(packed)  // true
/// try Gzip.decompress(packed)  // the six bytes of "digits"
/// ```
///
/// A gzip file consists of one or more members. Unpacking verifies the header, the checksum and the length of every
/// member.
public enum Gzip {
  /// The largest number of bytes that ``decompress(_:maximumByteCount:)`` unpacks by default: 2 GiB.
  ///
  /// The limit is several times the size of the largest file in the MNIST family.
  public static let defaultMaximumByteCount = 1 << 31

  /// Returns whether bytes begin with the gzip signature, `1F 8B`. Only the first two bytes are read.
  public static func isGzip(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: signature)
  }

  /// Unpacks a gzip file and joins the contents of its members.
  ///
  /// Zero bytes after the last member are ignored, because tapes and block devices pad files with zeros. The gzip
  /// program also ignores zero bytes after the last member. Any other bytes after the last member are an error.
  ///
  /// The method reserves memory for the length that the file states, but never more than 16 times the file's size.
  /// After unpacking, the method compares the stated length with the length of the contents.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - maximumByteCount: The largest number of bytes to unpack. Longer contents are an error. Bytes beyond the limit
  ///     are never stored.
  /// - Returns: The contents of all members.
  /// - Throws: ``GzipError`` with the offset of the error and the expected value.
  /// - Precondition: `maximumByteCount >= 0`.
  /// - Complexity: O(*n*) in the number of bytes read and unpacked.
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

  /// Unpacks only the first bytes of a gzip file's contents.
  ///
  /// The caller can check the first bytes before unpacking the whole file. If a member holds too few bytes, the next
  /// members are unpacked too.
  ///
  /// - Parameters:
  ///   - bytes: The whole file, or a first part of the file that is long enough to hold the wanted bytes.
  ///   - byteCount: The number of unpacked bytes to return.
  /// - Returns: The first `byteCount` bytes of the contents, or all contents if they are shorter.
  /// - Throws: ``GzipError`` if the file is damaged or cut off before the end of the wanted bytes.
  /// - Precondition: `byteCount >= 0`.
  /// - Complexity: O(*n*) in `byteCount` plus the packed size of the members that hold the wanted bytes. Besides the
  ///   result, unpacking needs less than 1 MiB of memory.
  public static func prefix(of bytes: [UInt8], byteCount: Int) throws(GzipError) -> [UInt8] {
    precondition(byteCount >= 0, "a count of bytes is not negative")
    return try bytes.withUnsafeBufferPointer { (buffer) throws(GzipError) in
      // Unpacking drops a piece that exceeds the limit, so the limit is one piece larger than the wanted bytes.
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
  /// The result depends only on the arguments and on the version of zlib. The header states 0 ("none") as the
  /// modification time and 255 ("unknown") as the operating system.
  ///
  /// - Parameters:
  ///   - bytes: The contents.
  ///   - level: The compression level from 0 to 9. Level 0 does not compress, level 1 is fastest, and level 9 gives the
  ///     smallest file.
  ///   - fileName: The name of the unpacked file. The header stores the name as UTF-8, like gzip programs on current
  ///     systems. By default, no name is stored.
  /// - Precondition: `level` is in `0...9`, and `fileName` contains no zero character.
  /// - Complexity: O(*n*) in the number of bytes packed.
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
  /// The number of deflate, which is the only compression method of the format.
  fileprivate static let deflateMethod: UInt8 = 8

  fileprivate enum Flags {
    static let headerChecksum: UInt8 = 0x02
    static let extra: UInt8 = 0x04
    static let name: UInt8 = 0x08
    static let comment: UInt8 = 0x10
    static let reserved: UInt8 = 0xE0
  }
}

/// The state of unpacking a gzip file: the bytes of the file, the current position, and the contents unpacked so far.
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

  /// Reserves memory for the length that the file's last four bytes state.
  ///
  /// If no padding follows the last member, the last four bytes are the length of this member's contents modulo 2^32.
  mutating func reserveStatedByteCount() throws(GzipError) {
    guard bytes.count >= Self.fixedHeaderByteCount + Self.trailerByteCount else { return }
    let stated = Int(bytes.littleEndian(UInt32.self, at: bytes.count - 4))
    let expected = min(stated, bytes.count * 16, maximumByteCount)
    if let error = AvailableMemory.shortage(of: expected) { throw .memory(offset: 0, error) }
    contents.reserveCapacity(expected)
  }

  /// Unpacks and checks the member at the current position, and moves the position to the end of the member.
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

  /// Checks the header of a member (RFC 1952, section 2.3), and moves the position to the compressed data.
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

  /// Unpacks the compressed data of a member, and moves the position to the end of the data.
  ///
  /// - Returns: The CRC-32 of the member's contents, and the length of the contents modulo 2^32.
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
