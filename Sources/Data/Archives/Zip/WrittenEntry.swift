/// What a ``ZipWriter`` knows of an entry, and the records that say it.
struct WrittenEntry {
  private static let versionForDeflate: UInt16 = 20
  private static let versionForZip64: UInt16 = 45
  /// 1980-01-01, midnight.
  private static let date: UInt32 = 1 << 21 | 1 << 16
  /// Unix: to it, some programs take names for UTF-8, and unpack a file with the mode that is given.
  private static let system: UInt16 = 3 << 8

  private let nameBytes: [UInt8]
  private let method: ZipEntry.Method
  private let flags: UInt16
  private let headerOffset: Int
  private let byteCount: Int
  private let isLarge: Bool
  var checksum: UInt32
  var compressedByteCount: Int

  /// An entry whose data is still to come. With the checksum known, it is a stored one, and all is known.
  init(
    name: String, compression: ZipWriter.Compression, headerOffset: Int, byteCount: Int, knownChecksum: UInt32?,
    isLarge: Bool
  ) {
    nameBytes = Array(name.utf8)
    method = compression == .stored ? .stored : .deflated
    let isASCII = nameBytes.allSatisfy { $0 < 128 }
    flags = (isASCII ? 0 : EntryFlags.utf8) | (knownChecksum == nil ? EntryFlags.dataDescriptor : 0)
    self.headerOffset = headerOffset
    self.byteCount = byteCount
    self.isLarge = isLarge
    checksum = knownChecksum ?? 0
    compressedByteCount = knownChecksum == nil ? 0 : byteCount
  }

  var localHeader: [UInt8] {
    let isKnown = flags & EntryFlags.dataDescriptor == 0
    let sizes = [isKnown ? byteCount : 0, compressedByteCount]
    let extra = isLarge ? Zip64Field.encoded(sizes.map { UInt64($0) }) : []
    var bytes: [UInt8] = []
    bytes.append(littleEndian: RecordSignature.localHeader)
    bytes.append(littleEndian: isLarge ? Self.versionForZip64 : Self.versionForDeflate)
    appendCommonFields(to: &bytes)
    bytes.append(littleEndian: isLarge ? Sentinel.size : UInt32(sizes[1]))
    bytes.append(littleEndian: isLarge ? Sentinel.size : UInt32(sizes[0]))
    bytes.append(littleEndian: UInt16(nameBytes.count))
    bytes.append(littleEndian: UInt16(extra.count))
    return bytes + nameBytes + extra
  }

  var dataDescriptor: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: RecordSignature.dataDescriptor)
    bytes.append(littleEndian: checksum)
    for size in [compressedByteCount, byteCount] {
      if isLarge { bytes.append(littleEndian: UInt64(size)) } else { bytes.append(littleEndian: UInt32(size)) }
    }
    return bytes
  }

  func directoryRecord(_ limits: Zip64Limits) -> [UInt8] {
    let fields = [byteCount, compressedByteCount, headerOffset]
    // The sizes are both here or both there, as in the local header.
    let areLarge = [isLarge, isLarge, headerOffset >= limits.size]
    let small = zip(fields, areLarge).map { $1 ? Sentinel.size : UInt32($0) }
    let extra = Zip64Field.encoded(zip(fields, areLarge).filter(\.1).map { UInt64($0.0) })
    let version = isLarge || !extra.isEmpty ? Self.versionForZip64 : Self.versionForDeflate
    var bytes: [UInt8] = []
    bytes.append(littleEndian: RecordSignature.directoryEntry)
    bytes.append(littleEndian: Self.system | version)
    bytes.append(littleEndian: version)
    appendCommonFields(to: &bytes)
    bytes.append(littleEndian: small[1])
    bytes.append(littleEndian: small[0])
    bytes.append(littleEndian: UInt16(nameBytes.count))
    bytes.append(littleEndian: UInt16(extra.count))
    bytes.append(littleEndian: UInt16(0))  // No comment.
    bytes.append(littleEndian: UInt16(0))  // The first disk.
    bytes.append(littleEndian: UInt16(0))  // No internal attributes.
    bytes.append(littleEndian: mode << 16)
    bytes.append(littleEndian: small[2])
    return bytes + nameBytes + extra
  }

  /// A file, or a folder, that everybody may read and the owner may change.
  private var mode: UInt32 {
    nameBytes.last == UInt8(ascii: "/") ? 0o040755 : 0o100644
  }

  private func appendCommonFields(to bytes: inout [UInt8]) {
    bytes.append(littleEndian: flags)
    bytes.append(littleEndian: method.rawValue)
    bytes.append(littleEndian: Self.date)
    bytes.append(littleEndian: checksum)
  }
}
