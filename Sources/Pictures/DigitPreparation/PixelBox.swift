/// A rectangle of pixels. Its sides and its place may be parts of pixels.
public struct PixelBox: Equatable, Codable, Sendable {
  /// The left edge, from the left.
  public var x: Double
  /// The upper edge, from above.
  public var y: Double
  /// From the left to the right edge.
  public var width: Double
  /// From the upper to the lower edge.
  public var height: Double

  /// A rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}
