/// One record of the central directory (APPNOTE.TXT, section 4.3.12).
struct DirectoryEntry {
  static let fixedByteCount = 46

  let entry: ZipEntry
  /// How many bytes the record takes.
  let byteCount: Int

  /// Reads the record at a position of the directory, which lies at an offset in the archive.
  init(parsing directory: [UInt8], at position: Int, directoryOffset: Int) throws {
    let offset = directoryOffset + position
    func cut(_ byteCount: Int) -> ZipError {
      let limit = directoryOffset + directory.count
      return ZipError(.cut(part: .directoryEntry, expected: offset + byteCount, found: limit), at: offset)
    }
    guard directory.count - position >= Self.fixedByteCount else { throw cut(Self.fixedByteCount) }
    func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, _ place: Int) -> Number {
      directory.littleEndian(type, at: position + place)
    }
    let signature = number(UInt32.self, 0)
    guard signature == RecordSignature.directoryEntry else {
      let problem = ZipError.Problem.signature(
        part: .directoryEntry, expected: RecordSignature.directoryEntry, found: signature)
      throw ZipError(problem, at: offset)
    }
    let nameEnd = Self.fixedByteCount + Int(number(UInt16.self, 28))
    let extraEnd = nameEnd + Int(number(UInt16.self, 30))
    byteCount = extraEnd + Int(number(UInt16.self, 32))
    guard directory.count - position >= byteCount else { throw cut(byteCount) }

    let flags = number(UInt16.self, 8)
    let nameBytes = Array(directory[(position + Self.fixedByteCount)..<(position + nameEnd)])
    guard let name = EntryName.text(nameBytes, isUTF8: flags & EntryFlags.utf8 != 0) else {
      throw ZipError(.invalidName(reason: "is no UTF-8"), at: offset + Self.fixedByteCount)
    }
    func failure(_ problem: ZipError.Problem, _ place: Int) -> ZipError {
      ZipError(problem, at: offset + place, entry: name)
    }
    if let fault = EntryName.fault(name) { throw failure(.invalidName(reason: fault), Self.fixedByteCount) }
    if flags & (EntryFlags.encrypted | EntryFlags.otherEncryption) != 0 { throw failure(.encrypted, 8) }
    if flags & ~EntryFlags.known != 0 { throw failure(.unknownFlags(found: flags), 8) }
    guard let method = ZipEntry.Method(rawValue: number(UInt16.self, 10)) else {
      throw failure(.unknownMethod(found: number(UInt16.self, 10)), 10)
    }

    let extra = Array(directory[(position + nameEnd)..<(position + extraEnd)])
    guard Zip64Field.isSound(extra) else { throw failure(.extraField, nameEnd) }
    var large = Zip64Field(among: extra)
    func size(_ place: Int) throws -> UInt64 {
      let small = number(UInt32.self, place)
      guard small == Sentinel.size else { return UInt64(small) }
      guard let number = large?.next(UInt64.self) else { throw failure(.extraField, nameEnd) }
      return number
    }
    let statedByteCount = try size(24)
    let statedCompressedByteCount = try size(20)
    let statedHeaderOffset = try size(42)
    let smallDisk = number(UInt16.self, 34)
    let disk = smallDisk == Sentinel.count ? large?.next(UInt32.self) ?? UInt32(smallDisk) : UInt32(smallDisk)
    guard disk == 0 else { throw failure(.field(name: "disk number", expected: 0, found: UInt64(disk)), 34) }

    // Everything lies before the directory, so that no later sum can overflow.
    guard let headerOffset = Int(exactly: statedHeaderOffset), headerOffset < directoryOffset else {
      throw failure(.overflow(field: "local header's offset", found: statedHeaderOffset), 42)
    }
    guard let compressedByteCount = Int(exactly: statedCompressedByteCount), compressedByteCount <= directoryOffset
    else { throw failure(.overflow(field: "compressed size", found: statedCompressedByteCount), 20) }
    let byteCount = try Self.contentsByteCount(
      stated: statedByteCount, compressedByteCount: compressedByteCount, method: method
    ) { failure($0, 24) }
    entry = ZipEntry(
      name: name, method: method, byteCount: byteCount, compressedByteCount: compressedByteCount,
      checksum: number(UInt32.self, 16), nameBytes: nameBytes, flags: flags, headerOffset: headerOffset,
      limit: directoryOffset)
  }

  /// A length of contents that the data can have: stored, just its own; deflated, up to 1032 times that, when every
  /// two bits repeat 258 bytes.
  private static func contentsByteCount(
    stated: UInt64, compressedByteCount: Int, method: ZipEntry.Method, failure: (ZipError.Problem) -> ZipError
  ) throws -> Int {
    switch method {
    case .stored:
      guard stated == UInt64(compressedByteCount) else {
        throw failure(.field(name: "size of a stored entry", expected: UInt64(compressedByteCount), found: stated))
      }
    case .deflated:
      guard stated <= Int.max, stated / 1032 <= UInt64(compressedByteCount) else {
        throw failure(.impossibleLength(compressedByteCount: compressedByteCount, found: stated))
      }
    }
    return Int(stated)
  }
}

extension EntryFlags {
  fileprivate static let known = compressionHints | dataDescriptor | utf8
}
