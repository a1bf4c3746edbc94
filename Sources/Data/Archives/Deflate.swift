private import CZlib

/// A zlib stream that compresses or decompresses raw deflate data (RFC 1951) piece by piece.
///
/// ```swift
/// let stream = DeflateStream(.decompress)
/// var step = stream.next(packed)
/// while step.status == .unfinished {
///   contents.append(contentsOf: step.output)
///   packed = UnsafeRawBufferPointer(rebasing: packed[step.consumedByteCount...])
///   step = stream.next(packed)
/// }
/// ```
///
/// Each step writes into the same buffer, which is small enough to stay in the processor's cache. The caller does not
/// need to know the length of the output in advance.
package final class DeflateStream {
  /// The work of a stream: compression or decompression.
  package enum Work: Equatable {
    /// Compression at a level from 0 to 9. Level 0 does not compress, level 1 is fastest, and level 9 gives the
    /// smallest result.
    case compress(level: Int)
    case decompress
  }

  /// The state of a stream after a step.
  package enum Status: Equatable {
    /// More output may follow. The caller must call `next` again with the rest of the input.
    case unfinished
    /// The stream needs more input before it can produce more output.
    case needsInput
    /// The data is complete. When a stream decompresses, it does not consume the bytes after the end of the data.
    case finished
    /// The input is not valid deflate data. `reason` is zlib's message. The output of the step comes from the input
    /// before the damage.
    case damaged(reason: String)
  }

  /// The result of one step of a stream.
  package struct Step {
    package let consumedByteCount: Int
    /// The output bytes of the step. The bytes are valid only until the next step.
    package let output: UnsafeRawBufferPointer
    package let status: Status
  }

  /// The largest number of bytes that one step can output.
  package static let pieceByteCount = 1 << 17

  private let work: Work
  private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceByteCount, alignment: 1)
  // zlib keeps a pointer to its `z_stream` structure, so the structure must not move in memory.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// Creates a stream that compresses or decompresses.
  ///
  /// - Precondition: The compression level is in `0...9`.
  package init(_ work: Work) {
    self.work = work
    stream.initialize(to: z_stream())
    let status: Int32
    switch work {
    case .compress(let level):
      precondition((0...9).contains(level), "a compression level is from 0 to 9")
      status = CZlib_deflateInit2(stream, Int32(level), -MAX_WBITS, 8)
    case .decompress:
      status = CZlib_inflateInit2(stream, -MAX_WBITS)
    }
    precondition(status == Z_OK, "zlib could not start, probably because there is not enough memory")
  }

  deinit {
    _ = work == .decompress ? inflateEnd(stream) : deflateEnd(stream)
    stream.deallocate()
    piece.deallocate()
  }

  /// Resets the stream, so that it can process new data.
  package func restart() {
    _ = work == .decompress ? inflateReset(stream) : deflateReset(stream)
  }

  /// Processes input until all input is consumed or the output buffer is full.
  ///
  /// - Parameters:
  ///   - input: The input bytes that the stream has not consumed yet.
  ///   - isLast: Whether the contents to compress end with this input. If `isLast` is true, the caller repeats the call
  ///     until the status is `finished`.
  /// - Complexity: O(*n*) in the number of input and output bytes.
  package func next(_ input: UnsafeRawBufferPointer, isLast: Bool = false) -> Step {
    // zlib counts input bytes with 32 bits, so one step receives at most 1 GiB.
    let offered = min(input.count, 1 << 30)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(offered)
    stream.pointee.next_out = piece.assumingMemoryBound(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(piece.count)
    let status: Int32
    if work == .decompress {
      status = inflate(stream, Z_NO_FLUSH)
    } else {
      status = deflate(stream, isLast && offered == input.count ? Z_FINISH : Z_NO_FLUSH)
      precondition([Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status), "zlib could not continue to compress")
    }
    return Step(
      consumedByteCount: offered - Int(stream.pointee.avail_in),
      output: UnsafeRawBufferPointer(rebasing: piece[..<(piece.count - Int(stream.pointee.avail_out))]),
      status: meaning(of: status))
  }

  private func meaning(of status: Int32) -> Status {
    switch status {
    case Z_OK: .unfinished
    case Z_STREAM_END: .finished
    case Z_BUF_ERROR: .needsInput  // The output buffer was empty, so input is missing.
    default: .damaged(reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib's status \(status)")
    }
  }

  /// Compresses the whole input and calls `body` with each piece of output.
  func compress(
    _ input: UnsafeRawBufferPointer, isLast: Bool, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    var rest = input
    var isFinished = false
    while isLast ? !isFinished : !rest.isEmpty {
      let step = next(rest, isLast: isLast)
      try body(step.output)
      rest = UnsafeRawBufferPointer(rebasing: rest[step.consumedByteCount...])
      isFinished = step.status == .finished
    }
  }
}

// Gzip files and zip archives store numbers in little-endian order: the lowest byte comes first.

extension UnsafeRawBufferPointer {
  /// Returns the little-endian number at an offset. The offset need not be aligned.
  func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number {
    precondition(offset >= 0 && offset <= count - MemoryLayout<Number>.size, "the number is within the bytes")
    return Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}

extension [UInt8] {
  func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number {
    withUnsafeBytes { $0.littleEndian(type, at: offset) }
  }
}

/// Returns the little-endian bytes of the numbers, in the order of the arguments.
func littleEndian<each Number: FixedWidthInteger>(_ number: repeat each Number) -> [UInt8] {
  var bytes: [UInt8] = []
  for number in repeat each number {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
  return bytes
}
