internal import Images

extension GreyscaleImage {
  /// The whole factor by which a picture of the given size was enlarged to this one, every pixel a square of one grey;
  /// 1 for a picture of that size, nil for any other picture.
  ///
  /// - Complexity: O(width * height).
  func enlargement(ofWidth smallWidth: Int, height smallHeight: Int) -> Int? {
    guard smallWidth > 0, smallHeight > 0, width > 0, width.isMultiple(of: smallWidth) else { return nil }
    let factor = width / smallWidth
    let (expected, overflow) = smallHeight.multipliedReportingOverflow(by: factor)
    guard !overflow, height == expected else { return nil }
    guard factor > 1 else { return 1 }
    let isEnlarged = pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<height {
        let row = y * width
        let firstRow = y / factor * factor * width
        for x in 0..<width where pixels[row + x] != pixels[firstRow + x / factor * factor] { return false }
      }
      return true
    }
    return isEnlarged ? factor : nil
  }

  /// One pixel out of each square of `factor` by `factor`.
  func reduced(by factor: Int) -> [UInt8] {
    guard factor > 1 else { return pixels }
    return stride(from: 0, to: height, by: factor).flatMap { y in
      stride(from: 0, to: width, by: factor).map { x in pixels[y * width + x] }
    }
  }
}
