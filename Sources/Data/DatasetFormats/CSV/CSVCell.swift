/// What stands between two commas.
struct CSVCell {
  private let bytes: UnsafeRawBufferPointer
  private let content: UnsafeRawBufferPointer

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    var content = Self.trimmed(bytes)
    let quote = UInt8(ascii: "\"")
    if content.count >= 2, content.first == quote, content.last == quote {
      content = Self.trimmed(UnsafeRawBufferPointer(rebasing: content.dropFirst().dropLast()))
    }
    self.content = content
  }

  /// All bytes up to the comma.
  var byteCount: Int { bytes.count }

  /// The content without spaces and quotes around it.
  var text: String { String(decoding: content, as: UTF8.self) }

  /// Whether every quote in the cell has a second one. A comma inside quotes would split such a pair between two cells.
  var hasClosedQuotes: Bool {
    let quote = UInt8(ascii: "\"")
    let trimmed = Self.trimmed(bytes)
    return trimmed.count(where: { $0 == quote }).isMultiple(of: 2)
      && (trimmed.first == quote) == (trimmed.last == quote)
  }

  /// The content's beginning, fit for a line of an error.
  var excerpt: String {
    let maximum = 24
    return String(decoding: content.prefix(maximum), as: UTF8.self) + (content.count > maximum ? "..." : "")
  }

  /// A control character other than a tab.
  var byteThatIsNoText: UInt8? { bytes.first { ($0 < 32 && $0 != 9) || $0 == 127 } }

  static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  /// The content as a number from 0 to 255.
  var number: Result<UInt8, LabelledCSVError.Complaint> {
    guard !content.isEmpty else { return .failure(.empty) }
    let isNegative = content.first == UInt8(ascii: "-")
    let unsigned = UnsafeRawBufferPointer(rebasing: content.dropFirst(isNegative ? 1 : 0))
    let whole = unsigned.prefix(while: Self.isDigit)
    var fraction = unsigned.dropFirst(whole.count)
    if fraction.first == UInt8(ascii: ".") {
      fraction.removeFirst()
    } else if !fraction.isEmpty {
      return .failure(.notANumber)
    }
    guard fraction.allSatisfy(Self.isDigit), !whole.isEmpty || !fraction.isEmpty else { return .failure(.notANumber) }
    if isNegative { return .failure(.negative) }
    guard fraction.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return .failure(.fractional) }
    var number = 0
    for digit in whole {
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
      if number > 255 { return .failure(.tooLarge) }
    }
    return .success(UInt8(number))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var rest = bytes[...]
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return UnsafeRawBufferPointer(rebasing: rest)
  }
}
