internal import Matrices

extension Matrix<Double> {
  /// Throws unless there is at least one element to fit to.
  func requireData() throws(NormalizationError) {
    guard rowCount > 0, columnCount > 0 else {
      throw .noData(rowCount: rowCount, columnCount: columnCount)
    }
  }

  /// Throws unless there are as many columns as a scaler has parameters.
  func requireFeatureCount(_ expected: Int) throws(NormalizationError) {
    guard columnCount == expected else { throw .featureCount(expected: expected, found: columnCount) }
  }

  /// Throws, with its place, if any element is infinite or not a number.
  func requireFinite() throws(NormalizationError) {
    let place = withUnsafeElements { elements in elements.firstIndex { !$0.isFinite } }
    if let place { throw .notFinite(row: place / columnCount, column: place % columnCount) }
  }

  /// The matrix of what `body` makes of each element and its column.
  @inline(__always)
  func mapElements(_ body: (Double, Int) -> Double) -> Matrix<Double> {
    var result = Matrix(rowCount: rowCount, columnCount: columnCount)
    result.withUnsafeMutableElements { target in
      withUnsafeElements { source in
        var index = 0
        for _ in 0..<rowCount {
          for column in 0..<columnCount {
            target[index] = body(source[index], column)
            index += 1
          }
        }
      }
    }
    return result
  }
}
