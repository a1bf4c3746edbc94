/// The header of a .npy file. It describes the type, the byte order and the storage order of the elements, and the
/// shape of the array.
///
/// ```swift
/// let header = NumPyHeader(elementType: .uint8, shape: [60_000, 28, 28])
/// header.payloadByteCount  // 47_040_000
/// header.encoded           // 128 bytes, as numpy.save writes them
/// ```
///
/// Source of the format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html . Versions 1, 2 and 3
/// of the format are read. The text of the header is a Python dictionary. The parser accepts only strings, booleans and
/// tuples of whole numbers in the dictionary.
///
/// If a dimension has the size 0, the array is empty. The product of all nonzero sizes and the element's byte count
/// must fit in an `Int`. Callers can therefore multiply any of the sizes without overflow.
package struct NumPyHeader: Equatable, Sendable {
  /// The maximum length, in bytes, of a header that is read. Typical headers have 128 bytes.
  package static let maximumByteCount = 1 << 16

  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  package let elementType: NumPyElementType
  package let isBigEndian: Bool
  /// Whether the elements are in Fortran order, in which the first index changes fastest. In C order, the last index
  /// changes fastest.
  package let isFortranOrder: Bool
  /// The size of each dimension. The shape of a single number is empty.
  package let shape: [Int]
  package let elementCount: Int
  /// The length of the header in the file, in bytes.
  package let byteCount: Int
  package var payloadByteCount: Int { elementCount * elementType.byteCount }

  /// Creates a header for an array in C order with little-endian elements.
  ///
  /// - Precondition: no size is negative, and the product of the nonzero sizes and the element's byte count fits in an
  ///   `Int`.
  package init(elementType: NumPyElementType, shape: [Int]) {
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

  /// Reads the header from the beginning of a file. The bytes after the header may be missing.
  ///
  /// - Throws: ``NumPyError`` if the header is invalid. The error has the offset of the problem.
  /// - Complexity: O(*n*) in the length of the header.
  package init(parsing bytes: [UInt8]) throws(NumPyError) {
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

    let text = try parseDictionary(bytes[textOffset..<byteCount])
    (elementType, isBigEndian) = try Self.elementType(of: text.descriptor)
    isFortranOrder = text.isFortranOrder
    shape = text.shape
    guard let elementCount = Self.elementCount(elementType, shape) else {
      throw NumPyError(.overflow(shape: shape), at: textOffset)
    }
    self.elementCount = elementCount
  }

  /// The bytes of the header in the form that NumPy writes.
  ///
  /// The result always has version 1, C order and little-endian elements. It can therefore differ from the bytes that a
  /// header was read from.
  package var encoded: [UInt8] { Self.encoded(elementType, shape) }

  private static func encoded(_ elementType: NumPyElementType, _ shape: [Int]) -> [UInt8] {
    let tuple =
      shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map { "\($0)" }.joined(separator: ", ") + ")"
    let order = elementType.byteCount == 1 ? "|" : "<"
    var text = "{'descr': '\(order)\(elementType.rawValue)', 'fortran_order': False, 'shape': \(tuple), }"
    // NumPy reserves space so that the first size can grow to 21 digits. NumPy then adds at least one space, so that
    // the length of the header is a multiple of 64 bytes.
    if let first = shape.first { text += String(repeating: " ", count: 21 - "\(first)".count) }
    let unpadded = 10 + text.utf8.count + 1
    text += String(repeating: " ", count: 64 - unpadded % 64) + "\n"
    let count = UInt16(text.utf8.count)
    return signature + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(text.utf8)
  }

  /// Returns the element type, and whether the elements are big-endian.
  ///
  /// - Parameter descriptor: NumPy's name for the type, and the offset of the name in the file.
  private static func elementType(
    of descriptor: (text: String, offset: Int)
  ) throws(NumPyError) -> (NumPyElementType, Bool) {
    let text = descriptor.text
    guard let order = text.first, "<>|".contains(order),
      let type = NumPyElementType(rawValue: String(text.dropFirst())),
      type.byteCount == 1 || order != "|"
    else { throw NumPyError(.unknownElementType(found: text), at: descriptor.offset) }
    return (type, order == ">" && type.byteCount > 1)
  }

  /// Returns the number of elements; nil if a product of sizes could overflow.
  private static func elementCount(_ elementType: NumPyElementType, _ shape: [Int]) -> Int? {
    var product = elementType.byteCount
    for size in shape where size != 0 {
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      if overflows { return nil }
      product = next
    }
    // Leave room for the byte count of the header, so that the length of the file does not overflow either.
    guard product <= Int.max - maximumByteCount else { return nil }
    return shape.contains(0) ? 0 : product / elementType.byteCount
  }

  /// Checks that the length of a file is the total length of the header and the elements.
  func check(fileByteCount: Int) throws(NumPyError) {
    let expected = byteCount + payloadByteCount
    guard fileByteCount == expected else {
      throw NumPyError(.length(expected: expected, found: fileByteCount), at: min(expected, fileByteCount))
    }
  }
}

/// The element types that can be read. The raw value is NumPy's name for the type, without the byte order.
package enum NumPyElementType: String, CaseIterable, Sendable {
  case uint8 = "u1"
  case int8 = "i1"
  case bool = "b1"
  case uint16 = "u2"
  case int16 = "i2"
  case uint32 = "u4"
  case int32 = "i4"
  case uint64 = "u8"
  case int64 = "i8"
  case float32 = "f4"
  case float64 = "f8"

  package var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }
}

