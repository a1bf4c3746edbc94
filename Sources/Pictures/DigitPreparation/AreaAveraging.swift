/// Scaling in which each new pixel is the mean of the area that it covers, parts of pixels counted in part.
enum AreaAveraging {
  /// How much of each old pixel a new one covers, along one axis.
  private struct Coverage {
    let first: Int
    let weights: [Double]
  }

  private static func coverages(of range: Range<Int>, newCount: Int) -> [Coverage] {
    let step = Double(range.count) / Double(newCount)
    return (0..<newCount).map { index in
      let start = Double(index) * step
      let end = Double(index + 1) * step
      let first = Int(start)
      let last = max(first + 1, min(range.count, Int(end.rounded(.up))))
      let weights = (first..<last).map { old in
        (min(end, Double(old + 1)) - max(start, Double(old))) / step
      }
      return Coverage(first: range.lowerBound + first, weights: weights)
    }
  }

  /// A rectangle of a plane scaled to another size, `[height, width]`.
  ///
  /// - Complexity: O(the rectangle's area + height * width).
  static func scale(
    _ plane: Plane, columns: Range<Int>, rows: Range<Int>, width: Int, height: Int
  ) -> Plane {
    let across = coverages(of: columns, newCount: width)
    let down = coverages(of: rows, newCount: height)
    var narrow = [Double](repeating: 0, count: rows.count * width)
    plane.values.withUnsafeBufferPointer { source in
      for y in rows {
        for (x, coverage) in across.enumerated() {
          var sum = 0.0
          let start = y * plane.width + coverage.first
          for (offset, weight) in coverage.weights.enumerated() { sum += source[start + offset] * weight }
          narrow[(y - rows.lowerBound) * width + x] = sum
        }
      }
    }
    var values = [Double](repeating: 0, count: width * height)
    for (y, coverage) in down.enumerated() {
      for x in 0..<width {
        var sum = 0.0
        for (offset, weight) in coverage.weights.enumerated() {
          sum += narrow[(coverage.first - rows.lowerBound + offset) * width + x] * weight
        }
        values[y * width + x] = sum
      }
    }
    return Plane(width: width, height: height, values: values)
  }
}
