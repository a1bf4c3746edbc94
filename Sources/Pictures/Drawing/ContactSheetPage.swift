/// The sizes that all tiles of a ``ContactSheet`` have in common, and the gaps between them.
struct ContactSheetTileSize: Sendable {
  /// The side of one of the captions' pixels, in which gaps are measured too.
  var scale: Int
  var imageWidth: Int
  var imageHeight: Int
  var captionWidth: Int
  var captionCount: Int

  var columnGap: Int { 12 * scale }
  var rowGap: Int { 14 * scale }
  var width: Int { max(imageWidth, captionWidth) }
  var height: Int {
    captionCount == 0 ? imageHeight : captionTop(line: captionCount - 1) + PixelFont.height * scale
  }

  func captionTop(line: Int) -> Int {
    imageHeight + (5 + line * (PixelFont.height + 2)) * scale
  }
}

/// The page that a number of columns leads to.
struct ContactSheetPage: Sendable {
  static let emptyText = "Nothing to show."

  let columnCount: Int
  let rowCount: Int
  let margin: Int
  let width: Int
  let height: Int
  let contentWidth: Int
  let titleLines: [String]
  let titleScale: Int
  /// The top of the line under the title; nil without a title.
  let ruleTop: Int?
  let gridTop: Int

  init(title: String, tileCount: Int, columnCount: Int, tile: ContactSheetTileSize) {
    self.columnCount = columnCount
    rowCount = (tileCount + columnCount - 1) / columnCount
    margin = 20 * tile.scale
    titleScale = tile.scale + 1

    let usedColumnCount = min(columnCount, tileCount)
    let gridWidth = usedColumnCount * tile.width + max(usedColumnCount - 1, 0) * tile.columnGap
    let gridHeight = rowCount * tile.height + max(rowCount - 1, 0) * tile.rowGap
    let emptyWidth = tileCount == 0 ? PixelFont.width(of: Self.emptyText, scale: tile.scale) : 0
    let emptyHeight = tileCount == 0 ? PixelFont.height * tile.scale : 0
    // The title widens a narrow page up to a point, and is broken into lines beyond it.
    let titleWidth = min(PixelFont.width(of: title, scale: titleScale), 240 * tile.scale)
    contentWidth = max(gridWidth, emptyWidth, titleWidth)
    titleLines = PixelFont.lines(of: title, fitting: contentWidth, scale: titleScale)
    if titleLines.isEmpty {
      ruleTop = nil
      gridTop = margin
    } else {
      let ruleTop = margin + titleLines.count * Self.titleLineHeight(scale: titleScale)
      self.ruleTop = ruleTop
      gridTop = ruleTop + 13 * tile.scale
    }
    width = contentWidth + 2 * margin
    height = gridTop + max(gridHeight, emptyHeight) + margin
  }

  /// 0 for a page of 4 by 3; below 0 the narrower it is, above 0 the wider.
  var distanceToFourByThree: Double {
    let ratio = Double(width * 3) / Double(height * 4)
    return ratio < 1 ? 1 - 1 / ratio : ratio - 1
  }

  func titleTop(line: Int) -> Int {
    margin + line * Self.titleLineHeight(scale: titleScale)
  }

  func tileLeft(at index: Int, _ tile: ContactSheetTileSize) -> Int {
    margin + index % columnCount * (tile.width + tile.columnGap)
  }

  func tileTop(at index: Int, _ tile: ContactSheetTileSize) -> Int {
    gridTop + index / columnCount * (tile.height + tile.rowGap)
  }

  private static func titleLineHeight(scale: Int) -> Int {
    (PixelFont.height + 3) * scale
  }
}
