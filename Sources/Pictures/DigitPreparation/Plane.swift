internal import Images

/// Numbers on a grid, row after row: `[height, width]`.
///
/// For drawings on flat paper, the script of the web page uses the same double-precision operations in the same order.
/// The page and this module therefore get identical digits.
struct Plane: Equatable {
  let width: Int
  let height: Int
  var values: [Double]

  subscript(x: Int, y: Int) -> Double {
    get { values[y * width + x] }
    set { values[y * width + x] = newValue }
  }

  /// Returns the plane with `transform` applied to each value.
  func map(_ transform: (Double) -> Double) -> Plane {
    Plane(width: width, height: height, values: values.map(transform))
  }

  /// Returns a plane of the same size. Its values are the results of `transform` for the position and value of each
  /// point.
  func mapWithPlace(_ transform: (_ x: Int, _ y: Int, _ value: Double) -> Double) -> Plane {
    var result = self
    for y in 0..<height { for x in 0..<width { result[x, y] = transform(x, y, self[x, y]) } }
    return result
  }

  /// The values of the outermost pixels. Each corner occurs once.
  var border: [Double] {
    guard height > 1, width > 1 else { return values }
    var border = Array(values[..<width]) + values[(values.count - width)...]
    for y in 1..<(height - 1) { border += [self[0, y], self[width - 1, y]] }
    return border
  }
}

extension [Double] {
  /// Returns the element at a fraction of the sorted array. The fraction 0 gives the smallest element, and 0.5 the
  /// median.
  ///
  /// - Precondition: The array is not empty.
  func quantile(_ share: Double) -> Double {
    sorted()[Swift.min(count - 1, Int(Double(count) * share))]
  }
}

// MARK: Scaling

extension Plane {
  /// Creates a plane with the mean grey of each block of `factor` by `factor` pixels.
  ///
  /// Blocks at the right and bottom edges may be smaller.
  init(_ image: GreyscaleImage, reducedBy factor: Int) {
    self = image.pixels.withUnsafeBufferPointer { pixels in
      Plane(width: image.width, height: image.height, reducedBy: factor) { Double(pixels[$0]) }
    }
  }

  /// Returns the plane with the mean of each block of `factor` by `factor` values. Blocks at the edges may be smaller.
  func reduced(by factor: Int) -> Plane {
    guard factor > 1 else { return self }
    return values.withUnsafeBufferPointer { values in
      Plane(width: width, height: height, reducedBy: factor) { values[$0] }
    }
  }

  /// Creates a plane with the mean of each block of a `[height, width]` grid.
  ///
  /// - Parameter value: Returns the value at an index of the grid. The indices run row after row.
  @inline(__always)
  private init(width: Int, height: Int, reducedBy factor: Int, value: (_ index: Int) -> Double) {
    let (newWidth, newHeight) = ((width + factor - 1) / factor, (height + factor - 1) / factor)
    var sums = [Double](repeating: 0, count: newWidth * newHeight)
    for y in 0..<height {
      let row = y / factor * newWidth
      for block in 0..<newWidth {
        var sum = 0.0
        for x in (block * factor)..<min(width, (block + 1) * factor) { sum += value(y * width + x) }
        sums[row + block] += sum
      }
    }
    for y in 0..<newHeight {
      let blockHeight = min(factor, height - y * factor)
      for x in 0..<newWidth { sums[y * newWidth + x] /= Double(blockHeight * min(factor, width - x * factor)) }
    }
    self.init(width: newWidth, height: newHeight, values: sums)
  }

