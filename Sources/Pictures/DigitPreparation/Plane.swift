/// Numbers on a grid, row after row: `[height, width]`.
///
/// They are double, and what a drawing on flat paper goes through is computed by the same operations in the same order as
/// in the page's script, so that both come to the same digits.
struct Plane: Equatable {
  let width: Int
  let height: Int
  var values: [Double]

  init(width: Int, height: Int, values: [Double]) {
    self.width = width
    self.height = height
    self.values = values
  }

  subscript(x: Int, y: Int) -> Double { values[y * width + x] }

  /// Each value changed on its own.
  func map(_ transform: (Double) -> Double) -> Plane {
    Plane(width: width, height: height, values: values.map(transform))
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
  /// The value below which the given share of all lies; the array has elements.
  func quantile(_ share: Double) -> Double {
    sorted()[Swift.min(count - 1, Int(Double(count) * share))]
  }
}
