import Images
import RandomSources

/// Test pictures: strokes on paper, with uneven light, shadow and grain.
extension GreyscaleImage {
  /// Returns a picture with light ink on black: a hook like a 7.
  ///
  /// `left`, `top` and `size` are fractions of the picture's sides.
  static func seven(
    width: Int = 280, height: Int = 280, stroke: Int = 20, left: Double = 0.3, top: Double = 0.2, size: Double = 0.5
  ) -> GreyscaleImage {
    var image = GreyscaleImage(width: width, height: height, filledWith: 0)
    let side = Double(min(width, height)) * size
    let (x, y) = (Int(left * Double(width)), Int(top * Double(height)))
    for row in 0..<Int(side) {
      for column in 0..<Int(side * 0.6) {
        let isBar = row < stroke
        let isStem = column >= Int(side * 0.6) - stroke
        if isBar || isStem, x + column < width, y + row < height { image[x: x + column, y: y + row] = 255 }
      }
    }
    return image
  }

  /// Returns the picture with each grey changed by a function of its position and its value.
  func changed(_ change: (_ x: Int, _ y: Int, _ grey: Double) -> Double) -> GreyscaleImage {
    var result = self
    for y in 0..<height {
      for x in 0..<width {
        result[x: x, y: y] = UInt8(max(0, min(255, change(x, y, Double(self[x: x, y: y])).rounded())))
      }
    }
    return result
  }

  /// The picture with black and white exchanged.
  var negative: GreyscaleImage { changed { 255 - $2 } }

  /// Returns the picture as a photograph of dark ink on paper.
  ///
  /// The light falls off to the lower right, a shadow covers the upper left corner, and grain is added.
  func photographed(contrast: Double = 0.7, shadow: Double = 0, grain: Double = 3) -> GreyscaleImage {
    var source = NumPyRandomSource(seed: 1)
    return changed { x, y, ink in
      let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
      var paper = 225 - 70 * u - 40 * v
      if u + v / 2 < 0.3 { paper *= 1 - shadow }
      return paper * (1 - contrast * ink / 255) + grain * source.standardNormal()
    }
  }
}