/// Parses the Python dictionary in the header of a .npy file.
///
/// - Parameter bytes: the text of the header. The indices of the slice are offsets in the file.
/// - Returns: the values in the dictionary, and the offset of the element type's name.
/// - Throws: ``NumPyError`` if the text is not the required dictionary.
private func parseDictionary(
  _ bytes: ArraySlice<UInt8>
) throws(NumPyError) -> (descriptor: (text: String, offset: Int), isFortranOrder: Bool, shape: [Int]) {
  var scanner = LiteralScanner(bytes)
  var descriptor: (text: String, offset: Int)?
  var isFortranOrder: Bool?
  var shape: [Int]?
  try scanner.expect("{")
  while !scanner.skip("}") {
    let offset = scanner.nextOffset
    let key = try scanner.string()
    try scanner.expect(":")
    switch key {
    case "descr" where descriptor == nil:
      let offset = scanner.nextOffset
      if let found = scanner.peek, [UInt8(ascii: "["), UInt8(ascii: "(")].contains(found) {
        throw NumPyError(.structured, at: offset)
      }
      descriptor = (try scanner.string(), offset)
    case "fortran_order" where isFortranOrder == nil: isFortranOrder = try scanner.truth()
    case "shape" where shape == nil: shape = try scanner.tuple()
    case "descr", "fortran_order", "shape": throw NumPyError(.repeatedKey(key), at: offset)
    default: throw NumPyError(.unknownKey(key), at: offset)
    }
    if !scanner.skip(",") {
      try scanner.expect("}")
      break
    }
  }
  if scanner.peek != nil { throw scanner.failure("the header's end") }
  func require<Value>(_ value: Value?, _ key: String) throws(NumPyError) -> Value {
    guard let value else { throw NumPyError(.missingKey(key), at: bytes.startIndex) }
    return value
  }
  return (
    try require(descriptor, "descr"), try require(isFortranOrder, "fortran_order"), try require(shape, "shape")
  )
}

/// A scanner that reads Python's strings, booleans and tuples of numbers from a text.
private struct LiteralScanner {
  /// The maximum number of dimensions, the same as in NumPy.
  private static let maximumRank = 64

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var nextOffset: Int {
    mutating get {
      skipSpace()
      return position
    }
  }

  /// The next byte that is not white space; nil at the end.
  var peek: UInt8? {
    mutating get {
      skipSpace()
      return position < bytes.endIndex ? bytes[position] : nil
    }
  }

  /// The next few characters, put in quotes for an error message.
  var excerpt: String {
    position < bytes.endIndex ? "'" + printable(bytes[position...].prefix(12)) + "'" : "the end of the header"
  }

  /// Skips white space, and then the given character if it comes next.
  ///
  /// - Returns: whether the character was skipped.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(NumPyError) {
    guard skip(character) else { throw failure("'\(character)'") }
  }

  /// Reads a string in single or double quotes. A string with escapes is an error.
  mutating func string() throws(NumPyError) -> String {
    guard let mark = peek, mark == UInt8(ascii: "'") || mark == UInt8(ascii: "\"") else { throw failure("a string") }
    let start = position + 1
    guard let end = bytes[start...].firstIndex(of: mark), !bytes[start..<end].contains(UInt8(ascii: "\\")) else {
      throw failure("a string without escapes")
    }
    position = end + 1
    return printable(bytes[start..<end])
  }

  mutating func truth() throws(NumPyError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw failure("True or False")
  }

  mutating func tuple() throws(NumPyError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !skip(")") {
      guard sizes.count < Self.maximumRank else { throw failure("at most \(Self.maximumRank) sizes") }
      sizes.append(try size())
      if !skip(",") {
        // In Python, a single number in parentheses is not a tuple.
        guard sizes.count > 1 else { throw failure("','") }
        try expect(")")
        break
      }
    }
    return sizes
  }

  /// Reads the size of a dimension. Python 2 wrote some numbers with an `L` at the end.
  private mutating func size() throws(NumPyError) -> Int {
    skipSpace()
    let digits = bytes[position...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard let size = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { throw failure("a size that fits in 63 bits") }
    position += digits.count
    if position < bytes.endIndex, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return size
  }

  private mutating func skipSpace() {
    position += bytes[position...].prefix { [0x20, 0x09, 0x0A, 0x0D].contains($0) }.count
  }

  func failure(_ expected: String) -> NumPyError {
    NumPyError(.syntax(expected: expected, found: excerpt), at: position)
  }
}

/// Returns at most 60 bytes as text for an error message. A question mark replaces each byte that is not printable
/// ASCII.
private func printable(_ bytes: ArraySlice<UInt8>) -> String {
  String(decoding: bytes.prefix(60).map { 0x20..<0x7F ~= $0 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
}
