/// A surface `a + bx + cy + dx² + exy + fy²` through most of a plane's values: the fall of light over paper.
struct QuadraticSurface {
  private let coefficients: [Double]
  private let xScale: Double
  private let yScale: Double

  /// The surface by least squares, then again without what lies far from it, some times over, so that ink has no say.
  init(fittedTo plane: Plane) {
    // Coordinates from -1 to 1 keep the equations well-conditioned.
    xScale = 2 / Double(max(1, plane.width - 1))
    yScale = 2 / Double(max(1, plane.height - 1))
    let terms = (0..<plane.height).flatMap { [xScale, yScale] y in
      (0..<plane.width).map { x in Self.terms(Double(x) * xScale - 1, Double(y) * yScale - 1) }
    }
    var coefficients = [plane.values.reduce(0, +) / Double(plane.values.count), 0, 0, 0, 0, 0]
    var isUsed = [Bool](repeating: true, count: terms.count)
    for _ in 0..<8 {
      guard let solved = Self.solve(terms, plane.values, isUsed) else { break }
      coefficients = solved
      let distances = zip(terms, plane.values).map { abs(Self.sum($0, coefficients) - $1) }
      let limit = 2.5 * distances.quantile(0.5) + 1
      isUsed = distances.map { $0 <= limit }
    }
    self.coefficients = coefficients
  }

  /// The surface's value at a point of the plane.
  func value(_ x: Int, _ y: Int) -> Double {
    Self.sum(Self.terms(Double(x) * xScale - 1, Double(y) * yScale - 1), coefficients)
  }

  private static func terms(_ x: Double, _ y: Double) -> [Double] { [1, x, y, x * x, x * y, y * y] }

  private static func sum(_ terms: [Double], _ coefficients: [Double]) -> Double {
    zip(terms, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The normal equations solved by elimination with pivots; nil where too few points are left to tell.
  private static func solve(_ terms: [[Double]], _ values: [Double], _ isUsed: [Bool]) -> [Double]? {
    let count = 6
    var rows = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count)
    for point in terms.indices where isUsed[point] {
      for i in 0..<count {
        for j in 0..<count { rows[i][j] += terms[point][i] * terms[point][j] }
        rows[i][count] += terms[point][i] * values[point]
      }
    }
    for column in 0..<count {
      let pivot = (column..<count).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      rows.swapAt(column, pivot)
      guard abs(rows[column][column]) > 1e-9 else { return nil }
      for row in 0..<count where row != column {
        let factor = rows[row][column] / rows[column][column]
        for other in column...count { rows[row][other] -= factor * rows[column][other] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}
