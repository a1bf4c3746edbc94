extension Plane {
  /// The plane in blocks of `factor` by `factor`, each its mean; what is left over at the right and below makes
  /// smaller blocks.
  func reduced(by factor: Int) -> Plane {
    guard factor > 1 else { return self }
    let newWidth = (width + factor - 1) / factor
    let newHeight = (height + factor - 1) / factor
    var sums = [Double](repeating: 0, count: newWidth * newHeight)
    values.withUnsafeBufferPointer { source in
      for y in 0..<height {
        let row = y / factor * newWidth
        for block in 0..<newWidth {
          var sum = 0.0
          for x in (block * factor)..<min(width, (block + 1) * factor) { sum += source[y * width + x] }
          sums[row + block] += sum
        }
      }
    }
    for y in 0..<newHeight {
      let blockHeight = min(factor, height - y * factor)
      for x in 0..<newWidth { sums[y * newWidth + x] /= Double(blockHeight * min(factor, width - x * factor)) }
    }
    return Plane(width: newWidth, height: newHeight, values: sums)
  }
}
