internal import Matrices

extension Matrix<Double> {
  /// The sum over rows of what `term` makes of each element and its column, for the elements laid out in rows of
  /// `columnCount`, which is the matrix's own or 1.
  ///
  /// Rounding depends on the order of additions, and this is NumPy's, so that sums are equal to the last bit: several
  /// columns are added up row after row, a single one pairwise.
  @inline(__always)
  func columnSums(columnCount: Int, of term: (Double, Int) -> Double) -> [Double] {
    withUnsafeElements { elements in
      if columnCount == 1 { return [pairwiseSum(0..<elements.count) { term(elements[$0], 0) }] }
      var sums = [Double](repeating: 0, count: columnCount)
      for start in stride(from: 0, to: elements.count, by: columnCount) {
        for column in 0..<columnCount { sums[column] += term(elements[start + column], column) }
      }
      return sums
    }
  }
}

/// The sum of the terms with the given indices, in NumPy's order: halves are summed on their own down to blocks of at
/// most 128, and a block in eight interleaved sums. Its error grows with the logarithm of the count.
func pairwiseSum(_ indices: Range<Int>, of term: (Int) -> Double) -> Double {
  let count = indices.count
  if count > 128 {
    let half = count / 2
    let middle = indices.lowerBound + half - half % 8
    return pairwiseSum(indices.lowerBound..<middle, of: term) + pairwiseSum(middle..<indices.upperBound, of: term)
  }
  var sum = 0.0
  var next = indices.lowerBound
  if count >= 8 {
    var lanes = SIMD8<Double>(repeating: 0)
    while next + 8 <= indices.upperBound {
      for lane in 0..<8 { lanes[lane] += term(next + lane) }
      next += 8
    }
    sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
  }
  while next < indices.upperBound {
    sum += term(next)
    next += 1
  }
  return sum
}
