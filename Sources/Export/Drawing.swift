extension GreyscaleImage {
  /// Fills a rectangle with one grey. What lies outside the picture is left out.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, grey: UInt8) {
    let left = max(x, 0)
    let right = min(x + width, self.width)
    let top = max(y, 0)
    let bottom = min(y + height, self.height)
    guard left < right, top < bottom else { return }
    let rowLength = self.width
    pixels.withUnsafeMutableBufferPointer { target in
      for row in top..<bottom {
        let start = row * rowLength
        target[start + left..<start + right].update(repeating: grey)
      }
    }
  }

  /// Draws another picture with its top left corner at a place, enlarged by a whole number.
  ///
  /// What lies outside this picture is left out.
  ///
  /// - Parameter scale: 1 or more; each pixel is drawn as a square of this side.
  /// - Complexity: O(image.width * image.height * scale²).
  public mutating func draw(_ image: GreyscaleImage, x: Int, y: Int, scale: Int = 1) {
    precondition(scale >= 1, "a picture is enlarged by 1 or more")
    let left = max(x, 0)
    let right = min(x + image.width * scale, width)
    let top = max(y, 0)
    let bottom = min(y + image.height * scale, height)
    guard left < right, top < bottom else { return }
    let rowLength = width
    pixels.withUnsafeMutableBufferPointer { target in
      image.pixels.withUnsafeBufferPointer { source in
        // Each row of squares is laid out once; the rows below it within the squares are copies of it.
        var laidOut: (sourceRow: Int, start: Int)?
        for row in top..<bottom {
          let sourceRow = (row - y) / scale
          let start = row * rowLength + left
          let line = start..<start + right - left
          if let laidOut, laidOut.sourceRow == sourceRow {
            _ = target[line].update(fromContentsOf: target[laidOut.start..<laidOut.start + line.count])
            continue
          }
          let sourceStart = sourceRow * image.width
          if scale == 1 {
            let from = sourceStart + left - x
            _ = target[line].update(fromContentsOf: source[from..<from + line.count])
          } else {
            var column = left
            while column < right {
              let sourceColumn = (column - x) / scale
              let end = min(x + (sourceColumn + 1) * scale, right)
              target[row * rowLength + column..<row * rowLength + end].update(
                repeating: source[sourceStart + sourceColumn])
              column = end
            }
          }
          laidOut = (sourceRow, start)
        }
      }
    }
  }

  /// Draws one line of text in the letters of ``PixelFont``.
  ///
  /// - Parameters:
  ///   - text: The line. Characters the font does not have appear as a box.
  ///   - x: The left edge of the first letter.
  ///   - y: The top edge of capital letters; the line reaches `PixelFont.height * scale` below it.
  ///   - scale: The side of one of the font's pixels.
  ///   - grey: The text's grey.
  public mutating func draw(_ text: String, x: Int, y: Int, scale: Int = 1, grey: UInt8 = 0) {
    precondition(scale >= 1, "text is enlarged by 1 or more")
    var left = x
    for character in text {
      let glyph = PixelFont.glyph(for: character)
      for run in glyph.runs {
        fill(x: left + run.x * scale, y: y + run.y * scale, width: run.length * scale, height: scale, grey: grey)
      }
      left += (glyph.width + PixelFont.letterSpacing) * scale
    }
  }
}
