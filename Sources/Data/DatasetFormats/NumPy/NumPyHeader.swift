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
package struct NumPyHeader: Equatable, Sendable {
  /// The longest header that is read; real ones have 128 bytes.
  package static let maximumByteCount = 1 << 16

  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  package let elementType: NumPyElementType
  package let isBigEndian: Bool
  /// Whether the first index changes fastest from an element to the next, as in Fortran; else the last one.
  package let isFortranOrder: Bool
  /// The size of every dimension; none for a single number.
  package let shape: [Int]
  package let elementCount: Int
  /// How many bytes the header takes in the file.
  package let byteCount: Int
  package var payloadByteCount: Int { elementCount * elementType.byteCount }

  /// A header for an array of a shape, its last index changing fastest, its elements with the lowest byte first.
  ///
  /// - Precondition: no size is negative, and their product fits as said above.
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

  /// Reads the header at the beginning of a file. What follows it need not be there yet.
  ///
  /// - Throws: ``NumPyError``, which says at which byte what was expected.
  /// - Complexity: O(header).
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

  /// The header's bytes as NumPy writes them, `byteCount` of them for a header that was not parsed.
  ///
  /// Written as version 1, with the last index changing fastest and the lowest byte first, also for a header that was
  /// parsed and says otherwise.
  package var encoded: [UInt8] { Self.encoded(elementType, shape) }

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

  /// The element type and whether its highest byte is first, by NumPy's name for them and its place in the file.
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

  /// Checks that a file has just the header's and the elements' bytes.
  func check(fileByteCount: Int) throws(NumPyError) {
    let expected = byteCount + payloadByteCount
    guard fileByteCount == expected else {
      throw NumPyError(.length(expected: expected, found: fileByteCount), at: min(expected, fileByteCount))
    }
  }
}

/// The kinds of numbers that are read from NumPy's arrays. The raw value is NumPy's name without the byte order.
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

/// The dictionary in a .npy file's header: Python's notation, read as far as such headers need it, and strictly.
///
/// - Parameter bytes: the text, whose indices are the places in the file.
/// - Returns: what the dictionary says; of the element type its name, and where in the file that is.
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

/// Reads Python's strings, truth values and tuples of numbers, one after the other.
private struct LiteralScanner {
  /// NumPy's own limit.
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

  /// The next byte that is no space.
  var peek: UInt8? {
    mutating get {
      skipSpace()
      return position < bytes.endIndex ? bytes[position] : nil
    }
  }

  /// The next few characters, to be quoted in an error.
  var excerpt: String {
    position < bytes.endIndex ? "'" + printable(bytes[position...].prefix(12)) + "'" : "its end"
  }

  /// Passes over a character, if it is the next one.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(NumPyError) {
    guard skip(character) else { throw failure("'\(character)'") }
  }

  /// A string in quotation marks of either kind, without escapes.
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
        // In Python a single number in parentheses is no tuple.
        guard sizes.count > 1 else { throw failure("','") }
        try expect(")")
        break
      }
    }
    return sizes
  }

  /// A number, also with the L at its end with which Python 2 wrote some.
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

/// Text of ASCII characters, with a question mark for every other byte, and up to a length that fits in a sentence.
private func printable(_ bytes: ArraySlice<UInt8>) -> String {
  String(decoding: bytes.prefix(60).map { 0x20..<0x7F ~= $0 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
}
