import Drawing
import Images
import Testing

@Suite struct ContactSheetTests {
  static func tiles(_ count: Int, width: Int = 28, height: Int = 28) -> [ContactSheet.Tile] {
    (0..<count).map { index in
      ContactSheet.Tile(
        image: GreyscaleImage(
          width: width, height: height, pixels: (0..<width * height).map { UInt8(($0 * 7 + index) % 100) }),
        captions: ["actual \(index % 10)", "predicted \(index % 7)"])
    }
  }

  static func cut(_ page: GreyscaleImage, x: Int, y: Int, width: Int, height: Int) -> GreyscaleImage {
    let rows = (y..<y + height).flatMap { page.pixels[$0 * page.width + x..<$0 * page.width + x + width] }
    return GreyscaleImage(width: width, height: height, pixels: rows)
  }

  /// Returns the left, top, right and bottom edge of the smallest rectangle around all pixels that are not white.
  static func inkEdges(_ page: GreyscaleImage) -> [Int] {
    let ink = page.pixels.indices.filter { page.pixels[$0] != 255 }
    let columns = ink.map { $0 % page.width }
    let rows = ink.map { $0 / page.width }
    return [columns.min() ?? 0, rows.min() ?? 0, columns.max() ?? 0, rows.max() ?? 0]
  }

  @Test(
    "the layout gives the place of every enlarged picture on the page",
    arguments: [(1, 8, 8), (2, 28, 28), (16, 8, 8), (16, 28, 20), (33, 5, 9), (3, 300, 7)])
  func places(_ count: Int, _ width: Int, _ height: Int) {
    let sheet = ContactSheet(title: "A title", tiles: Self.tiles(count, width: width, height: height))
    let layout = ContactSheetLayout(sheet)
    let page = sheet.render()
    #expect(page.width == layout.width && page.height == layout.height)
    for (index, tile) in sheet.tiles.enumerated() {
      let place = layout.imagePlace(at: index)
      let expected = tile.image.scaled(by: layout.imageScale)
      #expect(Self.cut(page, x: place.x, y: place.y, width: expected.width, height: expected.height) == expected)
    }
  }

  @Test("pictures of different sizes are centred in their tiles")
  func mixedSizes() {
    let tiles = (0..<6).flatMap { _ in Self.tiles(1, width: 10, height: 6) + Self.tiles(1, width: 4, height: 2) }
    let layout = ContactSheetLayout(ContactSheet(title: "", tiles: tiles))
    #expect(layout.columnCount > 1 && layout.rowCount > 1)
    // The doubled coordinates of each picture's middle. Unlike the middle itself, they are always whole numbers.
    let middles = tiles.enumerated().map { index, tile in
      let place = layout.imagePlace(at: index)
      return (
        x: 2 * place.x + tile.image.width * layout.imageScale, y: 2 * place.y + tile.image.height * layout.imageScale
      )
    }
    for index in tiles.indices {
      #expect(middles[index].x == middles[index % layout.columnCount].x)
      #expect(middles[index].y == middles[index / layout.columnCount * layout.columnCount].y)
    }
  }

  @Test("digits of both data sets are enlarged to about 100 pixels, and no picture is reduced")
  func automaticScale() {
    let scales = [(8, 8), (28, 28), (20, 50), (300, 300), (1, 1)].map { width, height in
      ContactSheetLayout(ContactSheet(title: "", tiles: Self.tiles(1, width: width, height: height))).imageScale
    }
    #expect(scales == [13, 4, 2, 1, 100])
  }

