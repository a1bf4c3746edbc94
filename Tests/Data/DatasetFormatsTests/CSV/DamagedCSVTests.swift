import DatasetFormats
import Datasets
import RandomSources
import Testing

@Suite("Damaged CSV files")
struct DamagedCSVTests {
  private static let images = ImageDataset.random(3, rows: 3, columns: 2)
  private static let text = LabelledCSVWriter.write(images)

  @Test("A file that is cut inside a line is refused, except for a cut in the last number")
  func cut() throws {
    for count in 0..<Self.text.count {
      let text = Self.text.prefix(count)
      guard let found = try? LabelledCSVReader.read(text) else { continue }
      let lines = text.split(separator: UInt8(ascii: "\n"))
      let last = try #require(lines.last)
      #expect(last.count { $0 == UInt8(ascii: ",") } == 6, "cut at \(count)")
      // A cut inside the last number of a line cannot be detected.
      let sound = max(found.pixels.count - 1, 0)
      #expect(found.pixels.prefix(sound) == Self.images.pixels.prefix(sound))
    }
    #expect(throws: LabelledCSVError.self) { try LabelledCSVReader.read(Self.text.dropLast(4)) }
  }

  @Test("No flipped bit crashes the program or changes the image size")
  func flipped() {
    for index in Self.text.indices {
      for bit in 0..<8 {
        var damaged = Self.text
        damaged[index] ^= 1 << bit
        guard let found = try? LabelledCSVReader.read(damaged) else { continue }
        #expect(found.imageSize.pixelCount == 6 && found.count <= 4)
      }
    }
  }

  @Test("Random text never crashes the program, and the result does not depend on the size of the pieces")
  func random() {
    var source = SplittableRandomSource(seed: 11)
    let parts = [
      "1,2,3\n", "0,0,0", "7,", "\n", ",", "255", "256", "0", " ", "\"", "-", ".0", "\r", "\0", "\u{FEFF}", "x",
      "label",
      "label,1x1,1x2\n", "label,pixel0\n",
    ]
    var acceptedCount = 0
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...10, using: &source)).flatMap { _ in
        Array(parts[Int.random(in: 0..<parts.count, using: &source)].utf8)
      }
      let size = Bool.random(using: &source) ? nil : ImageSize(rowCount: 1, columnCount: 2)
      let whole = Result { () throws(LabelledCSVError) in try LabelledCSVReader.read(text, imageSize: size) }
      let pieces = Result { () throws(LabelledCSVError) in
        try LabelledCSVReader.read(text, imageSize: size, pieceByteCount: 3)
      }
      #expect(whole == pieces, "\(String(decoding: text, as: UTF8.self).debugDescription)")
      if case .success = whole { acceptedCount += 1 }
    }
    #expect(acceptedCount > 100)
  }

  @Test("A line without an end is refused long before it fills the memory")
  func endless() {
    for (beginning, cells, line, maximum) in [
      ("", "0,", 1, LabelledCSVReader.maximumFirstLineByteCount),
      ("", "name,", 1, LabelledCSVReader.maximumFirstLineByteCount),
      ("1,2,3,4,5\n", "0,", 2, 1024 + 5 * 64), ("1,2,3,4,5\n", "          ", 2, 1024 + 5 * 64),
    ] {
      let piece = [UInt8](String(repeating: cells, count: 1 << 14).utf8)
      var reader = LabelledCSVReader()
      var byteCount = 0
      let error = #expect(throws: LabelledCSVError.self) {
        try reader.read(Array(beginning.utf8))
        while byteCount < 100_000_000 {
          byteCount += piece.count
          try reader.read(piece)
        }
      }
      #expect(error == .lineTooLong(line: line, maximumByteCount: maximum))
      #expect(byteCount <= maximum + piece.count)
    }
  }

  @Test(
    "A quote in the header that is not closed in its cell is refused with its line and column",
    arguments: [
      ("\"label,pixel0", 1, "\"label"), ("label,\"pixel0", 2, "\"pixel0"), ("label,pixel0\"", 2, "pixel0\""),
      ("\"digit, label\",pixel0", 1, "\"digit"), ("label,\"", 2, "\""), ("label,pix\"el0", 2, "pix\"el0"),
    ])
  func unclosedQuote(_ header: String, _ column: Int, _ found: String) {
    #expect(throws: LabelledCSVError.unclosedQuote(line: 1, column: column, found: found)) {
      try LabelledCSVReader.read("\(header)\n5,1\n".utf8)
    }
  }

  @Test("A file with more pixels than the maximum is refused")
  func tooManyPixels() throws {
    var reader = LabelledCSVReader(imageSize: nil, maximumPixelCount: 8)
    try reader.read(Array("1,2,3,4,5\n1,2,3,4,5\n".utf8))
    #expect(throws: LabelledCSVError.tooManyPixels(line: 3, maximum: 8)) {
      try reader.read(Array("1,2,3,4,5\n".utf8))
    }
  }

  @Test("A first line with too many cells is refused before names or numbers are stored")
  func tooManyCells() {
    let line = [UInt8](repeating: UInt8(ascii: ","), count: LabelledCSVReader.maximumImagePixelCount + 1)
    let expected = LabelledCSVError.pixelCountOutOfRange(
      line: 1, maximum: LabelledCSVReader.maximumImagePixelCount, found: LabelledCSVReader.maximumImagePixelCount + 1)
    #expect(throws: expected) { try LabelledCSVReader.read(line) }
    #expect(throws: expected) { try LabelledCSVReader.read([UInt8(ascii: "1")] + line) }
  }
}
