/// A chart of a line and of single marks, drawn with braille characters. Each character has two columns and four rows
/// of dots.
///
/// ```swift
/// BrailleChart(columnCount: 20, rowCount: 3, x: 0...10, y: 0...1).lines(points, marks: [])
/// ```
package struct BrailleChart {
  /// A point of the chart, in units of its axes.
  package typealias Point = (x: Double, y: Double)

  /// The character that is drawn for a mark.
  package static let mark: Unicode.Scalar = "•"

  let columnCount: Int
  let rowCount: Int
  /// The values at the first and the last column of dots.
  let x: ClosedRange<Double>
  /// The values at the lowest and the highest row of dots.
  let y: ClosedRange<Double>

  /// Creates a chart of `columnCount` by `rowCount` characters.
  ///
  /// - Parameters:
  ///   - columnCount: The number of characters in a line, at least 1.
  ///   - rowCount: The number of lines, at least 1.
  ///   - x: The values at the first and the last column of dots.
  ///   - y: The values at the lowest and the highest row of dots.
  package init(columnCount: Int, rowCount: Int, x: ClosedRange<Double>, y: ClosedRange<Double>) {
    precondition(columnCount > 0 && rowCount > 0, "a chart has at least one character")
    self.columnCount = columnCount
    self.rowCount = rowCount
    self.x = x
    self.y = y
  }

  /// Returns the chart's lines, top to bottom, each `columnCount` characters long.
  ///
  /// Points with an infinite or NaN coordinate are left out. Points outside the axes are drawn at the nearest edge.
  ///
  /// - Parameters:
  ///   - points: The points that the line connects, in increasing order of x.
  ///   - marks: Single points that are drawn over the line as ``mark``.
  /// - Complexity: O(*n* + *d*) for *n* points and marks, and *d* dots.
  package func lines(_ points: [Point], marks: [Point]) -> [String] {
    var dots = [UInt8](repeating: 0, count: columnCount * rowCount)
    var last: (x: Int, y: Int)?
    for point in points {
      guard let place = place(of: point) else { continue }
      let from = last ?? place
      let steps = max(abs(place.x - from.x), abs(place.y - from.y), 1)
      for step in 0...steps {
        set(&dots, from.x + (place.x - from.x) * step / steps, from.y + (place.y - from.y) * step / steps)
      }
      last = place
    }
    // Building strings from Unicode scalars is faster than building strings from characters.
    var scalars = dots.map { $0 == 0 ? " " : Unicode.Scalar(0x2800 + UInt32($0)) ?? " " }
    for mark in marks {
      guard let place = place(of: mark) else { continue }
      scalars[place.y / 4 * columnCount + place.x / 2] = Self.mark
    }
    return (0..<rowCount).map { row in
      var line = String.UnicodeScalarView()
      line.append(contentsOf: scalars[row * columnCount..<(row + 1) * columnCount])
      return String(line)
    }
  }

  /// Returns the column and the row of a point's dot, counted from the upper left corner; nil if a coordinate is
  /// infinite or NaN.
  private func place(of point: Point) -> (x: Int, y: Int)? {
    guard point.x.isFinite, point.y.isFinite else { return nil }
    func dot(_ value: Double, _ range: ClosedRange<Double>, _ count: Int) -> Int {
      let length = range.upperBound - range.lowerBound
      let fraction = length > 0 ? (value - range.lowerBound) / length : 0
      return Int((min(max(fraction, 0), 1) * Double(count - 1)).rounded())
    }
    return (dot(point.x, x, columnCount * 2), rowCount * 4 - 1 - dot(point.y, y, rowCount * 4))
  }

  private func set(_ dots: inout [UInt8], _ x: Int, _ y: Int) {
    // The bits of a braille character: Unicode numbers the upper three dots of each column first. The two dots of the
    // fourth row have the last two bits.
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    dots[y / 4 * columnCount + x / 2] |= bits[y % 4][x % 2]
  }
}
