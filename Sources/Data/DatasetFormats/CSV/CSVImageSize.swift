/// The size of an image in a CSV file: `rows` by `columns`.
public struct CSVImageSize: Equatable, Sendable, CustomStringConvertible {
  /// The pixels' rows.
  public let rowCount: Int
  /// The pixels' columns.
  public let columnCount: Int

  /// The most pixels of an image that is written or read: a side of 1,024, as a line of 4 MB holds.
  public static let maximumPixelCount = 1 << 20

  /// A size.
  ///
  /// - Precondition: both counts are 1 or more, and their product is at most ``maximumPixelCount``.
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 1 && columnCount >= 1, "an image has pixels")
    precondition(rowCount <= Self.maximumPixelCount / columnCount, "a line holds 2^20 pixels at most")
    self.rowCount = rowCount
    self.columnCount = columnCount
  }

  /// The square of so many pixels; nil where there is none.
  init?(squareOf pixelCount: Int) {
    guard (1...Self.maximumPixelCount).contains(pixelCount) else { return nil }
    let side = Int(Double(pixelCount).squareRoot().rounded())
    guard side * side == pixelCount else { return nil }
    self.init(rowCount: side, columnCount: side)
  }

  /// The number of pixels.
  public var pixelCount: Int { rowCount * columnCount }

  /// Such as `28x28`, rows first.
  public var description: String { "\(rowCount)x\(columnCount)" }
}
