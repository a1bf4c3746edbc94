/// What stands before an entry's data (APPNOTE.TXT, section 4.3.7): mostly what the directory says too.
struct LocalHeader {
  static let fixedByteCount = 30

  /// Where the data begins.
  let dataOffset: Int

  /// Reads an entry's header, and the descriptor after its data if there is one, and checks that they agree with the
  /// directory and that all of it fits before what follows.
  init(of entry: ZipEntry, in source: ZipSource) throws {
    let start = entry.headerOffset
    func failure(_ problem: ZipError.Problem, _ place: Int) -> ZipError {
      ZipError(problem, at: start + place, entry: entry.name)
    }
    let fixed = try source.bytes(of: .localHeader, at: start, count: Self.fixedByteCount, entry: entry.name)
    func require(_ name: String, _ place: Int, _ expected: some UnsignedInteger, _ found: some UnsignedInteger) throws {
      guard found == expected else {
        throw failure(.field(name: name, expected: UInt64(expected), found: UInt64(found)), place)
      }
    }
    let signature = fixed.littleEndian(UInt32.self, at: 0)
    guard signature == RecordSignature.localHeader else {
      throw failure(.signature(part: .localHeader, expected: RecordSignature.localHeader, found: signature), 0)
    }
    let flags = fixed.littleEndian(UInt16.self, at: 6)
    let compared = ~(EntryFlags.compressionHints | EntryFlags.dataDescriptor)
    try require("local header's flags", 6, entry.flags & compared, flags & compared)
    try require("local header's method", 8, entry.method.rawValue, fixed.littleEndian(UInt16.self, at: 8))
    let nameByteCount = Int(fixed.littleEndian(UInt16.self, at: 26))
    try require("length of the local header's name", 26, UInt(entry.nameBytes.count), UInt(nameByteCount))
    let extraByteCount = Int(fixed.littleEndian(UInt16.self, at: 28))
    let variable = try source.bytes(
      of: .localHeader, at: start + Self.fixedByteCount, count: nameByteCount + extraByteCount, entry: entry.name)
    guard variable.starts(with: entry.nameBytes) else {
      throw failure(.invalidName(reason: "is another one in the local header"), Self.fixedByteCount)
    }
    let extra = Array(variable.dropFirst(nameByteCount))
    guard Zip64Field.isSound(extra) else { throw failure(.extraField, Self.fixedByteCount + nameByteCount) }

    // A header that was written before the data may have 0 for what was not known then.
    let hasDescriptor = flags & EntryFlags.dataDescriptor != 0
    var large = Zip64Field(among: extra)
    let isLarge = large != nil
    func requireKnown(_ name: String, _ place: Int, _ expected: UInt64) throws {
      let small = fixed.littleEndian(UInt32.self, at: place)
      let found = small == Sentinel.size && place > 14 ? large?.next(UInt64.self) ?? UInt64(small) : UInt64(small)
      if !hasDescriptor || found != 0 { try require(name, place, expected, found) }
    }
    try requireKnown("local header's CRC-32", 14, UInt64(entry.checksum))
    try requireKnown("local header's size", 22, UInt64(entry.byteCount))
    try requireKnown("local header's compressed size", 18, UInt64(entry.compressedByteCount))

    dataOffset = start + Self.fixedByteCount + variable.count
    let end = dataOffset + entry.compressedByteCount
    guard end <= entry.limit else {
      throw ZipError(.cut(part: .data, expected: end, found: entry.limit), at: dataOffset, entry: entry.name)
    }
    if hasDescriptor { try Self.checkDescriptor(of: entry, at: end, isLarge: isLarge, in: source) }
  }

  /// Checks the descriptor after an entry's data. It comes with or without a signature; that its sizes have 64 bits
  /// is said by a zip64 field in the header, which some programs leave out.
  private static func checkDescriptor(
    of entry: ZipEntry, at offset: Int, isLarge: Bool, in source: ZipSource
  ) throws {
    let place = min(24, entry.limit - offset)
    let found = try source.bytes(of: .dataDescriptor, at: offset, count: place, entry: entry.name)
    for large in [isLarge, !isLarge] {
      guard let numbers = descriptor(of: entry, isLarge: large) else { continue }
      var signature: [UInt8] = []
      signature.append(littleEndian: RecordSignature.dataDescriptor)
      if found.starts(with: signature + numbers) || found.starts(with: numbers) { return }
    }
    guard place >= 4 else {
      throw ZipError(
        .cut(part: .dataDescriptor, expected: offset + 12, found: entry.limit), at: offset, entry: entry.name)
    }
    let problem = ZipError.Problem.signature(
      part: .dataDescriptor, expected: RecordSignature.dataDescriptor, found: found.littleEndian(UInt32.self, at: 0))
    throw ZipError(problem, at: offset, entry: entry.name)
  }

  /// An entry's checksum and sizes; nil if they need 64 bits and shall not have them.
  private static func descriptor(of entry: ZipEntry, isLarge: Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: entry.checksum)
    for size in [entry.compressedByteCount, entry.byteCount] {
      if isLarge {
        bytes.append(littleEndian: UInt64(size))
      } else {
        guard let size = UInt32(exactly: size) else { return nil }
        bytes.append(littleEndian: size)
      }
    }
    return bytes
  }
}
