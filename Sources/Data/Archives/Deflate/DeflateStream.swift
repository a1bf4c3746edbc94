private import CZlib

/// Packs bytes as raw deflate data (RFC 1951) piece by piece: zlib's coder, with the memory through which its output
/// passes.
///
/// ```swift
/// let stream = DeflateStream(level: 6)
/// var step: DeflateStream.Step
/// repeat {
///   step = stream.next(bytes, isLast: true)
///   packed.append(contentsOf: step.output)
///   bytes = UnsafeRawBufferPointer(rebasing: bytes[step.consumedByteCount...])
/// } while !step.isFinished
/// ```
public final class DeflateStream {
  private static let pieceByteCount = 1 << 17

  /// What one step did.
  public struct Step {
    /// How many bytes of the input are used up.
    public let consumedByteCount: Int
    /// What came out; it lasts until the next step.
    public let output: UnsafeRawBufferPointer
    /// Whether the data is at its end.
    public let isFinished: Bool
  }

  private let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceByteCount)
  // zlib's state points back at the stream, so that it has to stay where it is.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  /// A coder, which packs once.
  ///
  /// - Parameter level: from 0, stored as it is, over 1, fastest, to 9, smallest.
  /// - Precondition: `level` is in `0...9`.
  public init(level: Int) {
    precondition((0...9).contains(level), "a compression level is from 0 to 9")
    stream.initialize(to: z_stream())
    let status = CZlib_deflateInit2(stream, Int32(level), -MAX_WBITS, 8)
    precondition(status == Z_OK, "zlib could not start, most likely for want of memory")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    piece.deallocate()
  }

  /// Packs some of the input, as far as a piece of output reaches.
  ///
  /// Input that is not the last is used up when a step's ``Step/consumedByteCount`` is all of it; the last input needs
  /// steps until one ``Step/isFinished``.
  ///
  /// - Parameters:
  ///   - input: the bytes from where the last step's input was used up.
  ///   - isLast: whether the contents end with this input.
  /// - Complexity: O(bytes consumed and put out).
  public func next(_ input: UnsafeRawBufferPointer, isLast: Bool) -> Step {
    let offered = stream.pointee.take(input)
    stream.pointee.next_out = piece.baseAddress
    stream.pointee.avail_out = UInt32(piece.count)
    let status = deflate(stream, isLast && offered == input.count ? Z_FINISH : Z_NO_FLUSH)
    precondition([Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status), "zlib could not go on")
    return Step(
      consumedByteCount: offered - Int(stream.pointee.avail_in),
      output: UnsafeRawBufferPointer(
        rebasing: UnsafeRawBufferPointer(piece)[..<(piece.count - Int(stream.pointee.avail_out))]),
      isFinished: status == Z_STREAM_END)
  }
}
