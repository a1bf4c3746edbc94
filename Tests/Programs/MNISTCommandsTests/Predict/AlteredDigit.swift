import Foundation
import Images
import RandomSources

/// A random change of a digit that imitates drawing by hand: enlargement, rotation, shift and thickening.
struct AlteredDigit {
  private let degrees: Double
  private let shift: (x: Double, y: Double)
  private let enlargement: Double
  /// The thickness, in canvas pixels, that is added to each side of a stroke.
  private let thickening: Int

  init(using source: inout NumPyRandomSource) {
    func random(_ extent: Double) -> Double { (source.uniform() * 2 - 1) * extent }
    degrees = random(10)
    shift = (random(30), random(30))
    enlargement = 8 + random(1)
    thickening = Int(source.uniform() * 4)
  }

  /// Draws the changed digit on a square canvas. The parameter `side` is the side length of the canvas in pixels.
  func drawn(_ digit: GreyscaleImage, side: Int = 280) -> GreyscaleImage {
    let (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
    let middle = Double(side) / 2 - 0.5
    var values = [UInt8](repeating: 0, count: side * side)
    for y in 0..<side {
      for x in 0..<side {
        let (u, v) = (Double(x) - middle - shift.x, Double(y) - middle - shift.y)
        let across = (u * cosine + v * sine) / enlargement + Double(digit.width) / 2 - 0.5
        let down = (v * cosine - u * sine) / enlargement + Double(digit.height) / 2 - 0.5
        values[y * side + x] = UInt8(digit.between(across, down).rounded())
      }
    }
    return GreyscaleImage(width: side, height: side, pixels: Self.thickened(values, side: side, by: thickening))
  }

  private static func thickened(_ values: [UInt8], side: Int, by radius: Int) -> [UInt8] {
    var rows = values
    for y in 0..<side {
      for x in 0..<side {
        rows[y * side + x] = values[(y * side + max(0, x - radius))...(y * side + min(side - 1, x + radius))].max() ?? 0
      }
    }
    var result = rows
    for y in 0..<side {
      for x in 0..<side {
        for other in max(0, y - radius)...min(side - 1, y + radius) {
          result[y * side + x] = max(result[y * side + x], rows[other * side + x])
        }
      }
    }
    return result
  }
}

extension GreyscaleImage {
  /// Interpolates bilinearly between the four nearest pixels. Pixels outside the picture are black.
  fileprivate func between(_ x: Double, _ y: Double) -> Double {
    let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (u, v) = (x - Double(column), y - Double(row))
    func grey(_ x: Int, _ y: Int) -> Double {
      x >= 0 && y >= 0 && x < width && y < height ? Double(self[x: x, y: y]) : 0
    }
    return (grey(column, row) * (1 - u) + grey(column + 1, row) * u) * (1 - v)
      + (grey(column, row + 1) * (1 - u) + grey(column + 1, row + 1) * u) * v
  }
}
