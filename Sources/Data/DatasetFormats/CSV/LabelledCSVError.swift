public import Datasets
public import Memory

/// Why bytes are not a CSV file of labelled images. Lines and columns count from 1; a line's column is its cell's number.
public enum LabelledCSVError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong with a cell that should be a whole number from 0 to 255.
  public enum Complaint: String, Error, Sendable {
    /// There is nothing in it.
    case empty = "nothing"
    /// It is no number at all.
    case notANumber = "no number"
    /// It is below 0.
    case negative = "a negative number"
    /// It is not whole.
    case fractional = "a fraction"
    /// It is above 255.
    case tooLarge = "a number that is too large"
  }

  /// There are no lines, or blank ones alone.
  case empty
  /// There is a header, and no line after it.
  case noRows
  /// A label or a pixel is no whole number from 0 to 255; `found` is the beginning of the cell.
  case wrongCell(line: Int, column: Int, Complaint, found: String)
  /// A line has fewer cells, or more, than the image's pixels and its label.
  case wrongCellCount(line: Int, expected: Int, found: Int)
  /// A line is longer than so many cells can make it.
  case lineTooLong(line: Int, maximumByteCount: Int)
  /// A blank line has others after it.
  case blankLine(line: Int)
  /// A byte that no text has.
  case noText(line: Int, column: Int, byte: UInt8)
  /// A quote in the header has no second one in its cell; `found` is the beginning of the cell.
  case unclosedQuote(line: Int, column: Int, found: String)
  /// The lines together have more pixels than are read.
  case tooManyPixels(line: Int, maximum: Int)
  /// The pixels up to here need more memory than there is.
  case memory(line: Int, MemoryError)
  /// The first column is named as a pixel's.
  case noLabels(line: Int, found: String)
  /// A column after the first one is named as the labels'.
  case labelsNotFirst(line: Int, column: Int)
  /// The header's names are not in the order of the pixels.
  case wrongName(line: Int, column: Int, expected: String, found: String)
  /// The pixels make no square, and neither the header nor the caller says what else they make.
  case unknownSize(line: Int, pixelCount: Int)
  /// The header says another size than the caller.
  case otherSize(line: Int, expected: ImageSize, found: ImageSize)
  /// A line has labels alone, or more pixels than are read.
  case pixelCountOutOfRange(line: Int, maximum: Int, found: Int)

  /// One sentence that begins with the place, such as `line 3, column 5: expected ...`.
  public var description: String {
    switch self {
    case .empty:
      "expected a line of a label and pixels for each image, found an empty file"
    case .noRows:
      "expected a line for each image after the header, found none"
    case .wrongCell(let line, let column, let complaint, let found):
      "line \(line), column \(column): expected \(column == 1 ? "a label" : "a pixel") from 0 to 255, "
        + "found \(complaint.rawValue)" + (complaint == .empty ? "" : ": \(found)")
    case .wrongCellCount(let line, let expected, let found):
      "line \(line): expected \(expected) cells, a label and \(expected - 1) pixels, found \(found)"
    case .lineTooLong(let line, let maximum):
      "line \(line): expected at most \(maximum) bytes, found more"
    case .blankLine(let line):
      "line \(line): expected a label and pixels, found a blank line with others after it"
    case .noText(let line, let column, let byte):
      "line \(line), column \(column): expected text, found the byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
    case .unclosedQuote(let line, let column, let found):
      "line \(line), column \(column): expected quotes in pairs, without a comma between them, found \(found)"
    case .tooManyPixels(let line, let maximum):
      "line \(line): expected at most \(maximum) pixels up to here, found more"
    case .memory(let line, let error):
      "line \(line): the file up to here \(error)"
    case .noLabels(let line, let found):
      "line \(line), column 1: expected the labels' column, found one named \(found)"
    case .labelsNotFirst(let line, let column):
      "line \(line), column \(column): expected the labels in column 1, found them here"
    case .wrongName(let line, let column, let expected, let found):
      "line \(line), column \(column): expected the name \(expected), as the names before it go on, found \(found)"
    case .unknownSize(let line, let pixelCount):
      "line \(line): \(pixelCount) pixels are no square: the images' rows and columns must be given"
    case .otherSize(let line, let expected, let found):
      "line \(line): expected the names of \(expected) pixels, as the given size is, found those of \(found)"
    case .pixelCountOutOfRange(let line, let maximum, let found):
      "line \(line): expected from 1 to \(maximum) pixels, found \(found)"
    }
  }
}
