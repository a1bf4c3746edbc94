/// A collection of the pixels of many images. Each pixel is one byte.
///
/// The bytes are in an array, or in memory that another object owns, such as a mapped file.
///
/// ```swift
/// let pixels = PixelBytes([0, 128, 255])
/// print(pixels[1], pixels[1...].count)  // 128 2
/// ```
///
/// The bytes never change, so copies and slices share the same memory. The memory may consist of several segments, for
/// example one segment for each mapped file. All segments together form one collection. A slice keeps the indices of
/// the original collection.
///
/// - Complexity: Access to an element takes O(number of segments). A data set of this package has 1 or 2 segments.
public struct PixelBytes: Sendable {
  @usableFromInline
  enum Storage: Sendable {
    case array(ArraySlice<UInt8>)
    /// One or more segments in the order of their indices. No segment is empty.
    case segments([Segment])
  }

  /// A piece of memory that stays valid and in place as long as its owner exists.
  @usableFromInline
  struct Segment: @unchecked Sendable {
    /// The bytes of the segment. No code writes to the bytes, so every thread may read them.
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    @usableFromInline let indices: Range<Int>
    @usableFromInline let owner: any AnyObject & Sendable

    /// Returns the part of the segment whose indices are inside the limits; nil if this part is empty.
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
  /// The index after the last byte.
  public let endIndex: Int

  init(_ storage: Storage, _ indices: Range<Int>) {
    self.storage = storage
    (startIndex, endIndex) = (indices.lowerBound, indices.upperBound)
  }

  /// Creates a collection of pixels from any collection of bytes.
  ///
  /// The result shares the memory and the indices of an array, an array slice or another `PixelBytes`. Any other
  /// collection is copied, and the indices of the copy start at 0.
  ///
  /// - Complexity: O(1) if the memory is shared, O(*n*) if the bytes are copied.
  public init(_ bytes: some Collection<UInt8>) {
    if let bytes = bytes as? PixelBytes {
      self = bytes
    } else {
      let slice = (bytes as? [UInt8]).map { $0[...] } ?? bytes as? ArraySlice<UInt8> ?? Array(bytes)[...]
      self.init(.array(slice), slice.indices)
    }
  }

  /// Creates a collection from memory that `owner` keeps valid and unchanged. The bytes are not copied.
  ///
  /// The collection and its copies hold a reference to the owner. The indices begin at 0.
  public init(memory: UnsafeRawBufferPointer, owner: any AnyObject & Sendable) {
    let bytes = memory.bindMemory(to: UInt8.self)
    guard !bytes.isEmpty else {
      self.init([])
      return
    }
    self.init(.segments([Segment(bytes: bytes, indices: bytes.indices, owner: owner)]), bytes.indices)
  }

  /// Creates a collection by joining parts in order. The indices start at 0.
  ///
  /// If every part is memory with an owner, the parts share their memory with the result. If any part is an array, all
  /// bytes are copied.
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
  /// Returns the byte at an index.
  ///
  /// - Complexity: O(number of segments).
  @inlinable
  public subscript(position: Int) -> UInt8 {
    precondition(position >= startIndex && position < endIndex, "the index is within the bytes")
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

  /// Returns a slice of the bytes. The slice keeps the indices of the bytes.
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
  /// Creates a collection of the bytes in an array literal.
  public init(arrayLiteral elements: UInt8...) {
    self.init(elements)
  }
}

extension PixelBytes {
  /// Calls `body` with the segments of memory that hold the bytes, in order.
  ///
  /// No segment is empty. The memory is valid only during the call. No bytes are copied.
  ///
  /// - Complexity: O(number of segments).
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

  /// Calls `body` with one buffer that holds all bytes. The buffer is valid only during the call.
  ///
  /// - Complexity: O(1) if all bytes are in one segment, for example the bytes of one image. O(count) if the bytes are
  ///   in several segments, because the bytes are copied.
  public func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let inOnePiece = try withUnsafeSegments { (pieces) throws(Failure) -> Result? in
      pieces.count > 1 ? nil : try body(pieces.first ?? UnsafeBufferPointer(start: nil, count: 0))
    }
    if let inOnePiece { return inOnePiece }
    return try Array(self).withUnsafeBufferPointer(body)
  }

  /// Calls `body` with one buffer that holds all bytes; returns nil if the bytes are in several segments.
  ///
  /// Unlike ``withUnsafeBufferPointer(_:)``, this method never copies the bytes.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try withUnsafeSegments { pieces in
      pieces.count > 1 ? nil : try body(pieces.first ?? UnsafeBufferPointer(start: nil, count: 0))
    }
  }

  /// The range from the smallest to the largest byte; nil if there are no bytes.
  ///
  /// - Complexity: O(count). The search ends early once both 0 and 255 are found.
  public var valueRange: ClosedRange<UInt8>? {
    guard !isEmpty else { return nil }
    // The search ends once both 0 and 255 are found. This condition is tested only after each block of 16 KiB, so that
    // the test costs almost no time.
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

  /// Returns the smallest byte; nil if there are no bytes.
  public func min() -> UInt8? { valueRange?.lowerBound }

  /// Returns the largest byte; nil if there are no bytes.
  public func max() -> UInt8? { valueRange?.upperBound }
}

extension PixelBytes: Equatable {
  /// Returns whether two collections have the same bytes in the same order.
  ///
  /// Equal collections may have different segments and indices.
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
  /// Creates an array of the pixels. If the pixels are a whole array, the result shares the memory of that array.
  ///
  /// - Complexity: O(1) if the pixels are a whole array, otherwise O(count).
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
