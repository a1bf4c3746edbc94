public import Images

/// A page of many small pictures with captions: a title, a line below it, and a grid of tiles.
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
/// All pictures keep their greys. They are enlarged by the same whole number without smoothing. The largest picture
/// then has a side of about 100 pixels. The page is white with black text, and the ratio of its sides is close to 4 by
/// 3. Captions are never clipped, because each tile is as wide as the widest picture or caption.
public struct ContactSheet: Sendable, Equatable {
  /// A picture and the captions under it.
  public struct Tile: Sendable, Equatable {
    /// The picture, with greys in 0...255.
    public var image: GreyscaleImage

    /// The captions under the picture. Each caption is one centred line.
    public var captions: [String]

    /// Creates a tile from a picture and its captions.
    public init(image: GreyscaleImage, captions: [String] = []) {
      self.image = image
      self.captions = captions
    }
  }

  /// The text at the top of the page. A long title is broken into lines; an empty title takes no space.
  public var title: String

  /// The tiles, which fill the grid row after row. Their pictures may differ in size. If there are no tiles, the sheet
  /// shows a note.
  public var tiles: [Tile]

  /// Creates a contact sheet.
  public init(title: String, tiles: [Tile]) {
    self.title = title
    self.tiles = tiles
  }

  /// Draws the page.
  ///
  /// - Complexity: O(p + n), p the number of pixels on the page and n the number of tiles.
  public func render() -> GreyscaleImage {
    ContactSheetLayout(self).draw()
  }
}

