internal import Export

/// Numbers on a grid, row after row: `[height, width]`.
///
/// They are double, and each is computed by the same operations in the same order as in the page's script, so that
/// both come to the same digits.
struct Plane: Equatable {
  let width: Int
  let height: Int
  var values: [Double]

  init(width: Int, height: Int, values: [Double]) {
    self.width = width
    self.height = height
    self.values = values
  }

  /// The greys of a picture in blocks of `factor` by `factor`, each the block's mean; what is left over at the right and
  /// below makes smaller blocks.
  init(_ image: GreyscaleImage, reducedBy factor: Int) {
    let (width, height) = ((image.width + factor - 1) / factor, (image.height + factor - 1) / factor)
    var sums = [Int](repeating: 0, count: width * height)
    image.pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<image.height {
        for block in 0..<width {
          var sum = 0
          for x in (block * factor)..<min(image.width, (block + 1) * factor) { sum += Int(pixels[y * image.width + x]) }
          sums[y / factor * width + block] += sum
        }
      }
    }
    var means = [Double](repeating: 0, count: sums.count)
    for y in 0..<height {
      let blockHeight = min(factor, image.height - y * factor)
      for x in 0..<width {
        means[y * width + x] = Double(sums[y * width + x]) / Double(blockHeight * min(factor, image.width - x * factor))
      }
    }
    self.init(width: width, height: height, values: means)
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
