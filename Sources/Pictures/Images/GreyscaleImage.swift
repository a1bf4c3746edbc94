/// A picture of 8-bit greys, from 0 for black to 255 for white, stored row after row: `[height, width]`.
///
/// ```swift
/// let digit = GreyscaleImage(width: 8, height: 8, pixels: values)  // values 0...16
/// let visible = digit.stretched(from: 0, to: 16).scaled(by: 12)    // values 0...255, 96 by 96 pixels
/// let bytes = try PNG.encode(visible)
/// ```
///
/// A picture may be empty, with no columns or no rows. An empty picture can be drawn but not written as PNG.
public struct GreyscaleImage: Sendable, Equatable {
  /// The number of columns.
  public let width: Int

  /// The number of rows.
  public let height: Int

  /// The greys, `[height, width]`, top row first.
  public internal(set) var pixels: [UInt8]

  /// Creates a picture from its greys.
  ///
  /// - Parameters:
  ///   - width: The number of columns.
  ///   - height: The number of rows.
  ///   - pixels: The greys, `[height, width]`, top row first.
  /// - Precondition: `pixels.count == width * height`, and neither side is negative.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width >= 0 && height >= 0, "the width and the height of a picture are not negative")
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    precondition(!overflow && pixels.count == count, "a picture needs width * height pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// Creates a picture of a single grey.
  ///
  /// - Precondition: Neither side is negative.
  public init(width: Int, height: Int, filledWith grey: UInt8) {
    precondition(width >= 0 && height >= 0, "the width and the height of a picture are not negative")
    self.init(width: width, height: height, pixels: Array(repeating: grey, count: width * height))
  }

  /// Accesses the grey in a column and a row, both counted from 0 at the top left.
  public subscript(x x: Int, y y: Int) -> UInt8 {
    get { pixels[place(x, y)] }
    set { pixels[place(x, y)] = newValue }
  }

  private func place(_ x: Int, _ y: Int) -> Int {
    precondition(x >= 0 && x < width && y >= 0 && y < height, "the pixel is outside the picture")
    return y * width + x
  }

  /// Returns the picture enlarged without smoothing: every pixel becomes a square of `factor` by `factor` pixels.
  ///
  /// - Parameter factor: The whole factor, at least 1. The factor 1 returns the same picture.
  /// - Returns: A picture of `[height * factor, width * factor]` pixels.
  /// - Complexity: O(width * height * factor²).
  public func scaled(by factor: Int) -> GreyscaleImage {
    precondition(factor >= 1, "the scale of a picture is at least 1")
    var result = GreyscaleImage(width: width * factor, height: height * factor, filledWith: 0)
    result.draw(self, x: 0, y: 0, scale: factor)
    return result
  }

  /// Returns the picture with the greys from `lowest` to `highest` stretched linearly to 0...255.
  ///
  /// A grey `v` becomes `255 * (v - lowest) / (highest - lowest)`, rounded to the nearest whole number. Halves are
  /// rounded up. Greys outside the range become 0 or 255. The 8x8 digits have values in 0...16, so
  /// `stretched(from: 0, to: 16)` shows them in full contrast: 8 becomes 128.
  ///
  /// - Precondition: `lowest < highest`.
  /// - Complexity: O(width * height).
  public func stretched(from lowest: UInt8, to highest: UInt8) -> GreyscaleImage {
    let greys = Self.greys(stretchedFrom: lowest, to: highest)
    return GreyscaleImage(width: width, height: height, pixels: pixels.map { greys[Int($0)] })
  }

  /// Returns the new value of each of the 256 greys after ``stretched(from:to:)``.
  package static func greys(stretchedFrom lowest: UInt8, to highest: UInt8) -> [UInt8] {
    precondition(lowest < highest, "the lowest grey is below the highest grey")
    let span = Int(highest) - Int(lowest)
    return (0...255).map { grey in
      let above = min(max(grey - Int(lowest), 0), span)
      return UInt8((2 * 255 * above + span) / (2 * span))
    }
  }
}

extension GreyscaleImage {
  /// Fills a rectangle with one grey. Pixels outside the picture are ignored.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, grey: UInt8) {
    let left = max(x, 0)
    let right = min(x + width, self.width)
    let top = max(y, 0)
    let bottom = min(y + height, self.height)
    guard left < right, top < bottom else { return }
    let rowLength = self.width
    pixels.withUnsafeMutableBufferPointer { target in
      for row in top..<bottom { target[row * rowLength + left..<row * rowLength + right].update(repeating: grey) }
    }
  }

  /// Draws another picture into this picture, enlarged by a whole number.
  ///
  /// Pixels outside this picture are ignored.
  ///
  /// - Parameters:
  ///   - image: The other picture.
  ///   - x: The column in which the left edge of `image` is placed.
  ///   - y: The row in which the top edge of `image` is placed.
  ///   - scale: The factor of the enlargement, at least 1. Each pixel becomes a square of this side.
  /// - Complexity: O(image.width * image.height * scale²).
  public mutating func draw(_ image: GreyscaleImage, x: Int, y: Int, scale: Int = 1) {
    precondition(scale >= 1, "the scale of a picture is at least 1")
    let left = max(x, 0)
    let right = min(x + image.width * scale, width)
    let top = max(y, 0)
    let bottom = min(y + image.height * scale, height)
    guard left < right, top < bottom else { return }
    let rowLength = width
    pixels.withUnsafeMutableBufferPointer { target in
      image.pixels.withUnsafeBufferPointer { source in
        for row in top..<bottom {
          let line = row * rowLength + left..<row * rowLength + right
          // Each row of `image` becomes `scale` equal rows. Only the first of these rows is computed; the other rows
          // are copies.
          if row > top, !(row - y).isMultiple(of: scale) {
            _ = target[line].update(fromContentsOf: target[line.lowerBound - rowLength..<line.upperBound - rowLength])
            continue
          }
          let sourceStart = (row - y) / scale * image.width
          for column in (left - x) / scale...(right - 1 - x) / scale {
            let start = max(x + column * scale, left)
            let end = min(x + (column + 1) * scale, right)
            target[row * rowLength + start..<row * rowLength + end].update(repeating: source[sourceStart + column])
          }
        }
      }
    }
  }
}
