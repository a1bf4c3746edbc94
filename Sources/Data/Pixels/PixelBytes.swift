/// The bytes of many images, one after the other: an array, or memory that somebody else provides, such as a mapped file.
///
/// ```swift
/// let pixels = PixelBytes([0, 128, 255])
/// print(pixels[1], pixels[1...].count)  // 128 2
/// ```
///
/// Values share their memory and never change. The memory may lie in several segments, such as one for each of two files;
/// in the order of their indices they are one collection. A slice keeps the indices of what it is a slice of.
///
/// - Complexity: O(number of segments) for an element, which is 1 or 2 for all data sets that this package reads.
public struct PixelBytes: Sendable {
  @usableFromInline
  enum Storage: Sendable {
    case array(ArraySlice<UInt8>)
    /// At least one, none of them empty, in the order of their indices.
    case segments([Segment])
  }

  /// Memory that neither moves nor goes as long as its owner is there.
  @usableFromInline
  struct Segment: @unchecked Sendable {
    /// Never written to, so that any thread may read it.
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    @usableFromInline let indices: Range<Int>
    @usableFromInline let owner: any AnyObject & Sendable

    /// The part of the segment that has some of the given indices; nil where there is none.
    func clamped(to limits: Range<Int>) -> Segment? {
      let part = indices.clamped(to: limits)
      guard !part.isEmpty else { return nil }
      let first = part.lowerBound - indices.lowerBound
      return Segment(
        bytes: UnsafeBufferPointer(rebasing: bytes[first..<first + part.count]), indices: part, owner: owner)
    }
  }

  @usableFromInline let storage: Storage
  /// The index of the first byte.
  public let startIndex: Int
  /// One more than the index of the last byte.
  public let endIndex: Int

  init(_ storage: Storage, _ indices: Range<Int>) {
    self.storage = storage
    (startIndex, endIndex) = (indices.lowerBound, indices.upperBound)
  }

  /// Any bytes. The memory of an array, its slice or another value of this type is shared; other collections are copied.
  ///
  /// - Complexity: O(1), or O(*n*) where it copies. An array's slice keeps its indices; other copies begin at 0.
  public init(_ bytes: some Collection<UInt8>) {
    if let bytes = bytes as? PixelBytes {
      self = bytes
    } else {
      let slice = (bytes as? [UInt8]).map { $0[...] } ?? bytes as? ArraySlice<UInt8> ?? Array(bytes)[...]
      self.init(.array(slice), slice.indices)
    }
  }

  /// Memory that stays as it is as long as its owner exists, which this value and its copies see to.
  public init(memory: UnsafeRawBufferPointer, owner: any AnyObject & Sendable) {
    let bytes = memory.bindMemory(to: UInt8.self)
    guard !bytes.isEmpty else {
      self.init([])
      return
    }
    self.init(.segments([Segment(bytes: bytes, indices: bytes.indices, owner: owner)]), bytes.indices)
  }

  /// One after the other, with indices from 0 on; copied only where not all of them are memory with an owner.
  public init(joining parts: [PixelBytes]) {
    var (segments, count) = ([Segment](), 0)
    for part in parts {
      guard case .segments(let found) = part.storage else {
        self.init(parts.reduce(into: [UInt8]()) { $0 += Array($1) })
        return
      }
      for segment in found.compactMap({ $0.clamped(to: part.startIndex..<part.endIndex) }) {
        segments.append(
          Segment(bytes: segment.bytes, indices: count..<count + segment.bytes.count, owner: segment.owner))
        count += segment.bytes.count
      }
    }
    if segments.isEmpty { self.init([]) } else { self.init(.segments(segments), 0..<count) }
  }
}

extension PixelBytes: RandomAccessCollection {
  /// The byte at an index.
  @inlinable
  public subscript(position: Int) -> UInt8 {
    precondition(position >= startIndex && position < endIndex, "the index is that of a byte")
    switch storage {
    case .array(let slice):
      return slice[position]
    case .segments(let segments):
      var place = 0
      while position >= segments[place].indices.upperBound { place += 1 }
      return withExtendedLifetime(segments[place].owner) {
        segments[place].bytes[position - segments[place].indices.lowerBound]
      }
    }
  }

  /// Some of the bytes, under the same indices.
  ///
  /// - Complexity: O(1).
  public subscript(bounds: Range<Int>) -> PixelBytes {
    precondition(bounds.lowerBound >= startIndex && bounds.upperBound <= endIndex, "the range is within the bytes")
    switch storage {
    case .array(let slice): return PixelBytes(.array(slice[bounds]), bounds)
    case .segments: return PixelBytes(storage, bounds)
    }
  }
}

extension PixelBytes: ExpressibleByArrayLiteral {
  /// The given bytes.
  public init(arrayLiteral elements: UInt8...) {
    self.init(elements)
  }
}

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
      let pieces = segments.compactMap { $0.clamped(to: startIndex..<endIndex)?.bytes }
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
      pieces.count > 1 ? nil : try body(pieces.first ?? UnsafeBufferPointer(start: nil, count: 0))
    }
    if let inOnePiece { return inOnePiece }
    return try Array(self).withUnsafeBufferPointer(body)
  }

  /// As ``withUnsafeBufferPointer(_:)``, but nil where the bytes lie in several segments.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try withUnsafeSegments { pieces in
      pieces.count > 1 ? nil : try body(pieces.first ?? UnsafeBufferPointer(start: nil, count: 0))
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
          let areEqual = UnsafeBufferPointer(rebasing: first[..<count])
            .elementsEqual(UnsafeBufferPointer(rebasing: second[..<count]))
          guard areEqual else { return false }
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
