extension Plane {
  /// Dark places that no square of `2 * radius + 1` fits into are filled with the grey around them; or light ones. A
  /// square may lie half outside of the plane, as a shadow does that is cut by the picture's edge.
  ///
  /// - Complexity: O(width * height * radius).
  func closed(radius: Int, fillsDark: Bool) -> Plane {
    let choices: (first: (Double, Double) -> Double, second: (Double, Double) -> Double) =
      fillsDark ? ({ max($0, $1) }, { min($0, $1) }) : ({ min($0, $1) }, { max($0, $1) })
    let margin = radius / 2
    return extremes(radius, margin: margin, choices.first).extremes(radius, margin: -margin, choices.second)
  }

  /// The extreme of the square of `2 * radius + 1` around each point, as far as it lies on the plane, with a margin of
  /// points added on every side, or taken away.
  private func extremes(_ radius: Int, margin: Int, _ choose: (Double, Double) -> Double) -> Plane {
    let rows = columnExtremes(radius, margin, choose)
    return rows.transposed.columnExtremes(radius, margin, choose).transposed
  }

  /// The extremes along each row.
  private func columnExtremes(_ radius: Int, _ margin: Int, _ choose: (Double, Double) -> Double) -> Plane {
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
