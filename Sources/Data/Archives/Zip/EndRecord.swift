/// What the archive's end says: where the directory lies, and how many entries it has.
///
/// The format is that of PKWARE's APPNOTE.TXT, sections 4.3.14 to 4.3.16.
struct EndRecord {
  private static let byteCount = 22
  private static let maximumCommentByteCount = Int(UInt16.max)

  let entryCount: Int
  let directoryOffset: Int
  let directoryByteCount: Int

  /// Finds the end record, which a comment may follow, and checks that the directory ends where it begins.
  init(of source: ZipSource) throws {
    let (record, offset) = try Self.find(in: source)
    let disk = record.littleEndian(UInt16.self, at: 4)
    let directoryDisk = record.littleEndian(UInt16.self, at: 6)
    let countHere = record.littleEndian(UInt16.self, at: 8)
    let count = record.littleEndian(UInt16.self, at: 10)
    let size = record.littleEndian(UInt32.self, at: 12)
    let start = record.littleEndian(UInt32.self, at: 16)

    let large = try Zip64End(of: source, before: offset)
    let fields: [(name: String, small: UInt64, sentinel: UInt64, large: UInt64?, place: Int)] = [
      ("disk number", UInt64(disk), UInt64(Sentinel.count), large?.disk, 4),
      ("directory's disk number", UInt64(directoryDisk), UInt64(Sentinel.count), large?.directoryDisk, 6),
      ("number of entries on this disk", UInt64(countHere), UInt64(Sentinel.count), large?.countHere, 8),
      ("number of entries", UInt64(count), UInt64(Sentinel.count), large?.count, 10),
      ("directory's size", UInt64(size), UInt64(Sentinel.size), large?.size, 12),
      ("directory's offset", UInt64(start), UInt64(Sentinel.size), large?.start, 16),
    ]
    for case (let name, let small, let sentinel, let large?, let place) in fields
    where small != sentinel && small != large {
      throw ZipError(.field(name: name, expected: large, found: small), at: offset + place)
    }
    let values = fields.map { $0.large ?? $0.small }
    func require(_ index: Int, _ expected: UInt64) throws {
      guard values[index] != expected else { return }
      let problem = ZipError.Problem.field(name: fields[index].name, expected: expected, found: values[index])
      throw ZipError(problem, at: offset + fields[index].place)
    }
    try require(0, 0)
    try require(1, 0)
    try require(2, values[3])
    // The directory reaches exactly to what follows it.
    let end = UInt64(large?.offset ?? offset)
    guard values[4] <= end else {
      throw ZipError(.field(name: fields[4].name, expected: end, found: values[4]), at: offset + 12)
    }
    try require(5, end - values[4])
    guard values[3] <= values[4] / UInt64(DirectoryEntry.fixedByteCount) else {
      let most = values[4] / UInt64(DirectoryEntry.fixedByteCount)
      throw ZipError(.field(name: fields[3].name, expected: most, found: values[3]), at: offset + 10)
    }
    entryCount = Int(values[3])
    directoryByteCount = Int(values[4])
    directoryOffset = Int(values[5])
  }

  /// The record is the last one in the file whose comment ends with the file.
  private static func find(in source: ZipSource) throws -> (record: [UInt8], offset: Int) {
    let tailByteCount = min(source.byteCount, byteCount + maximumCommentByteCount)
    let tailOffset = source.byteCount - tailByteCount
    let tail = try source.bytes(of: .end, at: tailOffset, count: tailByteCount)
    var position = tail.count - byteCount
    while position >= 0 {
      // The first byte alone rules out nearly all places.
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
}
