public import Datasets
public import Memory

/// The reason why a CSV file of labelled images cannot be read.
///
/// Lines and columns are counted from 1. A column is the position of a cell in its line.
public enum LabelledCSVError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The reason why a cell is not a whole number from 0 to 255.
  public enum Complaint: String, Error, Sendable {
    /// The cell is empty.
    case empty = "an empty cell"
    /// The cell is not a number.
    case notANumber = "text that is not a number"
    /// The number is less than 0.
    case negative = "a negative number"
    /// The number is not whole.
    case fractional = "a fraction"
    /// The number is greater than 255.
    case tooLarge = "a number that is too large"
  }

  /// The file has no lines, or only blank lines.
  case empty
  /// The file has a header but no image.
  case noRows
  /// A label or a pixel is not a whole number from 0 to 255. `found` is the beginning of the cell.
  case wrongCell(line: Int, column: Int, Complaint, found: String)
  /// A line has a wrong number of cells. A line needs one cell for the label and one cell for each pixel.
  case wrongCellCount(line: Int, expected: Int, found: Int)
  /// A line is longer than the maximum for its number of cells.
  case lineTooLong(line: Int, maximumByteCount: Int)
  /// A blank line is not at the end of the file.
  case blankLine(line: Int)
  /// A cell contains a control character, which text cannot contain.
  case noText(line: Int, column: Int, byte: UInt8)
  /// A quote in a cell of the header is not closed. `found` is the beginning of the cell.
  case unclosedQuote(line: Int, column: Int, found: String)
  /// The whole file has more pixels than the maximum.
  case tooManyPixels(line: Int, maximum: Int)
  /// The images up to this line need more memory than is available.
  case memory(line: Int, MemoryError)
  /// The first column has the name of a pixel, so the file has no labels.
  case noLabels(line: Int, found: String)
  /// A column other than the first has the name of the label column.
  case labelsNotFirst(line: Int, column: Int)
  /// The names of the pixel columns are not in the order of the pixels.
  case wrongName(line: Int, column: Int, expected: String, found: String)
  /// The pixels do not form a square, and neither the header nor the caller gives the image size.
  case unknownSize(line: Int, pixelCount: Int)
  /// The header gives a different image size than the caller.
  case otherSize(line: Int, expected: ImageSize, found: ImageSize)
  /// A line has no pixels, or more pixels than the maximum for one image.
  case pixelCountOutOfRange(line: Int, maximum: Int, found: Int)

  /// One sentence that explains the error. If the place is known, the sentence begins with the place.
  ///
  /// Example: `line 3, column 5: expected ...`.
  public var description: String {
    switch self {
    case .empty:
      "expected one line for each image (a label, then its pixels), found an empty file"
    case .noRows:
      "expected one line for each image after the header, found no more lines"
    case .wrongCell(let line, let column, let complaint, let found):
      "line \(line), column \(column): expected \(column == 1 ? "a label" : "a pixel value") from 0 to 255, "
        + "found \(complaint.rawValue)" + (complaint == .empty ? "" : ": \(found)")
    case .wrongCellCount(let line, let expected, let found):
      "line \(line): expected \(expected) cells (a label and \(expected - 1) pixels), found \(found)"
    case .lineTooLong(let line, let maximum):
      "line \(line): expected a line of at most \(maximum) bytes, found a longer one"
    case .blankLine(let line):
      "line \(line): expected a label and pixels, found a blank line before the end of the file"
    case .noText(let line, let column, let byte):
      "line \(line), column \(column): expected text in UTF-8, "
        + "found the byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
    case .unclosedQuote(let line, let column, let found):
      "line \(line), column \(column): expected an opening and a closing quote in the same cell, found \(found)"
    case .tooManyPixels(let line, let maximum):
      "line \(line): expected at most \(maximum) pixels in the whole file, found more"
    case .memory(let line, let error):
      "line \(line): the data up to this line \(error)"
    case .noLabels(let line, let found):
      "line \(line), column 1: expected the column of labels, found a column named \(found)"
    case .labelsNotFirst(let line, let column):
      "line \(line), column \(column): expected the labels in column 1, found them in column \(column)"
    case .wrongName(let line, let column, let expected, let found):
      "line \(line), column \(column): expected the column name \(expected), found \(found)"
    case .unknownSize(let line, let pixelCount):
      "line \(line): \(pixelCount) pixels do not form a square image"
    case .otherSize(let line, let expected, let found):
      "line \(line): expected column names for images of \(expected) pixels, the given size, found names for \(found)"
    case .pixelCountOutOfRange(let line, let maximum, let found):
      "line \(line): expected a label and from 1 to \(maximum) pixels, separated by commas, found \(found) pixels"
    }
  }
}
