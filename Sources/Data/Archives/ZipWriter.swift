private import CZlib

/// Writes a zip archive from its first byte to its last, so that it need not lie in memory.
///
/// ```swift
/// let file = try FileWriter(for: "digits.zip")
/// let archive = ZipWriter { try file.write($0) }
/// try archive.add("labels", labels)
/// try archive.finish()
/// try file.commit()
/// ```
///
/// The result depends on nothing but what is added and the version of zlib: every entry is of 1980-01-01, the earliest
/// time that the format has, and a file that everybody may read. Zip64 fields are written only where the sizes
/// or counts need them. A deflated entry is followed by a data descriptor, since its length is known only then.
public final class ZipWriter {
  /// How an entry is packed.
  public enum Compression: Equatable, Sendable {
    /// As it is.
    case stored
    /// With deflate, at a level from 0 (stored) over 1 (fastest) to 9 (smallest).
    case deflated(level: Int = 6)
  }

  private let output: (UnsafeRawBufferPointer) throws -> Void
  private let limits: Zip64Limits
  private var byteCount = 0
  private var entries: [ZipEntry] = []
  private var names: Set<String> = []
  private var isFinished = false

  /// Creates an archive without entries.
  ///
  /// - Parameter output: Takes the archive's bytes in order, in pieces of any size. A piece is valid only during the
  ///   call. After it has thrown, the writer is of no further use.
  public convenience init(output: @escaping (_ piece: UnsafeRawBufferPointer) throws -> Void) {
    self.init(limits: Zip64Limits(), output: output)
  }

  /// Creates an archive that turns to zip64 at other limits than the format's, so that tests need little data.
  package init(limits: Zip64Limits, output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.limits = limits
    self.output = output
  }

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - name: The path in the archive, with `/` between folders.
  ///   - compression: How it is packed.
  ///   - contents: The whole contents.
  /// - Throws: What the archive's output throws; the writer is of no further use then.
  /// - Precondition: The name is a path that stays inside a folder, has at most 65,535 bytes, and is new; a level is in
  ///   `0...9`; the archive is not finished.
  /// - Complexity: O(*n*) in the size of the contents, with less than a MiB of memory.
  public func add(_ name: String, compression: Compression = .deflated(), _ contents: [UInt8]) throws {
    try contents.withUnsafeBytes { try add(name, compression: compression, pieces: [$0]) }
  }

  /// Adds an entry whose contents lie in several pieces of memory.
  ///
  /// Otherwise as ``add(_:compression:_:)``.
  public func add(
    _ name: String, compression: Compression = .deflated(), pieces: [UnsafeRawBufferPointer]
  ) throws {
    precondition(!isFinished, "a finished archive takes no entries")
    precondition(ZipEntry.fault(inName: name) == nil, "a name is a path that stays inside a folder")
    precondition(name.utf8.count <= UInt16.max, "a name has at most 65,535 bytes")
    precondition(names.insert(name).inserted, "every entry has a name of its own")
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

  /// Compresses contents in parts that stay in the processor's cache between being summed and being compressed.
  ///
  /// - Returns: The contents' CRC-32.
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

  /// Writes the directory, which makes the archive whole.
  ///
  /// - Throws: What the output throws.
  /// - Precondition: It is called once.
  public func finish() throws {
    precondition(!isFinished, "an archive is finished once")
    isFinished = true
    let directoryOffset = byteCount
    for entry in entries { try put(entry.directoryRecord(limits)) }
    try put(endRecords(directoryOffset: directoryOffset, directoryByteCount: byteCount - directoryOffset))
  }

  /// The end record, after those of zip64 if a number needs them.
  private func endRecords(directoryOffset: Int, directoryByteCount: Int) -> [UInt8] {
    let isLarge = entries.count >= limits.count || max(directoryByteCount, directoryOffset) >= limits.size
    let count = entries.count < limits.count ? UInt16(entries.count) : Sentinel.count
    let noDisks = UInt32(0)  // This disk and the directory's, both the first one.
    var bytes: [UInt8] = []
    if isLarge {
      bytes += littleEndian(RecordSignature.zip64End, UInt64(44))  // The record's size from here.
      bytes += littleEndian(versionForZip64, versionForZip64, UInt64(0))  // The first disk, twice.
      for number in [entries.count, entries.count, directoryByteCount, directoryOffset] {
        bytes += littleEndian(UInt64(number))
      }
      // The first disk, of one.
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

/// The numbers from which on zip64 fields are written. The defaults are the format's: these very numbers stand for
/// "see the zip64 field".
package struct Zip64Limits {
  package var size = Int(Sentinel.size)
  package var count = Int(Sentinel.count)

  package init() {}

  /// Whether an entry's size may need 64 bits, or its compressed size. Noise becomes a little larger when it is
  /// compressed: by less than 1/32, the most for which zlib allows.
  fileprivate func needLargeSizes(_ entry: ZipEntry) -> Bool {
    entry.byteCount >= size - size / 32 - 64
  }

  /// The field of 32 bits for a size or an offset.
  fileprivate func small(_ number: Int) -> UInt32 { number < size ? UInt32(number) : Sentinel.size }
}

private let versionForDeflate: UInt16 = 20
private let versionForZip64: UInt16 = 45

// The records of an entry.
extension ZipEntry {
  fileprivate func localHeader(_ limits: Zip64Limits) -> [UInt8] {
    let isLarge = limits.needLargeSizes(self)
    // Nothing is known yet of what has a descriptor.
    let sizes = flags & EntryFlags.dataDescriptor == 0 ? [byteCount, compressedByteCount] : [0, 0]
    let small = sizes.map { isLarge ? Sentinel.size : UInt32($0) }
    let extra = isLarge ? Zip64Field.encoded(sizes) : []
    return littleEndian(RecordSignature.localHeader, isLarge ? versionForZip64 : versionForDeflate) + commonFields
      + littleEndian(small[1], small[0], UInt16(nameBytes.count), UInt16(extra.count)) + nameBytes + extra
  }

  fileprivate func dataDescriptor(_ limits: Zip64Limits) -> [UInt8] {
    guard let numbers = descriptor(isLarge: limits.needLargeSizes(self)) else {
      preconditionFailure("sizes that need 64 bits have them")
    }
    return littleEndian(RecordSignature.dataDescriptor) + numbers
  }

  fileprivate func directoryRecord(_ limits: Zip64Limits) -> [UInt8] {
    let fields = [byteCount, compressedByteCount, headerOffset]
    // The two sizes have 64 bits together or not at all, as in the local header.
    let isLarge = limits.needLargeSizes(self)
    let areLarge = [isLarge, isLarge, headerOffset >= limits.size]
    let small = zip(fields, areLarge).map { $1 ? Sentinel.size : UInt32($0) }
    let extra = Zip64Field.encoded(zip(fields, areLarge).filter(\.1).map(\.0))
    let version = extra.isEmpty ? versionForDeflate : versionForZip64
    // Made on Unix: to it, some programs take names for UTF-8, and unpack a file with the mode that is given.
    let system: UInt16 = 3 << 8
    // A file, or a folder, that everybody may read and the owner may change.
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
