private import CZlib

/// A writer that passes the bytes of a zip archive to a closure, so that the archive need not be in memory.
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
/// 1980-01-01, the earliest one of the format, and permissions that let everybody read the file. Zip64 fields are
/// written only if sizes or counts need them. A data descriptor follows the data of a deflated entry, because the
/// packed size is known only then.
public final class ZipWriter {
  /// The method by which the contents of an entry are packed.
  public enum Compression: Equatable, Sendable {
    /// No compression.
    case stored
    /// Compression with deflate, at a level from 0 (without compression) through 1 (fastest) to 9 (smallest).
    case deflated(level: Int = 6)
  }

  private let output: (UnsafeRawBufferPointer) throws -> Void
  private let limits: Zip64Limits
  private var byteCount = 0
  private var entries: [ZipEntry] = []
  private var names: Set<String> = []
  private var isFinished = false

  /// Creates a writer for an archive without entries.
  ///
  /// - Parameter output: Receives the bytes of the archive in order, in pieces of any size. A piece is valid only
  ///   during the call. After `output` has thrown an error, the writer must not be used.
  public convenience init(output: @escaping (_ piece: UnsafeRawBufferPointer) throws -> Void) {
    self.init(limits: Zip64Limits(), output: output)
  }

  /// Creates a writer with other limits for zip64 than the format's, so that tests need little data.
  package init(limits: Zip64Limits, output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.limits = limits
    self.output = output
  }

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - name: The path in the archive, with `/` between folders.
  ///   - compression: The method by which the contents are packed.
  ///   - contents: The whole contents.
  /// - Throws: The error that the output closure throws. The writer must not be used afterwards.
  /// - Precondition: The name is a path that stays inside a folder, has at most 65,535 bytes, and is not in the archive
  ///   yet. A level is in `0...9`. The archive is not finished.
  /// - Complexity: O(*n*) in the size of the contents, with less than 1 MiB of memory.
  public func add(_ name: String, compression: Compression = .deflated(), _ contents: [UInt8]) throws {
    try contents.withUnsafeBytes { try add(name, compression: compression, pieces: [$0]) }
  }

  /// Adds an entry whose contents are in several pieces of memory, in their order.
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

  /// Compresses contents and computes their CRC-32, in parts small enough to stay in the processor's cache for both.
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
  /// - Precondition: The method has not been called before.
  public func finish() throws {
    precondition(!isFinished, "an archive is finished only once")
    isFinished = true
    let directoryOffset = byteCount
    for entry in entries { try put(entry.directoryRecord(limits)) }
    try put(endRecords(directoryOffset: directoryOffset, directoryByteCount: byteCount - directoryOffset))
  }

  /// Returns the end record, and before it the two zip64 end records if a number needs them.
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
      // The locator names disk 0 of a total of 1.
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

/// The smallest size and the smallest number of entries that are written as zip64 fields.
///
/// The defaults are the format's: in an ordinary field, these two values mean "see the zip64 field".
package struct Zip64Limits {
  package var size = Int(Sentinel.size)
  package var count = Int(Sentinel.count)

  package init() {}

  /// Returns whether an entry's size or compressed size may need 64 bits.
  ///
  /// Compression can make data larger, but by less than 1/32 (the bound of zlib).
  fileprivate func needLargeSizes(_ entry: ZipEntry) -> Bool {
    entry.byteCount >= size - size / 32 - 64
  }

  /// Returns the value of a 32-bit field for a size or an offset: the number, or the value for "see the zip64 field".
  fileprivate func small(_ number: Int) -> UInt32 { number < size ? UInt32(number) : Sentinel.size }
}

private let versionForDeflate: UInt16 = 20
private let versionForZip64: UInt16 = 45

// The records that the writer puts out for an entry.
extension ZipEntry {
  fileprivate func localHeader(_ limits: Zip64Limits) -> [UInt8] {
    let isLarge = limits.needLargeSizes(self)
    // If a data descriptor follows the data, the sizes are not known yet.
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
    // The system is Unix, so that programs read names as UTF-8 and unpack files with the given permissions.
    let system: UInt16 = 3 << 8
    // Everybody may read the file or folder; the owner may change it.
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
