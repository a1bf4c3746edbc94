public import Images

/// Many small pictures on one page, each with a caption: a title, a line below it, then a grid of tiles.
///
/// ```swift
/// let sheet = ContactSheet(
///   title: "16 errors of 450 test digits",
///   tiles: errors.map { error in
///     ContactSheet.Tile(image: error.image, captions: ["actual \(error.actual)", "predicted \(error.predicted)"])
///   })
/// let bytes = try PNG.encode(sheet.render())
/// ```
///
/// Pictures keep their greys and are enlarged by a whole number without smoothing, all by the same. The page is white,
/// the text black. A caption is never clipped: the tiles are as wide as the widest picture or caption.
public struct ContactSheet: Sendable, Equatable {
  /// One picture with the lines that stand under it.
  public struct Tile: Sendable, Equatable {
    /// The picture, its greys in 0...255.
    public var image: GreyscaleImage

    /// The lines under the picture, each centred.
    public var captions: [String]

    /// A picture with the lines that stand under it.
    public init(image: GreyscaleImage, captions: [String] = []) {
      self.image = image
      self.captions = captions
    }
  }

  /// The line at the top; broken into several where it is wider than the page.
  public var title: String

  /// The pictures, which fill the grid row after row.
  public var tiles: [Tile]

  /// The number of tiles side by side, or nil for the one that makes the page most nearly 4 by 3.
  public var columnCount: Int?

  /// How many times the pictures are enlarged, or nil for the number that brings the largest of them to about
  /// 100 pixels.
  public var imageScale: Int?

  /// A page of pictures.
  ///
  /// - Parameters:
  ///   - title: The line at the top; none if empty.
  ///   - tiles: The pictures. They may differ in size. If there are none, the sheet says so.
  ///   - columnCount: The number of tiles side by side, 1 or more; nil chooses it.
  ///   - imageScale: How many times the pictures are enlarged, 1 or more; nil chooses it.
  public init(title: String, tiles: [Tile], columnCount: Int? = nil, imageScale: Int? = nil) {
    self.title = title
    self.tiles = tiles
    self.columnCount = columnCount
    self.imageScale = imageScale
  }

  /// Draws the page.
  ///
  /// - Complexity: O(p + n), p the page's pixels and n the tiles.
  public func render() -> GreyscaleImage {
    ContactSheetLayout(self).draw()
  }
}
