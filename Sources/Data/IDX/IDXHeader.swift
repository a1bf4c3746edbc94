/// What stands before an IDX file's elements: their type, and the size of every dimension.
///
/// ```swift
/// let header = IDXHeader(elementType: .uint8, dimensions: [60_000, 28, 28])
/// header.headerByteCount   // 16
/// header.payloadByteCount  // 47_040_000
/// ```
///
/// In the file: two zero bytes, a byte for the type, a byte for the rank (the number of dimensions), and each size as
/// four bytes, the highest first. The format is described on MNIST's page, http://yann.lecun.com/exdb/mnist/ .
///
/// A size may be anything that its four bytes can say, and 0 makes an empty array. But the sizes other than 0,
/// multiplied by each other and by the bytes of an element, have to leave the file's length within an `Int` (NumPy's
/// rule too), so that any product of sizes that a caller forms is safe.
public struct IDXHeader: Equatable, Sendable {
  /// The longest header, that of an array of 255 dimensions.
  public static let maximumByteCount = 4 + 4 * 255
  /// The type of all elements.
  public let elementType: IDXElementType
  /// The size of every dimension, the slowest-changing first; from 1 to 255 sizes.
  public let dimensions: [Int]
  /// The number of elements: the product of the dimensions.
  public let elementCount: Int

  /// How many bytes the header takes in the file.
  public var headerByteCount: Int { 4 + 4 * dimensions.count }
  /// How many bytes the elements take in the file.
  public var payloadByteCount: Int { elementCount * elementType.byteCount }
  package var fileByteCount: Int { headerByteCount + payloadByteCount }
  package var shapeText: String { "\(elementType) \(dimensions)" }

  /// A header for elements of a type, in an array of a shape.
  ///
  /// - Precondition: from 1 to 255 dimensions, each from 0 to 4,294,967,295, and their product fits as said above.
  public init(elementType: IDXElementType, dimensions: [Int]) {
    precondition((1...255).contains(dimensions.count), "an IDX array has from 1 to 255 dimensions")
    precondition(dimensions.allSatisfy { UInt32(exactly: $0) != nil }, "a dimension of an IDX array fits in 32 bits")
    guard let elementCount = Self.elementCount(elementType, dimensions) else {
      preconditionFailure("the elements of an IDX array can be counted")
    }
    self.elementType = elementType
    self.dimensions = dimensions
    self.elementCount = elementCount
  }

  /// Reads the header at the beginning of a file. What follows it need not be there yet.
  ///
  /// - Throws: ``IDXError``, which says at which byte what was expected.
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

  /// Checks that an unpacked file has just the header's and the elements' bytes.
  package func check(fileByteCount found: Int) throws(IDXError) {
    if found < fileByteCount { throw .payloadCut(expected: fileByteCount, found: found) }
    if found > fileByteCount { throw .trailingBytes(expected: fileByteCount, found: found) }
  }

  /// The header's bytes, `headerByteCount` of them.
  public var encoded: [UInt8] {
    let sizes = dimensions.flatMap { size in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
    }
    return [0, 0, elementType.rawValue, UInt8(dimensions.count)] + sizes
  }

  /// The number of elements, if all products of sizes up to the file's length can be told.
  private static func elementCount(_ elementType: IDXElementType, _ dimensions: [Int]) -> Int? {
    // Room is left for the header, so that the file's length fits too.
    var byteCount = elementType.byteCount
    for size in dimensions where size > 0 {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      if overflow || product > Int.max - 1024 { return nil }
      byteCount = product
    }
    return dimensions.contains(0) ? 0 : byteCount / elementType.byteCount
  }
}
