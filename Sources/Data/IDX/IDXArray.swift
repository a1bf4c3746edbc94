/// An array of numbers of one type and any shape, in the form of an IDX file: the format of MNIST and its family.
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
/// The value is the file's bytes together with the assurance that they are whole: the header makes sense and exactly as
/// many bytes follow as it declares. So parsing and encoding copy nothing, and the bytes of the elements can be had
/// without a copy as ``payload``.
public struct IDXArray: Sendable {
  /// The elements' type and the array's shape.
  public let header: IDXHeader

  private let bytes: [UInt8]

  /// Takes a whole file.
  ///
  /// - Throws: ``IDXError``, which says at which byte what was expected.
  /// - Complexity: O(rank); the elements are not looked at.
  public init(parsing bytes: [UInt8]) throws(IDXError) {
    header = try IDXHeader(parsing: bytes)
    try header.check(fileByteCount: bytes.count)
    self.bytes = bytes
  }

  /// An array of elements, the last dimension changing fastest.
  ///
  /// - Precondition: `elements.count` is the product of `dimensions`, which are as ``IDXHeader`` allows.
  /// - Complexity: O(`elements.count`).
  public init<Element: IDXElement>(_ elements: [Element], dimensions: [Int]) {
    let header = IDXHeader(elementType: Element.idxElementType, dimensions: dimensions)
    precondition(elements.count == header.elementCount, "an array has as many elements as its dimensions say")
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

  /// The elements, the last dimension changing fastest, `[header.elementCount]`.
  ///
  /// - Throws: ``IDXError/wrongElementType(expected:found:)`` if the file holds elements of another type.
  /// - Complexity: O(`header.elementCount`); for `UInt8` and `Int8` one copy of memory.
  public func elements<Element: IDXElement>(as type: Element.Type = Element.self) throws(IDXError) -> [Element] {
    guard type.idxElementType == header.elementType else {
      throw .wrongElementType(expected: type.idxElementType, found: header.elementType)
    }
    precondition(MemoryLayout<Element>.stride == header.elementType.byteCount, "an element has its type's size")
    return payload.withUnsafeBytes { source in
      [Element](unsafeUninitializedCapacity: header.elementCount) { target, initializedCount in
        let memory = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target).prefix(source.count))
        copy(source, to: memory, elementByteCount: header.elementType.byteCount)
        initializedCount = header.elementCount
      }
    }
  }

  /// The elements as they stand in the file, each with its highest byte first; for `uint8` these are the elements.
  ///
  /// It shares the file's memory. Its indices begin at `header.headerByteCount`, not at 0.
  public var payload: ArraySlice<UInt8> { bytes[header.headerByteCount...] }

  /// The whole file. It shares the array's memory.
  public func encoded() -> [UInt8] { bytes }
}

extension IDXArray: Equatable {
  /// Whether two arrays have equal types, shapes and elements, these bit by bit: a NaN equals itself, 0 is not -0.
  public static func == (left: IDXArray, right: IDXArray) -> Bool {
    left.bytes == right.bytes
  }
}

extension IDXArray: CustomStringConvertible {
  /// The type and the shape, such as `uint8 [60000, 28, 28]`.
  public var description: String { header.shapeText }
}

/// Copies elements between the file's byte order, highest first, and the machine's: both ways reverse each element.
private func copy(
  _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, elementByteCount: Int
) {
  target.copyMemory(from: source)
  guard elementByteCount > 1, 1.bigEndian != 1 else { return }
  for start in stride(from: 0, to: target.count, by: elementByteCount) {
    target[start..<(start + elementByteCount)].reverse()
  }
}
