internal import Images

/// Numbers on a grid, row after row: `[height, width]`.
///
/// They are double. Everything that a drawing on flat paper goes through is computed by the same operations in the same
/// order as in the page's script, so that both come to the same digits.
struct Plane: Equatable {
  let width: Int
  let height: Int
  var values: [Double]

  subscript(x: Int, y: Int) -> Double {
    get { values[y * width + x] }
    set { values[y * width + x] = newValue }
  }

  /// Returns the plane with each value changed on its own.
  func map(_ transform: (Double) -> Double) -> Plane {
    Plane(width: width, height: height, values: values.map(transform))
  }

  /// Returns the plane with each value changed by its place, row after row.
  func mapWithPlace(_ transform: (_ x: Int, _ y: Int, _ value: Double) -> Double) -> Plane {
    var result = self
    for y in 0..<height { for x in 0..<width { result[x, y] = transform(x, y, self[x, y]) } }
    return result
  }

  /// The values of the outermost pixels, each once.
  var border: [Double] {
    guard height > 1, width > 1 else { return values }
    var border = Array(values[..<width]) + values[(values.count - width)...]
    for y in 1..<(height - 1) { border += [self[0, y], self[width - 1, y]] }
    return border
  }
}

extension [Double] {
  /// Returns the value below which the given share of all lies; the array has elements.
  func quantile(_ share: Double) -> Double {
    sorted()[Swift.min(count - 1, Int(Double(count) * share))]
  }
}

// MARK: Scaling

extension Plane {
  /// Creates the greys of a picture in blocks of `factor` by `factor`, each the block's mean. What is left over at the right
  /// and below makes smaller blocks.
  init(_ image: GreyscaleImage, reducedBy factor: Int) {
    self = image.pixels.withUnsafeBufferPointer { pixels in
      Plane(width: image.width, height: image.height, reducedBy: factor) { Double(pixels[$0]) }
    }
  }

  /// Returns the plane in blocks of `factor` by `factor`, each its mean, as for pictures.
  func reduced(by factor: Int) -> Plane {
    guard factor > 1 else { return self }
    return values.withUnsafeBufferPointer { values in
      Plane(width: width, height: height, reducedBy: factor) { values[$0] }
    }
  }

  /// Creates the means of blocks of `[height, width]` values, given by their index row after row.
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

  /// Returns a rectangle of the plane scaled to `[height, width]`: each new value is the mean of the area that it covers,
  /// parts of pixels counted in part.
  ///
  /// - Complexity: O(the rectangle's area + height * width).
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

  /// How much of each old pixel a new one covers, along one axis.
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
  /// The standard deviation of the grain, from the differences of neighbours: most of them are of paper to paper.
  var noise: Double {
    guard width > 1 else { return 0 }
    var counts = [Int](repeating: 0, count: 256 * 4)
    for y in 0..<height {
      for x in 1..<width { counts[min(counts.count - 1, Int(abs(self[x, y] - self[x - 1, y]) * 4))] += 1 }
    }
    var left = height * (width - 1) / 2
    for (quarters, count) in counts.enumerated() {
      left -= count
      // The median of |a - b| of normal numbers is 0.954 of their standard deviation.
      if left < 0 { return Double(quarters) / 4 / 0.954 }
    }
    return 0
  }

  /// Returns the plane with each value replaced by the mean of the square of three by three around it.
  func smoothed() -> Plane {
    mapWithPlace { x, y, _ in
      let rows = max(0, y - 1)...min(height - 1, y + 1)
      let columns = max(0, x - 1)...min(width - 1, x + 1)
      var sum = 0.0
      for row in rows { for column in columns { sum += self[column, row] } }
      return sum / Double(rows.count * columns.count)
    }
  }

  /// Fills dark places that no square of `2 * radius + 1` fits into with the grey around them; or light ones. A square may
  /// lie half outside of the plane, as a shadow does that is cut by the picture's edge.
  ///
  /// - Complexity: O(width * height * radius).
  func closed(radius: Int, fillsDark: Bool) -> Plane {
    let (lighter, darker) = ({ max($0, $1) }, { min($0, $1) }) as (Choice, Choice)
    let margin = radius / 2
    return extremes(radius, margin: margin, fillsDark ? lighter : darker)
      .extremes(radius, margin: -margin, fillsDark ? darker : lighter)
  }

  private typealias Choice = (Double, Double) -> Double

  /// Returns the extreme of the square of `2 * radius + 1` around each point, as far as it lies on the plane, with a margin
  /// of points added on every side, or taken away.
  private func extremes(_ radius: Int, margin: Int, _ choose: Choice) -> Plane {
    rowExtremes(radius, margin, choose).transposed.rowExtremes(radius, margin, choose).transposed
  }

  /// Returns the extremes along each row.
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
