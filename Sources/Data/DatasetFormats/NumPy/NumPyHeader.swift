/// What stands before the elements in a .npy file: their type and byte order, the array's shape, and the order in which
/// its elements follow each other.
///
/// ```swift
/// let header = NumPyHeader(elementType: .uint8, shape: [60_000, 28, 28])
/// header.payloadByteCount  // 47_040_000
/// header.encoded           // 128 bytes, as numpy.save writes them
/// ```
///
/// The format is described at https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html . Its versions 1, 2
/// and 3 are read. The header is a Python dictionary in text; it is read strictly, as that and nothing else.
///
/// A size may be 0, which makes an empty array. But the sizes other than 0, multiplied by each other and by the bytes of
/// an element, have to fit in an `Int`, so that any product of sizes that a caller forms is safe.
public struct NumPyHeader: Equatable, Sendable {
  /// The longest header that is read; real ones have 128 bytes.
  public static let maximumByteCount = 1 << 16

  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The type of all elements.
  public let elementType: NumPyElementType

  /// Whether elements have their highest byte first.
  public let isBigEndian: Bool

  /// Whether the first index changes fastest from an element to the next, as in Fortran; else the last one.
  public let isFortranOrder: Bool

  /// The size of every dimension; none for a single number.
  public let shape: [Int]

  /// The number of elements: the product of the shape.
  public let elementCount: Int

  /// How many bytes the header takes in the file.
  public let byteCount: Int

  /// How many bytes the elements take in the file.
  public var payloadByteCount: Int { elementCount * elementType.byteCount }

  /// A header for an array of a shape, its last index changing fastest, its elements with the lowest byte first.
  ///
  /// - Precondition: no size is negative, and their product fits as said above.
  public init(elementType: NumPyElementType, shape: [Int]) {
    precondition(shape.allSatisfy { $0 >= 0 }, "a size is not negative")
    guard let elementCount = Self.elementCount(elementType, shape) else {
      preconditionFailure("the elements of an array can be counted")
    }
    self.elementType = elementType
    self.isBigEndian = false
    self.isFortranOrder = false
    self.shape = shape
    self.elementCount = elementCount
    self.byteCount = Self.encoded(elementType, shape).count
  }

  /// Reads the header at the beginning of a file. What follows it need not be there yet.
  ///
  /// - Throws: ``NumPyError``, which says at which byte what was expected.
  /// - Complexity: O(header).
  public init(parsing bytes: [UInt8]) throws(NumPyError) {
    guard bytes.starts(with: Self.signature.prefix(bytes.count)) else {
      throw NumPyError(.notNumPy(found: Array(bytes.prefix(16))), at: 0)
    }
    func require(_ count: Int) throws(NumPyError) {
      guard bytes.count >= count else {
        throw NumPyError(.headerCut(expected: count, found: bytes.count), at: bytes.count)
      }
    }
    try require(10)
    let (major, minor) = (bytes[6], bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw NumPyError(.unknownVersion(major: major, minor: minor), at: 6)
    }
    let textOffset = major == 1 ? 10 : 12
    try require(textOffset)
    let textByteCount = bytes[8..<textOffset].reversed().reduce(0) { $0 << 8 | Int($1) }
    byteCount = textOffset + textByteCount
    guard byteCount <= Self.maximumByteCount else {
      throw NumPyError(.headerTooLong(maximum: Self.maximumByteCount, found: byteCount), at: 8)
    }
    try require(byteCount)

    let fields = try HeaderText(parsing: bytes[textOffset..<byteCount]).fields
    (elementType, isBigEndian) = try Self.elementType(of: fields.descriptor)
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape
    guard let elementCount = Self.elementCount(elementType, shape) else {
      throw NumPyError(.overflow(shape: shape), at: textOffset)
    }
    self.elementCount = elementCount
  }

  /// The header's bytes as NumPy writes them, `byteCount` of them for a header that was not parsed.
  ///
  /// Written as version 1, with the last index changing fastest and the lowest byte first, also for a header that was
  /// parsed and says otherwise.
  public var encoded: [UInt8] { Self.encoded(elementType, shape) }

  private static func encoded(_ elementType: NumPyElementType, _ shape: [Int]) -> [UInt8] {
    let tuple =
      shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map { "\($0)" }.joined(separator: ", ") + ")"
    let order = elementType.byteCount == 1 ? "|" : "<"
    var text = "{'descr': '\(order)\(elementType.rawValue)', 'fortran_order': False, 'shape': \(tuple), }"
    // NumPy leaves room for the first size to grow to 21 digits in place, and ends on a multiple of 64,
    // adding something in any case.
    if let first = shape.first { text += String(repeating: " ", count: 21 - "\(first)".count) }
    let unpadded = 10 + text.utf8.count + 1
    text += String(repeating: " ", count: 64 - unpadded % 64) + "\n"
    let count = UInt16(text.utf8.count)
    return signature + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(text.utf8)
  }

  private static func elementType(of descriptor: HeaderText.Descriptor) throws(NumPyError) -> (NumPyElementType, Bool) {
    let (text, offset) = (descriptor.text, descriptor.offset)
    let order = text.first
    guard let order, "<>|".contains(order), let type = NumPyElementType(rawValue: String(text.dropFirst())),
      type.byteCount == 1 || order != "|"
    else { throw NumPyError(.unknownElementType(found: text), at: offset) }
    return (type, order == ">" && type.byteCount > 1)
  }

  /// Nil where a product of sizes could overflow.
  private static func elementCount(_ elementType: NumPyElementType, _ shape: [Int]) -> Int? {
    var product = elementType.byteCount
    for size in shape where size != 0 {
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      if overflows { return nil }
      product = next
    }
    // Room for the header, so that the file's length can be counted too.
    guard product <= Int.max - maximumByteCount else { return nil }
    return shape.contains(0) ? 0 : product / elementType.byteCount
  }
}
