/// One line of a CSV file, without its line ending.
struct CSVLine {
  /// The line number, counted from 1.
  let number: Int
  private let bytes: UnsafeRawBufferPointer

  private static let comma = UInt8(ascii: ",")
  private static let zero = UInt8(ascii: "0")

  /// Creates a line from its bytes up to the line feed.
  ///
  /// Removes the byte-order mark of the first line and the carriage return at the end.
  init(number: Int, bytes: UnsafeRawBufferPointer) {
    self.number = number
    var bytes = bytes[...]
    if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    self.bytes = UnsafeRawBufferPointer(rebasing: bytes)
  }

  var isBlank: Bool { bytes.allSatisfy(CSVCell.isSpace) }

  /// Whether the first cell is a number. The number may be negative, fractional or too large for a pixel.
  var beginsWithNumber: Bool {
    let cell = cell(at: 0)
    switch cell.number {
    case .success: return true
    case .failure(let complaint): return complaint != .notANumber && complaint != .empty
    }
  }

  var cellCount: Int { bytes.reduce(1) { $0 + ($1 == Self.comma ? 1 : 0) } }

  /// Returns the text of each cell, without surrounding spaces and quotes.
  ///
  /// - Throws: ``LabelledCSVError`` if a cell contains a control character or a quote that is not closed.
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

  /// Reads the numbers of the line into a row.
  ///
  /// - Parameter row: the memory for the label and the pixels. The line must have exactly `row.count` cells.
  /// - Throws: ``LabelledCSVError`` if the number of cells is wrong, or if a cell is not a whole number from 0 to 255.
  func readNumbers(into row: UnsafeMutableBufferPointer<UInt8>) throws(LabelledCSVError) {
    guard let base = bytes.baseAddress, let row = row.baseAddress.map({ ($0, row.count) }) else { return }
    let (numbers, count) = row
    // The text `0,0,0,0,` as an integer. Most pixels of MNIST are 0, so the loop reads four zeros at once.
    let zeros = UInt64(littleEndian: 0x2C30_2C30_2C30_2C30)
    var column = 0
    // The offset of the next cell in the line. The offset of an empty last cell is the line's length. After the last
    // cell, the offset is the line's length plus one.
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
        // An empty last cell usually means that the line was cut off.
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

  /// Reads a number of one to three digits and the comma after it.
  ///
  /// - Parameter four: the next four bytes of the line. The first byte is in the lowest bits.
  /// - Returns: the number, and the length of the number with its comma; nil for any other text or a number over 255.
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
    if let byte = cell.controlCharacter { throw .noText(line: number, column: column, byte: byte) }
  }
}

/// A cell of a CSV line: the text between two commas.
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

  /// The number of bytes up to the next comma.
  var byteCount: Int { bytes.count }

  /// The text of the cell, without surrounding spaces and quotes.
  var text: String { String(decoding: content, as: UTF8.self) }

  /// Whether every quote in the cell is closed in the same cell. A comma inside quotes also ends the cell.
  var hasClosedQuotes: Bool {
    let quote = UInt8(ascii: "\"")
    let trimmed = Self.trimmed(bytes)
    return trimmed.count(where: { $0 == quote }).isMultiple(of: 2)
      && (trimmed.first == quote) == (trimmed.last == quote)
  }

  /// The first bytes of the content, short enough for an error message.
  var excerpt: String {
    let maximum = 24
    return String(decoding: content.prefix(maximum), as: UTF8.self) + (content.count > maximum ? "..." : "")
  }

  /// The first control character other than a tab; nil if there is none.
  var controlCharacter: UInt8? { bytes.first { ($0 < 32 && $0 != 9) || $0 == 127 } }

  static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  /// The content as a number from 0 to 255, or the reason why the content is not valid.
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
