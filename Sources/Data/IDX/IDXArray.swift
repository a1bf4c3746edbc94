/// A multidimensional array of numbers of one type, stored as the bytes of an IDX file.
///
/// IDX is the file format of MNIST and of similar data sets.
///
/// ```swift
/// let file = try IDXArray(parsing: bytes)
/// file.header.dimensions  // [60000, 28, 28]
/// let pixels = try file.elements(as: UInt8.self)
///
/// let labels = IDXArray([5, 0, 4] as [UInt8], dimensions: [3])
/// labels.encoded()  // 11 bytes
/// ```
///
/// The initializer checks that the header is valid and that the file has the length that the header states. The array
/// keeps the bytes of the file, so parsing and encoding copy no bytes. ``payload`` gives access to the elements' bytes
/// without a copy.
public struct IDXArray: Sendable {
  /// The elements' type and the array's shape.
  public let header: IDXHeader

  private let bytes: [UInt8]

  /// Creates an array from the bytes of a whole IDX file.
  ///
  /// - Throws: ``IDXError`` with the offset of the error and the expected value.
  /// - Complexity: O(rank), because the elements are not read.
  public init(parsing bytes: [UInt8]) throws(IDXError) {
    header = try IDXHeader(parsing: bytes)
    try header.check(fileByteCount: bytes.count)
    self.bytes = bytes
  }

  /// Creates an array from its elements in row-major order: the last index changes fastest.
  ///
  /// - Precondition: `elements.count` is the product of `dimensions`, and `dimensions` is valid for an ``IDXHeader``.
  /// - Complexity: O(`elements.count`).
  public init<Element: IDXElement>(_ elements: [Element], dimensions: [Int]) {
    let header = IDXHeader(elementType: Element.idxElementType, dimensions: dimensions)
    precondition(elements.count == header.elementCount, "the number of elements is the product of the dimensions")
    self.header = header
    self.bytes = elements.withUnsafeBytes { source in
      [UInt8](unsafeUninitializedCapacity: header.fileByteCount) { target, initializedCount in
        let file = UnsafeMutableRawBufferPointer(target)
        file.copyBytes(from: header.encoded)
        let payload = UnsafeMutableRawBufferPointer(rebasing: file[header.headerByteCount...].prefix(source.count))
        copy(source, to: payload, elementByteCount: header.elementType.byteCount)
        initializedCount = header.fileByteCount
      }
    }
  }

  /// Returns the elements, `[header.elementCount]`.
  ///
  /// The elements are in row-major order: the last index changes fastest.
  ///
  /// - Throws: ``IDXError/wrongElementType(expected:found:)`` if the file holds elements of another type.
  /// - Complexity: O(`header.elementCount`). Elements of one byte are copied without a conversion.
  public func elements<Element: IDXElement>(as type: Element.Type = Element.self) throws(IDXError) -> [Element] {
    guard type.idxElementType == header.elementType else {
      throw .wrongElementType(expected: type.idxElementType, found: header.elementType)
    }
    precondition(
      MemoryLayout<Element>.stride == header.elementType.byteCount, "the Swift type has the size of the element type")
    return payload.withUnsafeBytes { source in
      [Element](unsafeUninitializedCapacity: header.elementCount) { target, initializedCount in
        let memory = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target).prefix(source.count))
        copy(source, to: memory, elementByteCount: header.elementType.byteCount)
        initializedCount = header.elementCount
      }
    }
  }

  /// The bytes of the elements in the byte order of the file: the highest byte of each element comes first.
  ///
  /// If the elements are `uint8`, each byte is one element. The slice shares the array's memory. The indices of the
  /// slice begin at `header.headerByteCount`, not at 0.
  public var payload: ArraySlice<UInt8> { bytes[header.headerByteCount...] }

  /// Returns the bytes of the whole IDX file. The result shares the array's memory.
  public func encoded() -> [UInt8] { bytes }
}

extension IDXArray: Equatable {
  /// Returns whether two arrays have the same element type, the same shape and the same bits in all elements.
  ///
  /// A NaN equals a NaN with the same bits, and 0 differs from -0.
  public static func == (left: IDXArray, right: IDXArray) -> Bool {
    left.bytes == right.bytes
  }
}

extension IDXArray: CustomStringConvertible {
  /// The element type and the shape as text, such as `uint8 [60000, 28, 28]`.
  public var description: String { header.shapeText }
}

/// Copies elements between a file and memory, and converts their byte order.
///
/// In the file, the highest byte of each element comes first.
///
/// On a little-endian machine, the function reverses the bytes of each element in both directions.
private func copy(
  _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, elementByteCount: Int
) {
  target.copyMemory(from: source)
  guard elementByteCount > 1, 1.bigEndian != 1 else { return }
  for start in stride(from: 0, to: target.count, by: elementByteCount) {
    target[start..<(start + elementByteCount)].reverse()
  }
}
