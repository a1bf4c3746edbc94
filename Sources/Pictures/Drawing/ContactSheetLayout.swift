internal import Images

/// Where everything on a ``ContactSheet`` stands, in pixels from the page's top left corner.
///
/// It is what ``ContactSheet/render()`` draws by, and what a page that links each picture needs.
public struct ContactSheetLayout: Sendable {
  /// How many times the pictures are enlarged.
  public let imageScale: Int

  private let sheet: ContactSheet
  private let tile: ContactSheetTileSize
  private let page: ContactSheetPage

  /// The layout of a sheet.
  ///
  /// - Complexity: O(n + c), n the tiles and c the letters of their captions.
  public init(_ sheet: ContactSheet) {
    precondition(sheet.columnCount ?? 1 >= 1, "a contact sheet has at least one column")
    precondition(sheet.imageScale ?? 1 >= 1, "a picture is enlarged by 1 or more")
    self.sheet = sheet
    let largestWidth = sheet.tiles.map(\.image.width).max() ?? 0
    let largestHeight = sheet.tiles.map(\.image.height).max() ?? 0
    let largestSide = max(largestWidth, largestHeight, 1)
    let imageScale = sheet.imageScale ?? max(1, (100 + largestSide / 2) / largestSide)
    // Pictures shown very small get the font at its own size, so that captions do not push them apart.
    let scale = sheet.tiles.isEmpty || largestSide * imageScale > 48 ? 2 : 1
    let tile = ContactSheetTileSize(
      scale: scale,
      imageWidth: largestWidth * imageScale,
      imageHeight: largestHeight * imageScale,
      captionWidth: sheet.tiles.lazy.flatMap(\.captions).map { PixelFont.width(of: $0, scale: scale) }.max() ?? 0,
      captionCount: sheet.tiles.map(\.captions.count).max() ?? 0)
    self.imageScale = imageScale
    self.tile = tile

    func page(columnCount: Int) -> ContactSheetPage {
      ContactSheetPage(title: sheet.title, tileCount: sheet.tiles.count, columnCount: columnCount, tile: tile)
    }
    var best = page(columnCount: sheet.columnCount ?? 1)
    if sheet.columnCount == nil {
      // A further column makes the page wider or lower, never the reverse; so the best is next to 4 by 3. Columns for
      // which the title makes room anyway are taken first.
      while best.columnCount < sheet.tiles.count {
        let next = page(columnCount: best.columnCount + 1)
        guard next.width == best.width || next.distanceToFourByThree < -best.distanceToFourByThree else { break }
        best = next
      }
    }
    self.page = best
  }

  /// The page's width.
  public var width: Int { page.width }

  /// The page's height.
  public var height: Int { page.height }

  /// The tiles side by side.
  public var columnCount: Int { page.columnCount }

  /// The rows of tiles.
  public var rowCount: Int { page.rowCount }

  /// The top left corner of a tile's enlarged picture.
  ///
  /// - Parameter index: The tile's, from 0.
  public func imagePlace(at index: Int) -> (x: Int, y: Int) {
    let image = sheet.tiles[index].image
    return (
      page.tileLeft(at: index, tile) + (tile.width - image.width * imageScale) / 2,
      page.tileTop(at: index, tile) + (tile.imageHeight - image.height * imageScale) / 2
    )
  }

  /// Draws the sheet.
  func draw() -> GreyscaleImage {
    var picture = GreyscaleImage(width: width, height: height, filledWith: 255)
    let margin = page.margin
    for (index, line) in page.titleLines.enumerated() {
      picture.draw(line, x: margin, y: page.titleTop(line: index), scale: page.titleScale)
    }
    if let ruleTop = page.ruleTop {
      picture.fill(x: margin, y: ruleTop, width: page.contentWidth, height: tile.scale, grey: 190)
    }
    if sheet.tiles.isEmpty {
      picture.draw(ContactSheetPage.emptyText, x: margin, y: page.gridTop, scale: tile.scale, grey: 96)
    }
    for (index, shown) in sheet.tiles.enumerated() {
      let place = imagePlace(at: index)
      picture.draw(shown.image, x: place.x, y: place.y, scale: imageScale)
      for (line, caption) in shown.captions.enumerated() {
        let indent = (tile.width - PixelFont.width(of: caption, scale: tile.scale)) / 2
        picture.draw(
          caption, x: page.tileLeft(at: index, tile) + indent,
          y: page.tileTop(at: index, tile) + tile.captionTop(line: line), scale: tile.scale)
      }
    }
    return picture
  }
}
