private import CZlib

/// Unpacks raw deflate data (RFC 1951) piece by piece: zlib's decoder, with the memory through which its output passes.
///
/// ```swift
/// let stream = InflateStream()
/// var step = stream.next(packed)
/// while step.status == .unfinished {
///   contents.append(contentsOf: step.output)
///   packed = UnsafeRawBufferPointer(rebasing: packed[step.consumedByteCount...])
///   step = stream.next(packed)
/// }
/// ```
///
/// Output goes to a piece of memory small enough to stay in the processor's cache, so that a caller can sum it and copy
/// it from there; no length has to be known or trusted beforehand.
public final class InflateStream {
  /// The most output of one step, in bytes.
  public static let pieceByteCount = 1 << 17

  /// How things stand after a step.
  public enum Status: Equatable, Sendable {
    /// There may be more output; call again with the rest of the input.
    case unfinished
    /// Nothing came out, and nothing will without further input.
    case needsInput
    /// The data is at its end, which lies in the input after the bytes consumed.
    case finished
    /// The data breaks deflate's rules, in zlib's words. The output is what came before.
    case damaged(reason: String)
  }

  /// What one step did.
  public struct Step {
    /// How many bytes of the input are used up.
    public let consumedByteCount: Int
    /// What came out; it lasts until the next step.
    public let output: UnsafeRawBufferPointer
    /// How things stand.
    public let status: Status
  }

  private let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceByteCount)
  // zlib's state points back at the stream, so that it has to stay where it is.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// A decoder at the beginning of its data.
  public init() {
    stream.initialize(to: z_stream())
    let status = CZlib_inflateInit2(stream, -MAX_WBITS)
    precondition(status == Z_OK, "zlib could not start, most likely for want of memory")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    piece.deallocate()
  }

  /// Goes back to the beginning, for other data.
  public func restart() {
    inflateReset(stream)
  }

  /// Unpacks up to ``pieceByteCount`` bytes.
  ///
  /// - Parameter input: the data from where the last step's input was used up.
  /// - Complexity: O(bytes consumed and put out).
  public func next(_ input: UnsafeRawBufferPointer) -> Step {
    let offered = stream.pointee.take(input)
    stream.pointee.next_out = piece.baseAddress
    stream.pointee.avail_out = UInt32(piece.count)
    let status = inflate(stream, Z_NO_FLUSH)
    return Step(
      consumedByteCount: offered - Int(stream.pointee.avail_in),
      output: UnsafeRawBufferPointer(
        rebasing: UnsafeRawBufferPointer(piece)[..<(piece.count - Int(stream.pointee.avail_out))]),
      status: meaning(of: status))
  }

  private func meaning(of status: Int32) -> Status {
    switch status {
    case Z_OK: .unfinished
    case Z_STREAM_END: .finished
    case Z_BUF_ERROR: .needsInput  // There was room for output, so it is input that is missing.
    default: .damaged(reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib's status \(status)")
    }
  }
}

extension z_stream {
  /// Sets the next input, as much as zlib's 32-bit counts hold of it.
  ///
  /// - Returns: how much that is.
  mutating func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    let count = min(bytes.count, 1 << 30)
    next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    avail_in = UInt32(count)
    return count
  }
}
