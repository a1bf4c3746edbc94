internal import Datasets

/// The rules for the first line of a CSV file: whether the line is a header, and which image size it gives.
enum CSVHeader {
  /// Returns whether the first line is a header of column names.
  ///
  /// The first cell of a header is text. If all other cells are numbers, there are two cases:
  ///
  /// - Numbers that count up from 0 or 1 are column names, because some programs number their columns.
  /// - Any other numbers are the pixels of an image with a damaged label.
  static func isHeader(_ line: CSVLine) -> Bool {
    guard !line.beginsWithNumber else { return false }
    guard line.cellCount <= LabelledCSVReader.maximumImagePixelCount + 1, let names = try? line.names().dropFirst()
    else {
      return true
    }
    let numbers = names.map { Int($0) }
    guard let first = numbers.first ?? nil, !numbers.contains(nil) else { return true }
    return first <= 1 && numbers.enumerated().allSatisfy { $0.element == first + $0.offset }
  }

  /// Determines the image size from the first line and from the size that the caller gives.
  ///
  /// - Parameters:
  ///   - line: the first line that is not blank.
  ///   - isHeader: whether the line holds column names.
  ///   - given: the size that the caller gives, if any.
  /// - Throws: ``LabelledCSVError`` if the size is unknown, or if the line contradicts the given size.
  static func imageSize(
    of line: CSVLine, isHeader: Bool, given: ImageSize?
  ) throws(LabelledCSVError) -> ImageSize {
    let pixelCount = line.cellCount - 1
    // Check the count before splitting the line. Otherwise, a line of commas would create millions of column names.
    guard (1...LabelledCSVReader.maximumImagePixelCount).contains(pixelCount) else {
      throw .pixelCountOutOfRange(
        line: line.number, maximum: LabelledCSVReader.maximumImagePixelCount, found: pixelCount)
    }
    let named = isHeader ? try namedSize(of: line) : nil
    if let given {
      if let named, named != given { throw .otherSize(line: line.number, expected: given, found: named) }
      guard given.pixelCount == pixelCount else {
        throw .wrongCellCount(line: line.number, expected: given.pixelCount + 1, found: pixelCount + 1)
      }
      return given
    }
    if let named { return named }
    let side = Int(Double(pixelCount).squareRoot().rounded())
    guard side * side == pixelCount else { throw .unknownSize(line: line.number, pixelCount: pixelCount) }
    return ImageSize(rowCount: side, columnCount: side)
  }

  /// Returns the image size that the column names give; nil if the names give no size.
  private static func namedSize(of line: CSVLine) throws(LabelledCSVError) -> ImageSize? {
    let names = try line.names()
    if let index = names.dropFirst().firstIndex(where: { $0.lowercased() == "label" }) {
      throw .labelsNotFirst(line: line.number, column: index + 1)
    }
    guard place(names[0]) == nil, pixelIndex(names[0]) == nil else {
      throw .noLabels(line: line.number, found: names[0])
    }
    if place(names[1]) != nil { return try size(line.number, names) }
    // Some programs number pixels from 1.
    if let first = pixelIndex(names[1]) {
      guard first <= 1 else {
        throw .wrongName(line: line.number, column: 2, expected: "pixel0", found: excerpt(names[1]))
      }
      let prefix = names[1].dropLast()
      for index in 1..<names.count where names[index] != "\(prefix)\(first + index - 1)" {
        throw .wrongName(
          line: line.number, column: index + 1, expected: "\(prefix)\(first + index - 1)", found: excerpt(names[index]))
      }
    }
    return nil
  }

  /// Returns the size of images whose columns are named `1x1`, `1x2` and so on.
  private static func size(_ line: Int, _ names: [String]) throws(LabelledCSVError) -> ImageSize {
    let columnCount = place(names[names.count - 1])?.column ?? 0
    var (row, column) = (1, 1)
    for (index, name) in names.enumerated().dropFirst() {
      guard name == "\(row)x\(column)" else {
        throw .wrongName(line: line, column: index + 1, expected: "\(row)x\(column)", found: excerpt(name))
      }
      column += 1
      if column > columnCount { (row, column) = (row + 1, 1) }
    }
    return ImageSize(rowCount: row - 1, columnCount: columnCount)
  }

  /// Returns the row and column in a name such as `3x14`; nil for any other name.
  private static func place(_ name: String) -> (row: Int, column: Int)? {
    let parts = name.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let row = number(parts[0]), let column = number(parts[1]) else { return nil }
    return (row, column)
  }

  /// Returns the number in a name such as `pixel12`; nil for any other name.
  private static func pixelIndex(_ name: String) -> Int? {
    let digits = name.drop { !$0.isNumber }
    return name.lowercased().hasPrefix("pixel") && name.count == digits.count + 5 ? number(digits) : nil
  }

  private static func number(_ digits: Substring) -> Int? {
    (1...7).contains(digits.utf8.count) && digits.utf8.allSatisfy { (48...57).contains($0) } ? Int(digits) : nil
  }

  private static func excerpt(_ name: String) -> String { name.count > 24 ? name.prefix(24) + "..." : name }
}
