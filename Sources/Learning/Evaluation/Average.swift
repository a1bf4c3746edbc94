/// The mean of some scores, as scikit-learn takes it: those that are not a number are left out, and if all are, so is the
/// mean. In the order of NumPy's additions, so that it never rounds otherwise.
func macroAverage(_ scores: [Double]) -> Double {
  let count = scores.count { !$0.isNaN }
  return pairwiseSum(scores.map { $0.isNaN ? 0 : $0 }[...]) / Double(count)
}

/// The mean of some scores weighted by whole numbers, as scikit-learn takes it: those that are not a number are left out
/// together with their weights; if the weights that are left are all 0, they are ignored.
func weightedAverage(_ scores: [Double], weights: [Int]) -> Double {
  let pairs = zip(scores, weights).filter { !$0.0.isNaN }
  let total = pairs.reduce(0) { $0 + $1.1 }
  guard total > 0 else { return macroAverage(scores) }
  return pairwiseSum(pairs.map { $0.0 * Double($0.1) }[...]) / Double(total)
}

/// The sum in NumPy's order of additions: halves on their own down to blocks of at most 128, a block in eight interleaved
/// sums.
private func pairwiseSum(_ values: ArraySlice<Double>) -> Double {
  if values.count > 128 {
    let half = values.count / 2
    let first = half - half % 8
    return pairwiseSum(values.prefix(first)) + pairwiseSum(values.dropFirst(first))
  }
  let blocked = values.count - values.count % 8
  var lanes = [Double](repeating: 0, count: 8)
  for (position, value) in values.prefix(blocked).enumerated() { lanes[position % 8] += value }
  let sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
  return values.dropFirst(blocked).reduce(sum, +)
}
