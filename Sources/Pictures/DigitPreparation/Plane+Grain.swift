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

  /// Each value the mean of the square of three by three around it.
  func smoothed() -> Plane {
    var result = self
    for y in 0..<height {
      for x in 0..<width {
        var sum = 0.0
        let rows = max(0, y - 1)...min(height - 1, y + 1)
        let columns = max(0, x - 1)...min(width - 1, x + 1)
        for row in rows { for column in columns { sum += self[column, row] } }
        result.values[y * width + x] = sum / Double(rows.count * columns.count)
      }
    }
    return result
  }
}
