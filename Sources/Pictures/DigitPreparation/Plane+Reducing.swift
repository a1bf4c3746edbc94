internal import Images

extension Plane {
  /// The greys of a picture in blocks of `factor` by `factor`, each the block's mean; what is left over at the right and
  /// below makes smaller blocks.
  init(_ image: GreyscaleImage, reducedBy factor: Int) {
    self = image.pixels.withUnsafeBufferPointer { pixels in
      Plane(width: image.width, height: image.height, reducedBy: factor) { Double(pixels[$0]) }
    }
  }

  /// The plane in blocks of `factor` by `factor`, each its mean, as for pictures.
  func reduced(by factor: Int) -> Plane {
    guard factor > 1 else { return self }
    return values.withUnsafeBufferPointer { values in
      Plane(width: width, height: height, reducedBy: factor) { values[$0] }
    }
  }

  /// The means of blocks of values.
  ///
  /// - Parameters:
  ///   - width: the columns of values.
  ///   - height: the rows of values.
  ///   - value: the value at an index, row after row.
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
}
