// This file reads and checks the records of a zip archive, which PKWARE's APPNOTE.TXT defines. `ZipWriter` writes the
// records with the constants in this file.

/// The signatures of all kinds of records. A signature is the first four bytes of a record as a little-endian number.
enum RecordSignature {
  static let localHeader: UInt32 = 0x0403_4B50
  static let dataDescriptor: UInt32 = 0x0807_4B50
  static let directoryEntry: UInt32 = 0x0201_4B50
  static let zip64End: UInt32 = 0x0606_4B50
  static let zip64Locator: UInt32 = 0x0706_4B50
  static let end: UInt32 = 0x0605_4B50
}

/// The values of ordinary fields that mean "see the zip64 field". A zip64 field holds a number that is too large for
/// the ordinary field.
enum Sentinel {
  static let count = UInt16.max
  static let size = UInt32.max
}

/// The offset, the size and the entry count of the directory, as the end records state them (APPNOTE.TXT, sections
/// 4.3.14 to 4.3.16).
struct EndRecord {
  private static let byteCount = 22
  private static let maximumCommentByteCount = Int(UInt16.max)
  private static let zip64ByteCount = 56
  private static let locatorByteCount = 20
  /// The name and the offset of each number in the end record. The zip64 end record has the same numbers in the same
  /// order.
  private static let fields = [
    ("disk number", 4), ("directory's disk number", 6), ("number of entries on this disk", 8),
    ("number of entries", 10), ("directory's size", 12), ("directory's offset", 16),
  ]

  let entryCount: Int
  let directoryOffset: Int
  let directoryByteCount: Int

  /// Finds the end record and checks its numbers. The directory must end where the first end record begins.
  ///
  /// A comment may follow the end record.
  init(of source: ZipSource) throws {
    let (record, offset) = try Self.find(in: source)
    func failure(_ field: Int, expected: UInt64, found: UInt64) -> ZipError {
      let (name, place) = Self.fields[field]
      return ZipError(.field(name: name, expected: expected, found: found), at: offset + place)
    }
    let widths = [2, 2, 2, 2, 4, 4]
    var values = record.littleEndianNumbers(ofByteCounts: widths, at: 4)
    // The directory must end exactly where the first end record begins.
    var end = offset
    if let large = try Self.zip64Record(in: source, before: offset) {
      for (field, small) in values.enumerated()
      where small != UInt64.max >> (64 - 8 * widths[field]) && small != large.values[field] {
        throw failure(field, expected: large.values[field], found: small)
      }
      (values, end) = large
    }
    let (entryCount, size) = (values[3], values[4])
    for (field, expected) in [(0, 0), (1, 0), (2, entryCount)] where values[field] != expected {
      throw failure(field, expected: expected, found: values[field])
    }
    guard size <= end else { throw failure(4, expected: UInt64(end), found: size) }
    let start = UInt64(end) - size
    guard values[5] == start else { throw failure(5, expected: start, found: values[5]) }
    let maximumEntryCount = size / UInt64(ZipEntry.fixedDirectoryByteCount)
    guard entryCount <= maximumEntryCount else {
      throw failure(3, expected: maximumEntryCount, found: entryCount)
    }
    self.entryCount = Int(entryCount)
    directoryByteCount = Int(size)
    directoryOffset = Int(start)
  }

  /// Finds the end record. A comment may follow the end record.
  ///
  /// The comment must end exactly at the end of the file. If several records meet this condition, the last of these
  /// records is used.
  private static func find(in source: ZipSource) throws -> (record: [UInt8], offset: Int) {
    let tailByteCount = min(source.byteCount, byteCount + maximumCommentByteCount)
    let tailOffset = source.byteCount - tailByteCount
    let tail = try source.bytes(of: .end, at: tailOffset, count: tailByteCount)
    var position = tail.count - byteCount
    while position >= 0 {
      // Testing only the first byte is fast and excludes nearly all positions.
      if tail[position] == 0x50, tail.littleEndian(UInt32.self, at: position) == RecordSignature.end,
        position + byteCount + Int(tail.littleEndian(UInt16.self, at: position + 20)) == tail.count
      {
        return (Array(tail[position..<(position + byteCount)]), tailOffset + position)
      }
      position -= 1
    }
    let beginning = try source.bytes(of: .localHeader, at: 0, count: min(16, source.byteCount))
    if beginning.starts(with: [0x50, 0x4B]) {
      throw ZipError(.endMissing(found: source.byteCount), at: source.byteCount)
    }
    throw ZipError(.notZip(found: beginning), at: 0)
  }

