/// A line and single marks, drawn with the dots of braille characters: two dots wide and four high in each character.
///
/// ```swift
/// BrailleChart(columnCount: 20, rowCount: 3, x: 0...10, y: 0...1).lines(points, marks: [])
/// ```
package struct BrailleChart {
  /// A place by its values.
  package typealias Point = (x: Double, y: Double)

  /// What marks are drawn as.
  package static let mark: Unicode.Scalar = "•"

  let columnCount: Int
  let rowCount: Int
  /// What the first and the last column of dots stand for.
  let x: ClosedRange<Double>
  /// What the lowest and the highest row of dots stand for.
  let y: ClosedRange<Double>

  /// A chart of at least one character, and its axes.
  package init(columnCount: Int, rowCount: Int, x: ClosedRange<Double>, y: ClosedRange<Double>) {
    precondition(columnCount > 0 && rowCount > 0, "a chart has room for a character")
    self.columnCount = columnCount
    self.rowCount = rowCount
    self.x = x
    self.y = y
  }

  /// The chart's lines, top to bottom, each `columnCount` characters long.
  ///
  /// - Parameters:
  ///   - points: the corners of the line, in the order of their x. What is no finite number is left out, and what lies
  ///     outside of the ranges is drawn at their edge.
  ///   - marks: drawn as ``mark``, over the line.
  /// - Complexity: O(points + marks + dots).
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
    // Scalars, as characters take much longer to put together.
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

  /// The dot of a point, counted from the left and from the top.
  private func place(of point: Point) -> (x: Int, y: Int)? {
    guard point.x.isFinite, point.y.isFinite else { return nil }
    func dot(_ value: Double, _ range: ClosedRange<Double>, _ count: Int) -> Int {
      let length = range.upperBound - range.lowerBound
      let share = length > 0 ? (value - range.lowerBound) / length : 0
      return Int((min(max(share, 0), 1) * Double(count - 1)).rounded())
    }
    return (dot(point.x, x, columnCount * 2), rowCount * 4 - 1 - dot(point.y, y, rowCount * 4))
  }

  private func set(_ dots: inout [UInt8], _ x: Int, _ y: Int) {
    // The dots of a character are numbered down its columns, but for the lowest row, which came later.
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    dots[y / 4 * columnCount + x / 2] |= bits[y % 4][x % 2]
  }
}