/// The positions of all elements of a ``ContactSheet``, in pixels from the top left corner of the page.
package struct ContactSheetLayout {
  /// The whole factor by which the pictures are enlarged.
  package let imageScale: Int

  private let sheet: ContactSheet
  private let tile: TileSize
  private let page: Page

  /// Lays out a contact sheet.
  ///
  /// - Complexity: O(n + c), n the number of tiles and c the number of letters in their captions.
  package init(_ sheet: ContactSheet) {
    self.sheet = sheet
    let largestWidth = sheet.tiles.map(\.image.width).max() ?? 0
    let largestHeight = sheet.tiles.map(\.image.height).max() ?? 0
    let largestSide = max(largestWidth, largestHeight, 1)
    imageScale = max(1, (100 + largestSide / 2) / largestSide)
    let tile = TileSize(
      imageWidth: largestWidth * imageScale, imageHeight: largestHeight * imageScale,
      captionWidth: sheet.tiles.lazy.flatMap(\.captions).map { PixelFont.width(of: $0, scale: TileSize.scale) }.max()
        ?? 0,
      captionCount: sheet.tiles.map(\.captions.count).max() ?? 0)
    self.tile = tile

    func page(columnCount: Int) -> Page {
      Page(title: sheet.title, tileCount: sheet.tiles.count, columnCount: columnCount, tile: tile)
    }
    var best = page(columnCount: 1)
    // Each further column makes the page wider or lower. The loop therefore stops when the ratio is closest to 4 by 3.
    // A column that does not widen the page is always added; the title then needs the width anyway.
    while best.columnCount < sheet.tiles.count {
      let next = page(columnCount: best.columnCount + 1)
      guard next.width == best.width || next.distanceToFourByThree < -best.distanceToFourByThree else { break }
      best = next
    }
    self.page = best
  }

  package var width: Int { page.width }
  package var height: Int { page.height }
  package var columnCount: Int { page.columnCount }
  package var rowCount: Int { page.rowCount }

  /// Returns the top left corner of a tile's enlarged picture.
  package func imagePlace(at index: Int) -> (x: Int, y: Int) {
    let (image, corner) = (sheet.tiles[index].image, tileCorner(at: index))
    return (
      corner.x + (tile.width - image.width * imageScale) / 2,
      corner.y + (tile.imageHeight - image.height * imageScale) / 2
    )
  }

  private func tileCorner(at index: Int) -> (x: Int, y: Int) {
    let (row, column) = index.quotientAndRemainder(dividingBy: columnCount)
    return (
      Page.margin + column * (tile.width + TileSize.columnGap), page.gridTop + row * (tile.height + TileSize.rowGap)
    )
  }

  fileprivate func draw() -> GreyscaleImage {
    let (scale, margin) = (TileSize.scale, Page.margin)
    var picture = GreyscaleImage(width: width, height: height, filledWith: 255)
    for (index, line) in page.titleLines.enumerated() {
      picture.draw(line, x: margin, y: margin + index * Page.titleLineHeight, scale: Page.titleScale)
    }
    if let ruleTop = page.ruleTop {
      picture.fill(x: margin, y: ruleTop, width: page.contentWidth, height: scale, grey: 190)
    }
    if sheet.tiles.isEmpty { picture.draw(Page.emptyText, x: margin, y: page.gridTop, scale: scale, grey: 96) }
    for (index, shown) in sheet.tiles.enumerated() {
      let (place, corner) = (imagePlace(at: index), tileCorner(at: index))
      picture.draw(shown.image, x: place.x, y: place.y, scale: imageScale)
      for (line, caption) in shown.captions.enumerated() {
        let indent = (tile.width - PixelFont.width(of: caption, scale: scale)) / 2
        picture.draw(caption, x: corner.x + indent, y: corner.y + tile.captionTop(line: line), scale: scale)
      }
    }
    return picture
  }

  /// The sizes that all tiles have in common, and the gaps between tiles.
  private struct TileSize {
    /// The side of one pixel of the caption font, in page pixels. The gaps are multiples of this side.
    static let scale = 2
    static let columnGap = 12 * scale
    static let rowGap = 14 * scale

    let imageWidth: Int
    let imageHeight: Int
    let captionWidth: Int
    let captionCount: Int

    var width: Int { max(imageWidth, captionWidth) }
    var height: Int {
      captionCount == 0 ? imageHeight : captionTop(line: captionCount - 1) + PixelFont.height * Self.scale
    }

    func captionTop(line: Int) -> Int { imageHeight + (5 + line * (PixelFont.height + 2)) * Self.scale }
  }

  /// The sizes of the page for a given number of columns.
  private struct Page {
    static let emptyText = "Nothing to show."
    static let margin = 20 * TileSize.scale
    static let titleScale = TileSize.scale + 1
    static let titleLineHeight = (PixelFont.height + 3) * titleScale

    let columnCount: Int
    let rowCount: Int
    let width: Int
    let height: Int
    let contentWidth: Int
    let titleLines: [String]
    /// The top of the line under the title; nil if there is no title.
    let ruleTop: Int?
    let gridTop: Int

    init(title: String, tileCount: Int, columnCount: Int, tile: TileSize) {
      self.columnCount = columnCount
      rowCount = (tileCount + columnCount - 1) / columnCount
      let usedColumnCount = min(columnCount, tileCount)
      let gridWidth = usedColumnCount * tile.width + max(usedColumnCount - 1, 0) * TileSize.columnGap
      let gridHeight = rowCount * tile.height + max(rowCount - 1, 0) * TileSize.rowGap
      let emptyWidth = tileCount == 0 ? PixelFont.width(of: Self.emptyText, scale: TileSize.scale) : 0
      let emptyHeight = tileCount == 0 ? PixelFont.height * TileSize.scale : 0
      // A long title widens a narrow page up to a limit. Beyond the limit the title is broken into lines.
      let titleWidth = min(PixelFont.width(of: title, scale: Self.titleScale), 240 * TileSize.scale)
      contentWidth = max(gridWidth, emptyWidth, titleWidth)
      titleLines = PixelFont.lines(of: title, fitting: contentWidth, scale: Self.titleScale)
      ruleTop = titleLines.isEmpty ? nil : Self.margin + titleLines.count * Self.titleLineHeight
      gridTop = ruleTop.map { $0 + 13 * TileSize.scale } ?? Self.margin
      width = contentWidth + 2 * Self.margin
      height = gridTop + max(gridHeight, emptyHeight) + Self.margin
    }

    /// The deviation of the page from the ratio 4 by 3. It is 0 for exactly this ratio, negative for a narrower page
    /// and positive for a wider page.
    var distanceToFourByThree: Double {
      let ratio = Double(width * 3) / Double(height * 4)
      return ratio < 1 ? 1 - 1 / ratio : ratio - 1
    }
  }
}
