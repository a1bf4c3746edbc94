private import Memory

/// The gzip format (RFC 1952): bytes in, bytes out.
///
/// ```swift
/// let packed = Gzip.compress(Array("digits".utf8))
/// Gzip.isGzip(packed)  // true
/// try Gzip.decompress(packed)  // the six bytes of "digits"
/// ```
///
/// The frame (headers, checksums, lengths) is read and written here, and every field of it is checked; `Deflate`
/// does the coding inside it.
public enum Gzip {
  /// What ``decompress(_:maximumByteCount:)-([UInt8],_)`` unpacks at most unless told otherwise: 2 GiB, several times
  /// the largest file of the MNIST family.
  public static let defaultMaximumByteCount = 1 << 31

  /// Whether bytes begin with gzip's signature, `1F 8B`. What follows is not looked at.
  public static func isGzip(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: GzipHeader.signature)
  }

  /// Unpacks a gzip file: one member, or several one after the other, whose contents are joined.
  ///
  /// Zero bytes after the last member, as tapes and block devices leave them, are ignored, as the gzip program does;
  /// any other bytes there are an error. The length that a file states is used to reserve memory, up to 16 times the
  /// size of the file, and is otherwise only compared with what came out.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - maximumByteCount: the most bytes to unpack; a file that holds more is an error, found before they are stored.
  /// - Returns: the contents of all members.
  /// - Throws: ``GzipError``, which says at which byte what was expected.
  /// - Precondition: `maximumByteCount >= 0`.
  /// - Complexity: O(*n*) in the bytes read and unpacked.
  public static func decompress(
    _ bytes: [UInt8], maximumByteCount: Int = defaultMaximumByteCount
  ) throws(GzipError) -> [UInt8] {
    try bytes.withUnsafeBufferPointer { (buffer) throws(GzipError) in
      try decompress(UnsafeRawBufferPointer(buffer), maximumByteCount: maximumByteCount)
    }
  }

  /// Unpacks a gzip file that lies in memory of any kind, such as a mapped file.
  ///
  /// Otherwise as ``decompress(_:maximumByteCount:)-([UInt8],_)``.
  public static func decompress(
    _ bytes: UnsafeRawBufferPointer, maximumByteCount: Int = defaultMaximumByteCount
  ) throws(GzipError) -> [UInt8] {
    precondition(maximumByteCount >= 0, "a count of bytes is not negative")
    if bytes.isEmpty { throw .empty }
    var contents: [UInt8] = []
    let expectedByteCount = min(statedByteCount(bytes), bytes.count * 16, maximumByteCount)
    do throws(MemoryError) { try AvailableMemory.check(expectedByteCount) } catch { throw .memory(offset: 0, error) }
    contents.reserveCapacity(expectedByteCount)
    let inflater = Inflater(maximumByteCount: maximumByteCount)
    var offset = 0
    repeat {
      offset = try unpackMember(of: bytes, at: offset, with: inflater, onto: &contents)
    } while Gzip.isGzip(bytes[offset...])
    guard bytes[offset...].allSatisfy({ $0 == 0 }) else {
      throw .trailingBytes(offset: offset, count: bytes.count - offset)
    }
    return contents
  }

  /// Unpacks the beginning of a gzip file, to see what the file holds before all of it is unpacked.
  ///
  /// A member may be empty or short, so that the next ones are unpacked too until there are enough bytes.
  ///
  /// - Parameters:
  ///   - bytes: the file, or as much of its beginning as the wanted bytes need.
  ///   - byteCount: how many bytes of the contents are wanted.
  /// - Returns: so many bytes, or all if there are fewer.
  /// - Throws: ``GzipError`` if the file is damaged, or cut, before the wanted bytes end.
  /// - Precondition: `byteCount >= 0`.
  /// - Complexity: O(byteCount) and the length of the members that hold these bytes, with less than a MiB of memory.
  public static func prefix(of bytes: [UInt8], byteCount: Int) throws(GzipError) -> [UInt8] {
    precondition(byteCount >= 0, "a count of bytes is not negative")
    if bytes.isEmpty { throw .empty }
    var contents: [UInt8] = []
    try bytes.withUnsafeBufferPointer { (pointer) throws(GzipError) in
      let buffer = UnsafeRawBufferPointer(pointer)
      // The piece that goes beyond the limit is not kept, so that there is one piece more than wanted.
      let inflater = Inflater(maximumByteCount: byteCount + Inflater.pieceByteCount)
      var offset = 0
      do throws(GzipError) {
        repeat {
          offset = try unpackMember(of: buffer, at: offset, with: inflater, onto: &contents)
        } while contents.count < byteCount && isGzip(buffer[offset...])
      } catch {
        // A cut after the wanted bytes does not matter.
        switch error {
        case .tooLarge: break
        case .cut where contents.count >= byteCount: break
        default: throw error
        }
      }
    }
    return Array(contents.prefix(byteCount))
  }

  /// Unpacks one member and checks its trailer.
  ///
  /// - Returns: where the member ends.
  private static func unpackMember(
    of bytes: UnsafeRawBufferPointer, at offset: Int, with inflater: Inflater, onto contents: inout [UInt8]
  ) throws(GzipError) -> Int {
    let header = try GzipHeader(parsing: bytes, at: offset)
    let stream = try inflater.inflate(bytes, from: header.end, onto: &contents)
    return try GzipTrailer(stream.checksum, stream.byteCount).check(bytes, at: stream.end)
  }

  /// Packs bytes as a gzip file of one member.
  ///
  /// The result depends on nothing but the arguments and the version of zlib: the modification time is 0 ("none") and
  /// the operating system 255 ("unknown").
  ///
  /// - Parameters:
  ///   - bytes: what to pack.
  ///   - level: from 0, stored as it is, over 1, fastest, to 9, smallest.
  ///   - fileName: the name to store for the unpacked file, none by default. It is written as UTF-8, as gzip programs
  ///     do on today's systems.
  /// - Precondition: `level` is in `0...9`, and `fileName` has no zero character.
  /// - Complexity: O(*n*) in the bytes packed.
  public static func compress(_ bytes: [UInt8], level: Int = 6, fileName: String? = nil) -> [UInt8] {
    precondition((0...9).contains(level), "a compression level is from 0 to 9")
    var file = GzipHeader.encoded(level: level, fileName: fileName)
    bytes.withUnsafeBytes { buffer in
      let checksum = deflate(buffer, level: level, onto: &file)
      file += GzipTrailer(checksum, buffer.count).encoded
    }
    return file
  }

  /// The length in a file's last four bytes: of its last member, modulo 2^32, if nothing follows that.
  private static func statedByteCount(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard bytes.count >= GzipHeader.minimumByteCount + GzipTrailer.byteCount else { return 0 }
    return Int(truncatingIfNeeded: bytes.littleEndian(UInt32.self, at: bytes.count - 4))
  }
}
