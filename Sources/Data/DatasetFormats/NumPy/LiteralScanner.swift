/// Reads Python's strings, truth values and tuples of numbers, one after the other.
struct LiteralScanner {
  /// NumPy's own limit.
  private static let maximumRank = 64

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Where the next thing begins.
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

  /// Where something other than space follows; nil if nothing does.
  var offsetOfRest: Int? {
    mutating get { peek == nil ? nil : position }
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

  /// A tuple of sizes.
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

  private func failure(_ expected: String) -> NumPyError {
    NumPyError(.syntax(expected: expected, found: excerpt), at: position)
  }
}

/// Text of ASCII characters, with a question mark for every other byte, and up to a length that fits in a sentence.
private func printable(_ bytes: ArraySlice<UInt8>) -> String {
  String(decoding: bytes.prefix(60).map { 0x20..<0x7F ~= $0 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
}