  /// Reads the zip64 end record; returns nil if the archive has no zip64 locator.
  ///
  /// The locator must be directly before the ordinary end record.
  private static func zip64Record(in source: ZipSource, before end: Int) throws -> (values: [UInt64], offset: Int)? {
    let locatorOffset = end - locatorByteCount
    guard locatorOffset >= 0 else { return nil }
    let locator = try source.bytes(of: .zip64Locator, at: locatorOffset, count: locatorByteCount)
    guard locator.littleEndian(UInt32.self, at: 0) == RecordSignature.zip64Locator else { return nil }
    func failure(_ name: String, expected: Int, found: some UnsignedInteger, at offset: Int) -> ZipError {
      ZipError(.field(name: name, expected: UInt64(expected), found: UInt64(found)), at: offset)
    }
    let disk = locator.littleEndian(UInt32.self, at: 4)
    guard disk == 0 else {
      throw failure("zip64 end record's disk number", expected: 0, found: disk, at: locatorOffset + 4)
    }
    let diskCount = locator.littleEndian(UInt32.self, at: 16)
    guard diskCount <= 1 else {
      throw failure("number of disks", expected: 1, found: diskCount, at: locatorOffset + 16)
    }
    let stated = locator.littleEndian(UInt64.self, at: 8)
    guard let offset = Int(exactly: stated), offset <= locatorOffset else {
      let expected = max(0, locatorOffset - zip64ByteCount)
      throw failure("zip64 end record's offset", expected: expected, found: stated, at: locatorOffset + 8)
    }
    guard zip64ByteCount <= locatorOffset - offset else {
      throw ZipError(.cut(part: .zip64End, expected: offset + zip64ByteCount, found: locatorOffset), at: offset)
    }

    let record = try source.bytes(of: .zip64End, at: offset, count: zip64ByteCount)
    try record.checkSignature(RecordSignature.zip64End, of: .zip64End, at: offset)
    // The stored size excludes the first 12 bytes, which are the signature and the size field.
    let (expected, found) = (locatorOffset - offset - 12, record.littleEndian(UInt64.self, at: 4))
    guard found == UInt64(expected) else {
      throw failure("zip64 end record's size", expected: expected, found: found, at: offset + 4)
    }
    return (record.littleEndianNumbers(ofByteCounts: [4, 4, 8, 8, 8, 8], at: 16), offset)
  }
}

// The reading of one record of the central directory (APPNOTE.TXT, section 4.3.12).
extension ZipEntry {
  static let fixedDirectoryByteCount = 46

  /// Reads the record at a position of the directory, and moves the position to the next record.
  ///
  /// - Parameter directoryOffset: The offset of the directory in the archive.
  init(parsing directory: [UInt8], at position: inout Int, directoryOffset: Int) throws {
    let start = position
    let offset = directoryOffset + start
    func checkLength(_ byteCount: Int) throws {
      guard directory.count - start >= byteCount else {
        let limit = directoryOffset + directory.count
        throw ZipError(.cut(part: .directoryEntry, expected: offset + byteCount, found: limit), at: offset)
      }
    }
    func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, _ place: Int) -> Number {
      directory.littleEndian(type, at: start + place)
    }
    try checkLength(Self.fixedDirectoryByteCount)
    try directory.checkSignature(
      RecordSignature.directoryEntry, of: .directoryEntry, at: offset, position: start)
    let nameEnd = Self.fixedDirectoryByteCount + Int(number(UInt16.self, 28))
    let extraEnd = nameEnd + Int(number(UInt16.self, 30))
    let recordByteCount = extraEnd + Int(number(UInt16.self, 32))
    try checkLength(recordByteCount)

