private import Memory

/// Unpacks the members' deflate data, up to a limit.
struct Inflater {
  static let pieceByteCount = InflateStream.pieceByteCount

  private let maximumByteCount: Int
  private let stream = InflateStream()

  init(maximumByteCount: Int) {
    self.maximumByteCount = maximumByteCount
  }

  /// Unpacks the deflate data that begins at an offset in the file, and appends it to the contents.
  ///
  /// - Returns: where the data ends, and the CRC-32 and the length of what was unpacked.
  func inflate(
    _ bytes: UnsafeRawBufferPointer, from start: Int, onto contents: inout [UInt8]
  ) throws(GzipError) -> (end: Int, checksum: UInt32, byteCount: Int) {
    stream.restart()
    var position = start
    var checksum = CRC32()
    let countBefore = contents.count
    while true {
      let step = stream.next(UnsafeRawBufferPointer(rebasing: bytes[position...]))
      position += step.consumedByteCount
      guard step.output.count <= maximumByteCount - contents.count else {
        throw .tooLarge(offset: position, maximumByteCount: maximumByteCount)
      }
      checksum.add(step.output)
      do throws(MemoryError) {
        try AvailableMemory.check(appending: step.output.count, to: contents)
      } catch {
        throw .memory(offset: position, error)
      }
      contents.append(contentsOf: step.output)
      switch step.status {
      case .unfinished:
        continue
      case .finished:
        return (position, checksum.value, contents.count - countBefore)
      case .needsInput:
        throw .cut(
          part: .compressedData, expectedAtLeast: bytes.count + 1 + GzipTrailer.byteCount, found: bytes.count)
      case .damaged(let reason):
        throw .invalidData(offset: position, reason: reason)
      }
    }
  }
}
