/// What a ``ZipWriter`` puts at an archive's end.
struct ArchiveEnd {
  private static let versionForZip64: UInt16 = 45

  let entryCount: Int
  let directoryOffset: Int
  let directoryByteCount: Int

  func encoded(_ limits: Zip64Limits) -> [UInt8] {
    let sizes = [directoryByteCount, directoryOffset]
    let isLarge = entryCount >= limits.count || sizes.contains { $0 >= limits.size }
    var bytes = isLarge ? zip64Records : []
    bytes.append(littleEndian: RecordSignature.end)
    bytes.append(littleEndian: UInt32(0))  // The first disk, twice.
    let count = entryCount < limits.count ? UInt16(entryCount) : Sentinel.count
    bytes.append(littleEndian: count)
    bytes.append(littleEndian: count)
    for size in sizes { bytes.append(littleEndian: size < limits.size ? UInt32(size) : Sentinel.size) }
    bytes.append(littleEndian: UInt16(0))  // No comment.
    return bytes
  }

  private var zip64Records: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: RecordSignature.zip64End)
    bytes.append(littleEndian: UInt64(44))  // The record's size from here.
    bytes.append(littleEndian: Self.versionForZip64)
    bytes.append(littleEndian: Self.versionForZip64)
    bytes.append(littleEndian: UInt64(0))  // The first disk, twice.
    for number in [entryCount, entryCount, directoryByteCount, directoryOffset] {
      bytes.append(littleEndian: UInt64(number))
    }
    bytes.append(littleEndian: RecordSignature.zip64Locator)
    bytes.append(littleEndian: UInt32(0))  // The first disk.
    bytes.append(littleEndian: UInt64(directoryOffset + directoryByteCount))
    bytes.append(littleEndian: UInt32(1))  // Of one.
    return bytes
  }
}