    let flags = number(UInt16.self, 8)
    let nameBytes = Array(directory[(start + Self.fixedDirectoryByteCount)..<(start + nameEnd)])
    guard let name = Self.name(nameBytes, isUTF8: flags & EntryFlags.utf8 != 0) else {
      throw ZipError(.invalidName(reason: "is not valid UTF-8"), at: offset + Self.fixedDirectoryByteCount)
    }
    func failure(_ problem: ZipError.Problem, _ place: Int) -> ZipError {
      ZipError(problem, at: offset + place, entry: name)
    }
    if let fault = Self.fault(inName: name) {
      throw failure(.invalidName(reason: fault), Self.fixedDirectoryByteCount)
    }
    if flags & (EntryFlags.encrypted | EntryFlags.otherEncryption) != 0 { throw failure(.encrypted, 8) }
    if flags & ~EntryFlags.known != 0 { throw failure(.unknownFlags(found: flags), 8) }
    guard let method = Method(rawValue: number(UInt16.self, 10)) else {
      throw failure(.unknownMethod(found: number(UInt16.self, 10)), 10)
    }

    let noNumber = failure(.extraField, nameEnd)
    var large = try Zip64Field(among: directory[(start + nameEnd)..<(start + extraEnd)], orThrow: noNumber)
    func size(_ place: Int) throws -> UInt64 {
      let small = number(UInt32.self, place)
      guard small == Sentinel.size else { return UInt64(small) }
      guard let number = large?.next(UInt64.self) else { throw noNumber }
      return number
    }
    let statedByteCount = try size(24)
    let statedCompressedByteCount = try size(20)
    let statedHeaderOffset = try size(42)
    let smallDisk = number(UInt16.self, 34)
    let disk = smallDisk == Sentinel.count ? large?.next(UInt32.self) ?? UInt32(smallDisk) : UInt32(smallDisk)
    guard disk == 0 else { throw failure(.field(name: "disk number", expected: 0, found: UInt64(disk)), 34) }

    // The next checks ensure that no offset and no size exceeds the directory's offset. Later sums therefore cannot
    // overflow.
    guard let headerOffset = Int(exactly: statedHeaderOffset), headerOffset < directoryOffset else {
      throw failure(.overflow(field: "local header's offset", found: statedHeaderOffset), 42)
    }
    guard let compressedByteCount = Int(exactly: statedCompressedByteCount), compressedByteCount <= directoryOffset
    else { throw failure(.overflow(field: "compressed size", found: statedCompressedByteCount), 20) }
    // Stored contents have the same packed and unpacked size. Deflate data unpacks to at most 1032 times its size,
    // because 2 bits can stand for 258 bytes.
    if method == .stored {
      guard statedByteCount == UInt64(compressedByteCount) else {
        let expected = UInt64(compressedByteCount)
        throw failure(.field(name: "size of a stored entry", expected: expected, found: statedByteCount), 24)
      }
    } else {
      guard statedByteCount <= Int.max, statedByteCount / 1032 <= UInt64(compressedByteCount) else {
        throw failure(.impossibleLength(compressedByteCount: compressedByteCount, found: statedByteCount), 24)
      }
    }
    self.init(
      name: name, method: method, byteCount: Int(statedByteCount), compressedByteCount: compressedByteCount,
      checksum: number(UInt32.self, 16), nameBytes: nameBytes, flags: flags, headerOffset: headerOffset,
      limit: directoryOffset)
    position += recordByteCount
  }
}

// The reading of the local header and the data descriptor (APPNOTE.TXT, sections 4.3.7 and 4.3.9). Both records mostly
// repeat values of the directory.
extension ZipEntry {
  static let fixedHeaderByteCount = 30

