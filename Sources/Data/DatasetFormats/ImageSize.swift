/// The size of images: rows by columns.
///
/// ```swift
/// let size = ImageSize("28x28")
/// ```
public struct ImageSize: Equatable, Sendable {
  /// The pixels' rows.
  public let rowCount: Int
  /// The pixels' columns.
  public let columnCount: Int

  /// A size.
  ///
  /// - Precondition: both counts are 1 or more, and their product can be told.
  public init(rowCount: Int, columnCount: Int) {
    precondition(rowCount >= 1 && columnCount >= 1, "an image has pixels")
    precondition(!rowCount.multipliedReportingOverflow(by: columnCount).overflow, "an image's pixels can be counted")
    self.rowCount = rowCount
    self.columnCount = columnCount
  }

  /// The number of pixels.
  public var pixelCount: Int { rowCount * columnCount }
}

extension ImageSize: LosslessStringConvertible {
  /// The size that a text such as `28x28` tells, rows first; nil for any other text.
  public init?(_ text: String) {
    let counts = text.split(separator: "x", omittingEmptySubsequences: false).map { digits in
      digits.allSatisfy { ("0"..."9").contains($0) } ? Int(digits) ?? 0 : 0
    }
    guard counts.count == 2, counts.allSatisfy({ $0 >= 1 }),
      !counts[0].multipliedReportingOverflow(by: counts[1]).overflow
    else { return nil }
    self.init(rowCount: counts[0], columnCount: counts[1])
  }

  /// Such as `28x28`, rows first.
  public var description: String { "\(rowCount)x\(columnCount)" }
}
