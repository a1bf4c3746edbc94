/// One line of a CSV file, without its end.
struct CSVLine {
  /// Counted from 1.
  let number: Int
  private let bytes: UnsafeRawBufferPointer

  private static let comma = UInt8(ascii: ",")
  private static let zero = UInt8(ascii: "0")

  /// - Parameter bytes: the line up to its line feed. A byte-order mark before the first line, and a carriage return, are
  ///   no part of it.
  init(number: Int, bytes: UnsafeRawBufferPointer) {
    self.number = number
    var bytes = bytes[...]
    if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    self.bytes = UnsafeRawBufferPointer(rebasing: bytes)
  }

  var isBlank: Bool { bytes.allSatisfy(CSVCell.isSpace) }

  /// Whether the first cell is a number, of whatever kind.
  var beginsWithNumber: Bool {
    let cell = cell(at: 0)
    switch cell.number {
    case .success: return true
    case .failure(let complaint): return complaint != .notANumber && complaint != .empty
    }
  }

  var cellCount: Int { bytes.reduce(1) { $0 + ($1 == Self.comma ? 1 : 0) } }

  /// All cells as text, without spaces and quotes around them.
  ///
  /// - Throws: ``LabelledCSVError`` for bytes that are no text, and for a quote that is not closed in its cell.
  func names() throws(LabelledCSVError) -> [String] {
    var names: [String] = []
    var start = 0
    while start <= bytes.count {
      let cell = cell(at: start)
      try check(cell, column: names.count + 1)
      guard cell.hasClosedQuotes else {
        throw .unclosedQuote(line: number, column: names.count + 1, found: cell.excerpt)
      }
      names.append(cell.text)
      start += cell.byteCount + 1
    }
    return names
  }

  /// Reads as many numbers as there is room for, which must be all of the line's.
  func readNumbers(into row: UnsafeMutableBufferPointer<UInt8>) throws(LabelledCSVError) {
    guard let base = bytes.baseAddress, let row = row.baseAddress.map({ ($0, row.count) }) else { return }
    let (numbers, count) = row
    // Four zeros, which most of MNIST is.
    let zeros = UInt64(littleEndian: 0x2C30_2C30_2C30_2C30)
    var column = 0
    // The start of a cell; the line's length when the last comma ends the line, and one more when there is no cell left.
    var at = 0
    while column < count {
      let left = bytes.count - at
      if left >= 8, count - column > 4, (base + at).loadUnaligned(as: UInt64.self) == zeros {
        UnsafeMutableRawPointer(numbers + column).storeBytes(of: 0, as: UInt32.self)
        column += 4
        at += 8
        continue
      }
      if left >= 4 {
        let four = UInt32(littleEndian: (base + at).loadUnaligned(as: UInt32.self))
        if let (number, byteCount) = Self.plainNumber(four) {
          numbers[column] = number
          column += 1
          at += byteCount
          continue
        }
      }
      guard left >= 0 else { throw .wrongCellCount(line: number, expected: count, found: column) }
      let cell = cell(at: at)
      switch cell.number {
      case .success(let number):
        numbers[column] = number
      case .failure(let complaint):
        try check(cell, column: column + 1)
        // A line that ends in an empty cell is more likely cut than filled wrongly.
        if complaint == .empty, left == 0 { throw .wrongCellCount(line: number, expected: count, found: column) }
        throw .wrongCell(line: number, column: column + 1, complaint, found: cell.excerpt)
      }
      column += 1
      at += cell.byteCount + 1
    }
    guard at > bytes.count else {
      throw .wrongCellCount(line: number, expected: count, found: cellCount)
    }
  }

  /// One to three digits and a comma, at the beginning of four bytes: the number, and how many bytes they are.
  @inline(__always)
  private static func plainNumber(_ four: UInt32) -> (number: UInt8, byteCount: Int)? {
    @inline(__always) func byte(_ index: UInt32) -> UInt32 { four >> (8 * index) & 255 }
    let (first, second, third) = (byte(0) &- 48, byte(1) &- 48, byte(2) &- 48)
    let comma = UInt32(comma) &- 48
    guard first < 10 else { return nil }
    if second == comma { return (UInt8(truncatingIfNeeded: first), 2) }
    guard second < 10 else { return nil }
    let two = first * 10 + second
    if third == comma { return (UInt8(truncatingIfNeeded: two), 3) }
    guard third < 10, byte(3) == UInt32(Self.comma) else { return nil }
    let three = two * 10 + third
    return three < 256 ? (UInt8(truncatingIfNeeded: three), 4) : nil
  }

  private func cell(at start: Int) -> CSVCell {
    let rest = bytes[start...]
    return CSVCell(bytes: UnsafeRawBufferPointer(rebasing: rest[..<(rest.firstIndex(of: Self.comma) ?? rest.endIndex)]))
  }

  private func check(_ cell: CSVCell, column: Int) throws(LabelledCSVError) {
    if let byte = cell.byteThatIsNoText { throw .noText(line: number, column: column, byte: byte) }
  }
}

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
