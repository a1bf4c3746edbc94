/// The kind of paper around the ink: even or uneven.
enum Paper: Equatable {
  /// Paper of one grey value everywhere, as in a drawing or on a screen.
  case flat(Double)
  /// Paper with different grey values, as in a photograph.
  case uneven

  /// The largest difference between the grey of a border pixel and the median grey on flat paper.
  static let flatTolerance = 2.0

  /// The smallest fraction of the border pixels that must have the same grey on flat paper.
  static let flatShare = 0.55

  /// Returns the kind of paper along the border of a plane. Paper is flat if most border pixels have the same grey.
  static func around(_ plane: Plane) -> Paper {
    let border = plane.border
    let median = border.quantile(0.5)
    let near = border.count { abs($0 - median) <= flatTolerance }
    return Double(near) >= flatShare * Double(border.count) ? .flat(median) : .uneven
  }
}

/// The grey values of paper under uneven light.
///
/// A smooth surface models how the light falls off. Dark or light areas that are wider than strokes, such as shadows,
/// count as paper too.
struct PaperSurface {
  /// The paper's greys on a coarse grid.
  private let plane: Plane
  /// The distance between two grid points, in pixels of the picture.
  private let scale: Double
  /// The polarity of the ink.
  let polarity: InkPolarity

  /// The longest side of the coarse grid, in points.
  private static let side = 96

  /// Estimates the paper of a picture, and the ink's polarity if it is not known.
  ///
  /// - Throws: ``DigitPreparationError/polarityUnclear(darkShare:)`` if `known` is nil and the picture does not show
  ///   the polarity.
  init(of picture: Plane, polarity known: InkPolarity?) throws(DigitPreparationError) {
    let factor = (max(picture.width, picture.height) + Self.side - 1) / Self.side
    scale = Double(factor)
    let coarse = picture.reduced(by: factor)
    let trend = QuadraticSurface(fittedTo: coarse)
    let deviations = coarse.mapWithPlace { x, y, grey in grey - trend.value(x, y) }
    if let known {
      polarity = known
    } else {
      // Ink covers few pixels, but these pixels differ much from the paper. The cubes of the deviations give
      // these pixels the most weight. The larger of the two sums shows whether the ink is dark or light.
      var (dark, light) = (0.0, 0.0)
      for deviation in deviations.values {
        let cube = deviation * deviation * deviation
        if cube < 0 { dark -= cube } else { light += cube }
      }
      polarity = try InkPolarity(dark: dark, light: light)
    }
    // The window spans half of the picture. Strokes are narrower than the window, so ink disappears. Large shadows are
    // wider than the window, so shadows stay.
    let radius = max(1, min(coarse.width, coarse.height) / 4)
    let isDark = polarity == .dark
    let closed = deviations.closed(radius: radius, fillsDark: isDark)
    // For dark ink, neither estimate is darker than the paper. The first estimate is too light where the light falls
    // off towards the edge; the second is too light in a shadow. The darker estimate is therefore the better one. For
    // light ink, the same holds with light and dark exchanged.
    plane = coarse.closed(radius: radius, fillsDark: isDark).mapWithPlace { x, y, grey in
      let other = closed[x, y] + trend.value(x, y)
      return max(0, min(255, isDark ? min(grey, other) : max(grey, other)))
    }
  }

  /// Returns the paper's grey at a pixel of the picture. The grey is interpolated between the four nearest grid points.
  func value(_ x: Int, _ y: Int) -> Double {
    let across = max(0, min(Double(plane.width - 1), (Double(x) + 0.5) / scale - 0.5))
    let down = max(0, min(Double(plane.height - 1), (Double(y) + 0.5) / scale - 0.5))
    let (left, top) = (Int(across), Int(down))
    let (right, bottom) = (min(left + 1, plane.width - 1), min(top + 1, plane.height - 1))
    let (u, v) = (across - Double(left), down - Double(top))
    return (plane[left, top] * (1 - u) + plane[right, top] * u) * (1 - v)
      + (plane[left, bottom] * (1 - u) + plane[right, bottom] * u) * v
  }
}

/// A surface `a + bx + cy + dx² + exy + fy²` fitted to most values of a plane. It models how light falls off over
/// paper.
struct QuadraticSurface {
  private let coefficients: [Double]
  private let xScale: Double
  private let yScale: Double

  /// Fits the surface by least squares.
  ///
  /// The fit is repeated several times. Each repetition leaves out the values that are far from the previous surface,
  /// so that ink has no influence.
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

  /// Returns the surface's value at a point of the plane.
  func value(_ x: Int, _ y: Int) -> Double {
    Self.sum(Self.terms(Double(x) * xScale - 1, Double(y) * yScale - 1), coefficients)
  }

  private static func terms(_ x: Double, _ y: Double) -> [Double] { [1, x, y, x * x, x * y, y * y] }

  private static func sum(_ terms: [Double], _ coefficients: [Double]) -> Double {
    zip(terms, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Solves the normal equations by Gauss-Jordan elimination with pivoting. Returns nil if too few points are used.
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
