private import CZlib

/// A writer that passes the bytes of a zip archive to a closure. The whole archive need not be in memory.
///
/// ```swift
/// let file = try FileWriter(for: "digits.zip")
/// let archive = ZipWriter { try file.write($0) }
/// try archive.add("labels", labels)
/// try archive.finish()
/// try file.commit()
/// ```
///
/// The bytes of the archive depend only on the added entries and on the version of zlib. Every entry has the date
/// 1980-01-01, which is the earliest date of the format. The permissions of an entry let everybody read the file. Zip64
/// fields are written only if a size or a count is too large for an ordinary field. A deflated entry has a data
/// descriptor after its data, because the packed size is not known earlier.
public final class ZipWriter {
  /// The compression of an entry.
  public enum Compression: Equatable, Sendable {
    /// No compression.
    case stored
    /// Compression with deflate at a level from 0 to 9. Level 0 does not compress, level 1 is fastest, and level 9
    /// gives the smallest result.
    case deflated(level: Int = 6)
  }

  private let output: (UnsafeRawBufferPointer) throws -> Void
  private let limits: Zip64Limits
  private var byteCount = 0
  private var entries: [ZipEntry] = []
  private var names: Set<String> = []
  private var isFinished = false

  /// Creates a writer for a new archive.
  ///
  /// - Parameter output: A closure that receives the bytes of the archive in order, in pieces of any size. A piece is
  ///   valid only during the call. After `output` has thrown an error, the writer must not be used.
  public convenience init(output: @escaping (_ piece: UnsafeRawBufferPointer) throws -> Void) {
    self.init(limits: Zip64Limits(), output: output)
  }

  /// Creates a writer with the given limits for zip64 fields. With small limits, tests of zip64 fields need little
  /// data.
  package init(limits: Zip64Limits, output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.limits = limits
    self.output = output
  }

  /// Adds an entry to the archive.
  ///
  /// - Parameters:
  ///   - name: The path in the archive, with `/` between folders.
  ///   - compression: The compression of the contents.
  ///   - contents: The whole contents of the entry.
  /// - Throws: The error that the output closure throws. After an error, the writer must not be used.
  /// - Precondition: The name is a path that stays inside a folder, and has at most 65,535 bytes. No other entry has
  ///   the same name. The compression level is in `0...9`. The archive is not finished.
  /// - Complexity: O(*n*) in the size of the contents, with less than 1 MiB of memory.
  public func add(_ name: String, compression: Compression = .deflated(), _ contents: [UInt8]) throws {
    try contents.withUnsafeBytes { try add(name, compression: compression, pieces: [$0]) }
  }

  /// Adds an entry whose contents consist of several pieces of memory. The entry holds the pieces in the given order.
  ///
  /// Errors, preconditions and complexity are the same as for ``add(_:compression:_:)``.
  public func add(
    _ name: String, compression: Compression = .deflated(), pieces: [UnsafeRawBufferPointer]
  ) throws {
    precondition(!isFinished, "no entries can be added to a finished archive")
    precondition(ZipEntry.fault(inName: name) == nil, "the name is a path that stays inside a folder")
    precondition(name.utf8.count <= UInt16.max, "a name has at most 65,535 bytes")
    precondition(names.insert(name).inserted, "every entry has a different name")
    let byteCount = pieces.reduce(0) { $0 + $1.count }
    func checksum() -> UInt32 { pieces.reduce(0) { CZlib_crc32($0, $1.baseAddress, $1.count) } }
    var flags: UInt16 = name.utf8.allSatisfy { $0 < 128 } ? 0 : EntryFlags.utf8
    if compression != .stored { flags |= EntryFlags.dataDescriptor }
    var entry = ZipEntry(
      name: name, method: compression == .stored ? .stored : .deflated, byteCount: byteCount,
      compressedByteCount: compression == .stored ? byteCount : 0, checksum: compression == .stored ? checksum() : 0,
      nameBytes: Array(name.utf8), flags: flags, headerOffset: self.byteCount, limit: 0)
    try put(entry.localHeader(limits))
    if case .deflated(let level) = compression {
      let dataOffset = self.byteCount
      entry.checksum = try putDeflated(pieces, level: level)
      entry.compressedByteCount = self.byteCount - dataOffset
      try put(entry.dataDescriptor(limits))
    } else {
      for piece in pieces { try put(piece) }
    }
    entries.append(entry)
  }

  /// Compresses contents and computes their CRC-32.
  ///
  /// Both operations process the contents in the same small parts. The second operation therefore finds each part in
  /// the processor's cache.
  ///
  /// - Returns: The CRC-32 of the contents.
  private func putDeflated(_ pieces: [UnsafeRawBufferPointer], level: Int) throws -> UInt32 {
    let partByteCount = 1 << 18
    let stream = DeflateStream(.compress(level: level))
    var checksum: UInt32 = 0
    for piece in pieces {
      for start in stride(from: 0, to: piece.count, by: partByteCount) {
        let part = UnsafeRawBufferPointer(rebasing: piece[start...].prefix(partByteCount))
        checksum = CZlib_crc32(checksum, part.baseAddress, part.count)
        try stream.compress(part, isLast: false, put)
      }
    }
    try stream.compress(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, put)
    return checksum
  }

