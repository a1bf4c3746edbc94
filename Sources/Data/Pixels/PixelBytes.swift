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
      for segment in found {
        let indices = segment.indices.clamped(to: part.startIndex..<part.endIndex)
        guard !indices.isEmpty else { continue }
        let first = indices.lowerBound - segment.indices.lowerBound
        segments.append(
          Segment(
            bytes: UnsafeBufferPointer(rebasing: segment.bytes[first..<first + indices.count]),
            indices: count..<count + indices.count, owner: segment.owner))
        count += indices.count
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
