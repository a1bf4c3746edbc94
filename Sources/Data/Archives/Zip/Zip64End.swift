/// The end record for archives with sizes, offsets or counts that the ordinary one cannot hold.
struct Zip64End {
  private static let locatorByteCount = 20
  private static let fixedByteCount = 56

  /// Where the record begins.
  let offset: Int
  let disk: UInt64
  let directoryDisk: UInt64
  let countHere: UInt64
  let count: UInt64
  let size: UInt64
  let start: UInt64

  /// The record that a locator right before the ordinary end record leads to; nil if there is no locator.
  init?(of source: ZipSource, before end: Int) throws {
    let locatorOffset = end - Self.locatorByteCount
    guard locatorOffset >= 0 else { return nil }
    let locator = try source.bytes(of: .zip64Locator, at: locatorOffset, count: Self.locatorByteCount)
    guard locator.littleEndian(UInt32.self, at: 0) == RecordSignature.zip64Locator else { return nil }

    let disk = locator.littleEndian(UInt32.self, at: 4)
    guard disk == 0 else {
      throw ZipError(
        .field(name: "zip64 end record's disk number", expected: 0, found: UInt64(disk)), at: locatorOffset + 4)
    }
    let diskCount = locator.littleEndian(UInt32.self, at: 16)
    guard diskCount <= 1 else {
      throw ZipError(.field(name: "number of disks", expected: 1, found: UInt64(diskCount)), at: locatorOffset + 16)
    }
    let stated = locator.littleEndian(UInt64.self, at: 8)
    guard let offset = Int(exactly: stated), offset <= locatorOffset else {
      let problem = ZipError.Problem.field(
        name: "zip64 end record's offset", expected: UInt64(max(0, locatorOffset - Self.fixedByteCount)), found: stated)
      throw ZipError(problem, at: locatorOffset + 8)
    }
    guard Self.fixedByteCount <= locatorOffset - offset else {
      let end = offset + Self.fixedByteCount
      throw ZipError(.cut(part: .zip64End, expected: end, found: locatorOffset), at: offset)
    }

    let record = try source.bytes(of: .zip64End, at: offset, count: Self.fixedByteCount)
    let signature = record.littleEndian(UInt32.self, at: 0)
    guard signature == RecordSignature.zip64End else {
      let problem = ZipError.Problem.signature(part: .zip64End, expected: RecordSignature.zip64End, found: signature)
      throw ZipError(problem, at: offset)
    }
    // The size that is stored does not count the signature and itself.
    let (expected, found) = (UInt64(locatorOffset - offset - 12), record.littleEndian(UInt64.self, at: 4))
    guard found == expected else {
      throw ZipError(.field(name: "zip64 end record's size", expected: expected, found: found), at: offset + 4)
    }
    self.offset = offset
    self.disk = UInt64(record.littleEndian(UInt32.self, at: 16))
    directoryDisk = UInt64(record.littleEndian(UInt32.self, at: 20))
    countHere = record.littleEndian(UInt64.self, at: 24)
    count = record.littleEndian(UInt64.self, at: 32)
    size = record.littleEndian(UInt64.self, at: 40)
    start = record.littleEndian(UInt64.self, at: 48)
  }
}