  /// Writes the directory, which completes the archive.
  ///
  /// - Throws: The error that the output closure throws.
  /// - Precondition: `finish()` has not been called before.
  public func finish() throws {
    precondition(!isFinished, "an archive is finished only once")
    isFinished = true
    let directoryOffset = byteCount
    for entry in entries { try put(entry.directoryRecord(limits)) }
    try put(endRecords(directoryOffset: directoryOffset, directoryByteCount: byteCount - directoryOffset))
  }

  /// Returns the bytes of the end record. If a number is too large for the end record, the result begins with two zip64
  /// records.
  private func endRecords(directoryOffset: Int, directoryByteCount: Int) -> [UInt8] {
    let isLarge = entries.count >= limits.count || max(directoryByteCount, directoryOffset) >= limits.size
    let count = entries.count < limits.count ? UInt16(entries.count) : Sentinel.count
    let noDisks = UInt32(0)  // For the number of this disk and of the directory's disk.
    var bytes: [UInt8] = []
    if isLarge {
      bytes += littleEndian(RecordSignature.zip64End, UInt64(44))  // The size of the rest of the record.
      bytes += littleEndian(versionForZip64, versionForZip64, UInt64(0))  // Both disk numbers.
      for number in [entries.count, entries.count, directoryByteCount, directoryOffset] {
        bytes += littleEndian(UInt64(number))
      }
      // The locator states disk 0 and a total of 1 disk.
      bytes += littleEndian(
        RecordSignature.zip64Locator, UInt32(0), UInt64(directoryOffset + directoryByteCount), UInt32(1))
    }
    let noComment = UInt16(0)
    return bytes
      + littleEndian(
        RecordSignature.end, noDisks, count, count, limits.small(directoryByteCount), limits.small(directoryOffset),
        noComment)
  }

  private func put(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes(put)
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    guard !bytes.isEmpty else { return }
    try output(bytes)
    byteCount += bytes.count
  }
}

/// The smallest size and the smallest entry count that are written as zip64 fields.
///
/// The default limits are those of the format. In an ordinary field, both default values mean "see the zip64 field".
package struct Zip64Limits {
  package var size = Int(Sentinel.size)
  package var count = Int(Sentinel.count)

  package init() {}

  /// Returns whether an entry's size or compressed size may need 64 bits.
  ///
  /// Compression can make data larger, but the data grows by less than 1/32. zlib guarantees this bound.
  fileprivate func needLargeSizes(_ entry: ZipEntry) -> Bool {
    entry.byteCount >= size - size / 32 - 64
  }

  /// Returns the value of a 32-bit field for a size or an offset.
  ///
  /// If the number is too large for 32 bits, the result is the value that means "see the zip64 field".
  fileprivate func small(_ number: Int) -> UInt32 { number < size ? UInt32(number) : Sentinel.size }
}

private let versionForDeflate: UInt16 = 20
private let versionForZip64: UInt16 = 45

// The records of an entry, as the writer creates them.
extension ZipEntry {
  fileprivate func localHeader(_ limits: Zip64Limits) -> [UInt8] {
    let isLarge = limits.needLargeSizes(self)
    // If a data descriptor follows the data, the sizes are unknown when the local header is written.
    let sizes = flags & EntryFlags.dataDescriptor == 0 ? [byteCount, compressedByteCount] : [0, 0]
    let small = sizes.map { isLarge ? Sentinel.size : UInt32($0) }
    let extra = isLarge ? Zip64Field.encoded(sizes) : []
    return littleEndian(RecordSignature.localHeader, isLarge ? versionForZip64 : versionForDeflate) + commonFields
      + littleEndian(small[1], small[0], UInt16(nameBytes.count), UInt16(extra.count)) + nameBytes + extra
  }

  fileprivate func dataDescriptor(_ limits: Zip64Limits) -> [UInt8] {
    guard let numbers = descriptor(isLarge: limits.needLargeSizes(self)) else {
      preconditionFailure("sizes that need 64 bits are written with 64 bits")
    }
    return littleEndian(RecordSignature.dataDescriptor) + numbers
  }

  fileprivate func directoryRecord(_ limits: Zip64Limits) -> [UInt8] {
    let fields = [byteCount, compressedByteCount, headerOffset]
    // Both sizes have the same width, as in the local header.
    let isLarge = limits.needLargeSizes(self)
    let areLarge = [isLarge, isLarge, headerOffset >= limits.size]
    let small = zip(fields, areLarge).map { $1 ? Sentinel.size : UInt32($0) }
    let extra = Zip64Field.encoded(zip(fields, areLarge).filter(\.1).map(\.0))
    let version = extra.isEmpty ? versionForDeflate : versionForZip64
    // The system field says Unix, so that programs read names as UTF-8 and unpack files with the given permissions.
    let system: UInt16 = 3 << 8
    // Everybody may read the file or folder, but only the owner may change the file or folder.
    let mode: UInt32 = nameBytes.last == UInt8(ascii: "/") ? 0o040755 : 0o100644
    let noComment = UInt16(0)
    let disk = UInt16(0)
    let internalAttributes = UInt16(0)
    return littleEndian(RecordSignature.directoryEntry, system | version, version) + commonFields
      + littleEndian(small[1], small[0], UInt16(nameBytes.count), UInt16(extra.count))
      + littleEndian(noComment, disk, internalAttributes, mode << 16, small[2]) + nameBytes + extra
  }

  private var commonFields: [UInt8] {
    let date: UInt32 = 1 << 21 | 1 << 16  // 1980-01-01, midnight.
    return littleEndian(flags, method.rawValue, date, checksum)
  }
}
