#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

extension PixelBytes {
  /// Calls `body` with all pieces of memory that the bytes lie in, in their order, none of them empty.
  ///
  /// - Complexity: O(number of segments); nothing is copied.
  public func withUnsafeSegments<Result, Failure: Error>(
    _ body: ([UnsafeBufferPointer<UInt8>]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .array(let slice):
      return try slice.withUnsafeBufferPointer { (bytes) throws(Failure) in try body(bytes.isEmpty ? [] : [bytes]) }
    case .segments(let segments):
      let pieces = segments.compactMap { segment -> UnsafeBufferPointer<UInt8>? in
        let indices = segment.indices.clamped(to: startIndex..<endIndex)
        guard !indices.isEmpty else { return nil }
        let first = indices.lowerBound - segment.indices.lowerBound
        return UnsafeBufferPointer(rebasing: segment.bytes[first..<first + indices.count])
      }
      defer { withExtendedLifetime(segments) {} }
      return try body(pieces)
    }
  }

  /// Calls `body` with the bytes as one piece of memory.
  ///
  /// - Complexity: O(1) where they lie in one segment, as those of one image or of one file do; otherwise they are copied.
  public func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let inOnePiece = try withUnsafeSegments { (pieces) throws(Failure) -> Result? in
      switch pieces.count {
      case 0: try body(UnsafeBufferPointer(start: nil, count: 0))
      case 1: try body(pieces[0])
      default: nil
      }
    }
    if let inOnePiece { return inOnePiece }
    return try Array(self).withUnsafeBufferPointer(body)
  }

  /// As ``withUnsafeBufferPointer(_:)``, but nil where the bytes lie in several segments.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    switch storage {
    case .array(let slice):
      return try slice.withContiguousStorageIfAvailable(body)
    case .segments(let segments):
      guard let segment = segments.first(where: { $0.indices.upperBound > startIndex }),
        segment.indices.lowerBound <= startIndex, endIndex <= segment.indices.upperBound
      else { return isEmpty ? try body(UnsafeBufferPointer(start: nil, count: 0)) : nil }
      let first = startIndex - segment.indices.lowerBound
      defer { withExtendedLifetime(segment.owner) {} }
      return try body(UnsafeBufferPointer(rebasing: segment.bytes[first..<first + count]))
    }
  }

  /// The smallest and the largest byte; nil where there are none.
  ///
  /// - Complexity: O(count), less where 0 and 255 are found before the end.
  public var valueRange: ClosedRange<UInt8>? {
    guard !isEmpty else { return nil }
    // As much as fits into the fastest cache, so that looking whether the rest can matter costs nothing.
    let blockByteCount = 1 << 14
    return withUnsafeSegments { pieces in
      var (smallest, largest) = (UInt8.max, UInt8.min)
      for piece in pieces {
        for first in stride(from: 0, to: piece.count, by: blockByteCount) {
          for byte in UnsafeBufferPointer(rebasing: piece[first..<Swift.min(piece.count, first + blockByteCount)]) {
            smallest = byte < smallest ? byte : smallest
            largest = byte > largest ? byte : largest
          }
          if smallest == .min, largest == .max { return smallest...largest }
        }
      }
      return smallest...largest
    }
  }

  /// The smallest byte; nil where there are none.
  public func min() -> UInt8? { valueRange?.lowerBound }

  /// The largest byte; nil where there are none.
  public func max() -> UInt8? { valueRange?.upperBound }
}

extension PixelBytes: Equatable {
  /// Whether two values have the same bytes, wherever these lie and whatever their indices.
  public static func == (one: PixelBytes, other: PixelBytes) -> Bool {
    guard one.count == other.count else { return false }
    return one.withUnsafeSegments { ones in
      other.withUnsafeSegments { others in
        var (ones, others) = (ones[...], others[...])
        while let first = ones.first, let second = others.first {
          let count = Swift.min(first.count, second.count)
          guard memcmp(first.baseAddress!, second.baseAddress!, count) == 0 else { return false }
          Self.drop(count, from: &ones)
          Self.drop(count, from: &others)
        }
        return true
      }
    }
  }

  private static func drop(_ count: Int, from pieces: inout ArraySlice<UnsafeBufferPointer<UInt8>>) {
    let first = pieces.removeFirst()
    if count < first.count { pieces = [UnsafeBufferPointer(rebasing: first[count...])] + pieces }
  }
}

extension Array<UInt8> {
  /// A copy of pixels; of an array's own, that array.
  ///
  /// - Complexity: O(count), or O(1) where the pixels are a whole array.
  public init(_ pixels: PixelBytes) {
    if case .array(let slice) = pixels.storage {
      self.init(slice)
    } else {
      self = pixels.withUnsafeSegments { pieces in
        [UInt8](unsafeUninitializedCapacity: pixels.count) { memory, count in
          for piece in pieces {
            (memory.baseAddress! + count).initialize(from: piece.baseAddress!, count: piece.count)
            count += piece.count
          }
        }
      }
    }
  }
}
