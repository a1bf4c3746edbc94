/// Writes a zip archive from its first byte to its last, so that it need not lie in memory.
///
/// ```swift
/// let file = try FileWriter(for: "digits.zip")
/// let archive = ZipWriter { try file.write($0) }
/// try archive.add("labels", labels)
/// try archive.add("pixels", byteCount: pixels.count) { write in
///   try pixels.withUnsafeBytes { try write($0) }
/// }
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
    /// With deflate, at a level from 0, as it is, over 1, fastest, to 9, smallest.
    case deflated(level: Int = 6)
  }

  private let output: (UnsafeRawBufferPointer) throws -> Void
  private let limits: Zip64Limits
  private var byteCount = 0
  private var records: [WrittenEntry] = []
  private var names: Set<String> = []
  private var isFinished = false

  /// An archive without entries.
  ///
  /// - Parameter output: takes the archive's bytes in order, in pieces of any size. A piece lasts as long as the call.
  ///   After it has thrown, the writer is of no further use.
  public convenience init(output: @escaping (_ piece: UnsafeRawBufferPointer) throws -> Void) {
    self.init(limits: Zip64Limits(), output: output)
  }

  /// An archive that turns to zip64 at other limits than the format's, so that this can be tried with little.
  package init(limits: Zip64Limits, output: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.limits = limits
    self.output = output
  }

  /// Adds an entry whose contents come in pieces.
  ///
  /// - Parameters:
  ///   - name: the path in the archive, with `/` between folders.
  ///   - compression: how it is packed.
  ///   - byteCount: how many bytes will be written.
  ///   - checksum: the contents' CRC-32 if it is known already. A stored entry then has no data descriptor, which some
  ///     programs need that read archives from first to last. It is taken as it is; a wrong one makes an archive that
  ///     nobody reads.
  ///   - body: is given a function to write the contents with, as often as it likes, and calls it for just `byteCount`
  ///     bytes.
  /// - Throws: what `body` or the archive's output throws; the writer is of no further use then.
  /// - Precondition: the name is a path that stays inside a folder, has at most 65,535 bytes, and is new; `byteCount` is
  ///   what is written; a level is in `0...9`; the archive is not finished.
  /// - Complexity: O(byteCount), with less than a MiB of memory.
  public func add(
    _ name: String, compression: Compression = .deflated(), byteCount: Int, checksum: UInt32? = nil,
    writing body: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    precondition(!isFinished, "a finished archive takes no entries")
    precondition(EntryName.fault(name) == nil, "a name is a path that stays inside a folder")
    precondition(name.utf8.count <= UInt16.max, "a name has at most 65,535 bytes")
    precondition(names.insert(name).inserted, "every entry has a name of its own")
    precondition(byteCount >= 0, "a count of bytes is not negative")
    let isKnown = compression == .stored && checksum != nil
    var entry = WrittenEntry(
      name: name, compression: compression, headerOffset: self.byteCount, byteCount: byteCount,
      knownChecksum: isKnown ? checksum : nil, isLarge: limits.needsLargeSizes(byteCount))
    try put(entry.localHeader)
    let dataOffset = self.byteCount
    var packer = EntryPacker(compression)
    try body { piece in
      if isKnown { try packer.pass(piece, to: put) } else { try packer.add(piece, to: put) }
    }
    precondition(packer.byteCount == byteCount, "as many bytes are written as were announced")
    try packer.finish(to: put)
    if !isKnown { entry.checksum = packer.checksum }
    entry.compressedByteCount = self.byteCount - dataOffset
    if !isKnown { try put(entry.dataDescriptor) }
    records.append(entry)
  }

  /// Adds an entry whose contents lie in memory. A stored one is summed first and has no data descriptor.
  ///
  /// Otherwise as ``add(_:compression:byteCount:checksum:writing:)``.
  public func add(_ name: String, compression: Compression = .deflated(), _ contents: [UInt8]) throws {
    try contents.withUnsafeBytes { bytes in
      let checksum = compression == .stored ? CRC32(bytes).value : nil
      try add(name, compression: compression, byteCount: bytes.count, checksum: checksum) { try $0(bytes) }
    }
  }

  /// Writes the directory, which makes the archive whole.
  ///
  /// - Throws: what the output throws.
  /// - Precondition: it is called once.
  public func finish() throws {
    precondition(!isFinished, "an archive is finished once")
    isFinished = true
    let directoryOffset = byteCount
    for entry in records { try put(entry.directoryRecord(limits)) }
    let directoryByteCount = byteCount - directoryOffset
    try put(
      ArchiveEnd(
        entryCount: records.count, directoryOffset: directoryOffset, directoryByteCount: directoryByteCount
      ).encoded(limits))
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