  @Test("captions are centred under their picture and use the pixel font")
  func captions() {
    let image = GreyscaleImage(width: 10, height: 10, filledWith: 9)
    let sheet = ContactSheet(
      title: "", tiles: [.init(image: image, captions: ["a wide caption, wider than the picture", "i"])])
    let layout = ContactSheetLayout(sheet)
    let page = sheet.render()
    let place = layout.imagePlace(at: 0)
    let below = place.y + 10 * layout.imageScale
    let captions = Self.cut(page, x: 0, y: below, width: page.width, height: page.height - below)
    let edges = Self.inkEdges(captions)
    #expect(edges[2] - edges[0] + 1 == PixelFont.width(of: sheet.tiles[0].captions[0], scale: 2))
    #expect(edges[0] == page.width - 1 - edges[2])
    // The letter i is 2 pixels wide at this scale. The middle of the page lies between these 2 pixels.
    #expect(captions[x: page.width / 2, y: edges[3]] == 0)
    #expect(captions[x: page.width / 2 - 1, y: edges[3]] == 0)
    #expect(captions[x: page.width / 2 + 1, y: edges[3]] == 255)
    #expect(place.x + 5 * layout.imageScale == page.width / 2)
  }

  @Test(
    "the margins stay white, even if the title and the captions are long",
    arguments: [
      ("", ["3"], 5), ("Short", ["a caption far wider than its picture, (93.5 %)", "g"], 1),
      (String(repeating: "many words ", count: 40), ["x"], 3), (String(repeating: "W", count: 400), [], 1),
      ("Title", ["Wg"], 0),
    ])
  func margins(_ title: String, _ captions: [String], _ count: Int) {
    let image = GreyscaleImage(width: 8, height: 8, filledWith: 0)
    let tiles = Array(repeating: ContactSheet.Tile(image: image, captions: captions), count: count)
    let page = ContactSheet(title: title, tiles: tiles).render()
    let edges = Self.inkEdges(page)
    #expect(edges[0] >= 40 && edges[1] >= 40)
    #expect(edges[2] < page.width - 40 && edges[3] < page.height - 40)
    #expect(page.width < 2000)
  }

  @Test("captions of neighbouring tiles never touch")
  func neighbours() {
    let image = GreyscaleImage(width: 8, height: 8, filledWith: 255)
    let tile = ContactSheet.Tile(image: image, captions: ["WWWWWWWWWWWWWWWWWWWWWWWW"])
    let layout = ContactSheetLayout(ContactSheet(title: "", tiles: Array(repeating: tile, count: 12)))
    #expect(layout.columnCount > 1)
    let widest = PixelFont.width(of: tile.captions[0], scale: 2)
    #expect(layout.imagePlace(at: 1).x - layout.imagePlace(at: 0).x - widest >= 20)
  }

  @Test(
    "the ratio of the page's sides is close to 4 by 3",
    arguments: [(16, 8), (200, 8), (200, 28), (450, 28), (2000, 28)])
  func pageShape(_ count: Int, _ side: Int) {
    let layout = ContactSheetLayout(ContactSheet(title: "Errors", tiles: Self.tiles(count, width: side, height: side)))
    let ratio = Double(layout.width) / Double(layout.height)
    #expect(ratio > 1.15 && ratio < 1.55)
    #expect(layout.columnCount * layout.rowCount >= count)
    #expect(layout.columnCount * (layout.rowCount - 1) < count)
  }

  @Test("a sheet without tiles shows a note")
  func empty() {
    let page = ContactSheet(title: "0 errors of 450 test digits", tiles: []).render()
    let text = "Nothing to show."
    var line = GreyscaleImage(width: PixelFont.width(of: text, scale: 2), height: 18, filledWith: 255)
    line.draw(text, x: 0, y: 0, scale: 2, grey: 96)
    #expect(Self.cut(page, x: 40, y: page.height - 40 - 18, width: line.width, height: 18) == line)
  }

  @Test("the same sheet gives the same page, and 2,000 tiles fit on one page")
  func many() {
    let sheet = ContactSheet(title: "2000 errors", tiles: Self.tiles(2000))
    let page = sheet.render()
    #expect(page == sheet.render())
    let place = ContactSheetLayout(sheet).imagePlace(at: 1999)
    let last = sheet.tiles[1999].image.scaled(by: 4)
    #expect(Self.cut(page, x: place.x, y: place.y, width: 112, height: 112) == last)
  }
}