  /// Returns a rectangle of the plane scaled to `[height, width]`.
  ///
  /// Each new pixel is the mean of the old pixels that it covers. Partly covered pixels count in proportion to the
  /// covered area.
  ///
  /// - Complexity: O(a + height * width), a the area of the rectangle.
  func scaled(columns: Range<Int>, rows: Range<Int>, width: Int, height: Int) -> Plane {
    let across = Coverage.all(of: columns, newCount: width)
    let down = Coverage.all(of: rows, newCount: height)
    var narrow = [Double](repeating: 0, count: rows.count * width)
    values.withUnsafeBufferPointer { source in
      for y in rows {
        for (x, coverage) in across.enumerated() {
          var sum = 0.0
          let start = y * self.width + coverage.first
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

  /// The old pixels that one new pixel covers along one axis, and the weight of each old pixel.
  private struct Coverage {
    let first: Int
    let weights: [Double]

    static func all(of range: Range<Int>, newCount: Int) -> [Coverage] {
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
  }
}

// MARK: Photographs

extension Plane {
  /// The standard deviation of the paper's grain.
  ///
  /// The grain is estimated from the median difference between neighbouring pixels. Most pairs of neighbours are paper,
  /// so ink hardly changes the median.
  var noise: Double {
    guard width > 1 else { return 0 }
    var counts = [Int](repeating: 0, count: 256 * 4)
    for y in 0..<height {
      for x in 1..<width { counts[min(counts.count - 1, Int(abs(self[x, y] - self[x - 1, y]) * 4))] += 1 }
    }
    var left = height * (width - 1) / 2
    for (quarters, count) in counts.enumerated() {
      left -= count
      // If a and b are normally distributed, the median of |a - b| is 0.954 times their standard deviation.
      if left < 0 { return Double(quarters) / 4 / 0.954 }
    }
    return 0
  }

  /// Returns the plane with each value replaced by the mean of the 3x3 square around it.
  func smoothed() -> Plane {
    mapWithPlace { x, y, _ in
      let rows = max(0, y - 1)...min(height - 1, y + 1)
      let columns = max(0, x - 1)...min(width - 1, x + 1)
      var sum = 0.0
      for row in rows { for column in columns { sum += self[column, row] } }
      return sum / Double(rows.count * columns.count)
    }
  }

  /// Returns the plane with narrow dark areas, or narrow light areas, filled with the grey around them.
  ///
  /// An area is narrow if no square of side `2 * radius + 1` fits into it. The square may lie partly outside the plane,
  /// because the picture's edge may cut through a shadow.
  ///
  /// - Complexity: O(width * height * radius).
  func closed(radius: Int, fillsDark: Bool) -> Plane {
    let (lighter, darker) = ({ max($0, $1) }, { min($0, $1) }) as (Choice, Choice)
    let margin = radius / 2
    return extremes(radius, margin: margin, fillsDark ? lighter : darker)
      .extremes(radius, margin: -margin, fillsDark ? darker : lighter)
  }

  private typealias Choice = (Double, Double) -> Double

  /// Returns the maximum or minimum in the square of side `2 * radius + 1` around each point.
  ///
  /// Points outside the plane are ignored. A positive margin adds points on every side of the result. A negative margin
  /// removes points from every side.
  private func extremes(_ radius: Int, margin: Int, _ choose: Choice) -> Plane {
    rowExtremes(radius, margin, choose).transposed.rowExtremes(radius, margin, choose).transposed
  }

  /// Returns the maximum or minimum of the `2 * radius + 1` points around each point in its row.
  private func rowExtremes(_ radius: Int, _ margin: Int, _ choose: Choice) -> Plane {
    let newWidth = width + 2 * margin
    var result: [Double] = []
    result.reserveCapacity(newWidth * height)
    for y in 0..<height {
      let row = values[(y * width)..<((y + 1) * width)]
      for x in -margin..<(newWidth - margin) {
        let window = row[(y * width + max(0, x - radius))...(y * width + min(width - 1, x + radius))]
        result.append(window.dropFirst().reduce(window[window.startIndex], choose))
      }
    }
    return Plane(width: newWidth, height: height, values: result)
  }

  private var transposed: Plane {
    Plane(
      width: height, height: width,
      values: (0..<width).flatMap { x in (0..<height).map { y in values[y * width + x] } })
  }
}
