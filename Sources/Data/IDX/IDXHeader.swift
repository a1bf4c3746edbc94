/// The header of an IDX file: the type of the elements and the size of every dimension.
///
/// ```swift
/// let header = IDXHeader(elementType: .uint8, dimensions: [60_000, 28, 28])
/// header.headerByteCount   // 16
/// header.payloadByteCount  // 47_040_000
/// ```
///
/// An IDX file begins with two zero bytes, one byte for the element type, and one byte for the rank (the number of
/// dimensions). The size of each dimension follows as four bytes, the highest byte first. MNIST's page describes the
/// format: http://yann.lecun.com/exdb/mnist/ .
///
/// The size of a dimension is from 0 to 4,294,967,295. If a size is 0, the array is empty. The length of the file must
/// fit in an `Int`, even if sizes of 0 are replaced by 1. NumPy has the same rule. Callers can therefore multiply any
/// of the sizes without an overflow.
public struct IDXHeader: Equatable, Sendable {
  /// The number of bytes in the longest header, which has 255 dimensions.
  public static let maximumByteCount = 4 + 4 * 255
  /// The type of all elements.
  public let elementType: IDXElementType
  /// The size of each dimension. There are from 1 to 255 dimensions. The index of the first dimension changes slowest.
  public let dimensions: [Int]
  /// The number of elements, which is the product of the dimensions.
  public let elementCount: Int

  /// The number of bytes in the header.
  public var headerByteCount: Int { 4 + 4 * dimensions.count }
  /// The number of bytes in all elements together.
  public var payloadByteCount: Int { elementCount * elementType.byteCount }
  package var fileByteCount: Int { headerByteCount + payloadByteCount }
  package var shapeText: String { "\(elementType) \(dimensions)" }

  /// Creates a header from the type of the elements and the shape of the array.
  ///
  /// - Precondition: There are from 1 to 255 dimensions. Each dimension is from 0 to 4,294,967,295. The length of the
  ///   file fits in an `Int`, even if dimensions of 0 are replaced by 1.
  public init(elementType: IDXElementType, dimensions: [Int]) {
    precondition((1...255).contains(dimensions.count), "an IDX array has from 1 to 255 dimensions")
    precondition(dimensions.allSatisfy { UInt32(exactly: $0) != nil }, "a dimension of an IDX array fits in 32 bits")
    guard let elementCount = Self.elementCount(elementType, dimensions) else {
      preconditionFailure("the length of an IDX file fits in an Int")
    }
    self.elementType = elementType
    self.dimensions = dimensions
    self.elementCount = elementCount
  }

  /// Reads the header at the beginning of a file. The bytes after the header are not needed.
  ///
  /// - Throws: ``IDXError`` with the offset of the error and the expected value.
  /// - Complexity: O(rank).
  public init(parsing bytes: [UInt8]) throws(IDXError) {
    guard bytes.prefix(2).allSatisfy({ $0 == 0 }) else { throw .notIDX(found: Array(bytes.prefix(16))) }
    guard bytes.count >= 4 else { throw .headerCut(expected: 4, found: bytes.count) }
    guard let elementType = IDXElementType(rawValue: bytes[2]) else { throw .unknownElementType(found: bytes[2]) }
    let rank = Int(bytes[3])
    guard rank > 0 else { throw .rankZero }
    guard bytes.count >= 4 + 4 * rank else { throw .headerCut(expected: 4 + 4 * rank, found: bytes.count) }
    let dimensions = (1...rank).map { bytes[(4 * $0)..<(4 * $0 + 4)].reduce(0) { $0 << 8 | Int($1) } }
    guard Self.elementCount(elementType, dimensions) != nil else { throw .overflow(dimensions: dimensions) }
    self.init(elementType: elementType, dimensions: dimensions)
  }

  /// Checks that the unpacked length of a file equals the length of the header plus the length of the elements.
  package func check(fileByteCount found: Int) throws(IDXError) {
    if found < fileByteCount { throw .payloadCut(expected: fileByteCount, found: found) }
    if found > fileByteCount { throw .trailingBytes(expected: fileByteCount, found: found) }
  }

  /// The bytes of the header, `[headerByteCount]`.
  public var encoded: [UInt8] {
    let sizes = dimensions.flatMap { size in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
    }
    return [0, 0, elementType.rawValue, UInt8(dimensions.count)] + sizes
  }

  /// Returns the number of elements; nil if the length of the file does not fit in an `Int`.
  ///
  /// A size of 0 counts as 1 in the length of the file.
  private static func elementCount(_ elementType: IDXElementType, _ dimensions: [Int]) -> Int? {
    // The limit leaves 1024 bytes for the header, so that the length of the whole file fits in an `Int` too.
    var byteCount = elementType.byteCount
    for size in dimensions where size > 0 {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      if overflow || product > Int.max - 1024 { return nil }
      byteCount = product
    }
    return dimensions.contains(0) ? 0 : byteCount / elementType.byteCount
  }
}