  /// Checks the local header and the optional data descriptor, and returns the offset of the entry's data.
  ///
  /// The local header and the data descriptor must agree with the directory. The header, the data and the descriptor
  /// must not extend beyond the entry's `limit`.
  ///
  /// - Throws: ``ZipError``, or an error from reading the archive.
  func dataOffset(in source: ZipSource) throws -> Int {
    let start = headerOffset
    func failure(_ problem: ZipError.Problem, _ place: Int) -> ZipError {
      ZipError(problem, at: start + place, entry: name)
    }
    let fixed = try source.bytes(of: .localHeader, at: start, count: Self.fixedHeaderByteCount, entry: name)
    func require(_ name: String, _ place: Int, _ expected: some UnsignedInteger, _ found: some UnsignedInteger) throws {
      guard found == expected else {
        throw failure(.field(name: name, expected: UInt64(expected), found: UInt64(found)), place)
      }
    }
    try fixed.checkSignature(RecordSignature.localHeader, of: .localHeader, at: start, entry: name)
    let headerFlags = fixed.littleEndian(UInt16.self, at: 6)
    let compared = ~(EntryFlags.compressionHints | EntryFlags.dataDescriptor)
    try require("local header's flags", 6, flags & compared, headerFlags & compared)
    try require("local header's method", 8, method.rawValue, fixed.littleEndian(UInt16.self, at: 8))
    let nameByteCount = Int(fixed.littleEndian(UInt16.self, at: 26))
    try require("length of the local header's name", 26, UInt(nameBytes.count), UInt(nameByteCount))
    let extraByteCount = Int(fixed.littleEndian(UInt16.self, at: 28))
    let variable = try source.bytes(
      of: .localHeader, at: start + Self.fixedHeaderByteCount, count: nameByteCount + extraByteCount, entry: name)
    guard variable.starts(with: nameBytes) else {
      throw failure(.invalidName(reason: "differs from the name in the local header"), Self.fixedHeaderByteCount)
    }
    var large = try Zip64Field(
      among: variable.dropFirst(nameByteCount),
      orThrow: failure(.extraField, Self.fixedHeaderByteCount + nameByteCount))
    let isLarge = large != nil

    // If a data descriptor follows, the local header may hold 0 instead of the checksum or a size.
    let hasDescriptor = headerFlags & EntryFlags.dataDescriptor != 0
    func requireKnown(_ name: String, _ place: Int, _ expected: UInt64) throws {
      let small = fixed.littleEndian(UInt32.self, at: place)
      let found = small == Sentinel.size && place > 14 ? large?.next(UInt64.self) ?? UInt64(small) : UInt64(small)
      if !hasDescriptor || found != 0 { try require(name, place, expected, found) }
    }
    try requireKnown("local header's CRC-32", 14, UInt64(checksum))
    try requireKnown("local header's size", 22, UInt64(byteCount))
    try requireKnown("local header's compressed size", 18, UInt64(compressedByteCount))

    let dataOffset = start + Self.fixedHeaderByteCount + variable.count
    let end = dataOffset + compressedByteCount
    guard end <= limit else {
      throw ZipError(.cut(part: .data, expected: end, found: limit), at: dataOffset, entry: name)
    }
    if hasDescriptor { try checkDescriptor(at: end, isLarge: isLarge, in: source) }
    return dataOffset
  }

  /// Checks the data descriptor after the entry's data. The descriptor may begin with a signature.
  ///
  /// If the local header has a zip64 field, the sizes in the descriptor have 64 bits. Some programs omit the zip64
  /// field, so sizes of 32 and of 64 bits are both accepted.
  private func checkDescriptor(at offset: Int, isLarge: Bool, in source: ZipSource) throws {
    let place = min(24, limit - offset)
    let found = try source.bytes(of: .dataDescriptor, at: offset, count: place, entry: name)
    for large in [isLarge, !isLarge] {
      guard let numbers = descriptor(isLarge: large) else { continue }
      if found.starts(with: littleEndian(RecordSignature.dataDescriptor) + numbers) || found.starts(with: numbers) {
        return
      }
    }
    guard place >= 4 else {
      throw ZipError(.cut(part: .dataDescriptor, expected: offset + 12, found: limit), at: offset, entry: name)
    }
    let problem = ZipError.Problem.signature(
      part: .dataDescriptor, expected: RecordSignature.dataDescriptor, found: found.littleEndian(UInt32.self, at: 0))
    throw ZipError(problem, at: offset, entry: name)
  }
}

extension [UInt8] {
  /// Returns consecutive little-endian numbers with the given widths in bytes. The first number starts at `offset`.
  fileprivate func littleEndianNumbers(ofByteCounts byteCounts: [Int], at offset: Int) -> [UInt64] {
    var offset = offset
    return byteCounts.map { byteCount in
      defer { offset += byteCount }
      return self[offset..<(offset + byteCount)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// Checks that the record at `position` in the bytes begins with the expected signature.
  ///
  /// - Parameter offset: The offset of the record in the archive, for the error message.
  fileprivate func checkSignature(
    _ expected: UInt32, of part: ZipError.Part, at offset: Int, position: Int = 0, entry: String? = nil
  ) throws {
    let found = littleEndian(UInt32.self, at: position)
    guard found == expected else {
      throw ZipError(.signature(part: part, expected: expected, found: found), at: offset, entry: entry)
    }
  }
}
