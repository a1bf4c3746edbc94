import DatasetFormats
import Datasets
import RandomSources
import Testing

@Suite("Reading labelled images from CSV")
struct LabelledCSVReaderTests {
  /// All accepted forms of a CSV text. Each text holds the same two images of 2x2 pixels.
  private static let accepted: [(name: String, text: String)] = [
    ("as the writer writes it", "label,pixel0,pixel1,pixel2,pixel3\n1,0,0,0,5\n2,255,254,100,10\n"),
    ("no header", "1,0,0,0,5\n2,255,254,100,10\n"),
    ("no line feed at the end", "1,0,0,0,5\n2,255,254,100,10"),
    ("carriage returns", "label,a,b,c,d\r\n1,0,0,0,5\r\n2,255,254,100,10\r\n"),
    ("a carriage return at the end", "1,0,0,0,5\r\n2,255,254,100,10\r"),
    ("a byte-order mark", "\u{FEFF}1,0,0,0,5\n2,255,254,100,10\n"),
    ("a byte-order mark and a header", "\u{FEFF}label,1x1,1x2,2x1,2x2\n1,0,0,0,5\n2,255,254,100,10\n"),
    ("blank lines at the end", "1,0,0,0,5\n2,255,254,100,10\n\n \t\r\n\n"),
    ("spaces and tabs", " 1 ,0, 0,0\t, 5\n2,255 ,254,  100,10  \n"),
    (
      "quotes",
      "\"label\",\"pixel0\",\"pixel1\",\"pixel2\",\"pixel3\"\n\"1\",\"0\",0,0, \" 5\" \n2,\"255\",254,\"100\",10\n"
    ),
    ("whole numbers with a point", "1.0,0.0,0.,0,5.000\n2.,255.0,254.0,100,10\n"),
    ("zeros before numbers", "01,000,00,0,0005\n002,255,00254,100,010\n"),
    ("pixels counted from 1", "label,pixel1,pixel2,pixel3,pixel4\n1,0,0,0,5\n2,255,254,100,10\n"),
    ("other names", "class,V1,V2,V3,V4\n1,0,0,0,5\n2,255,254,100,10\n"),
  ]

  @Test("Every accepted form gives the same images, for pieces of any size", arguments: accepted)
  func accepts(_ name: String, _ text: String) throws {
    let expected = ImageDataset(
      imageSize: ImageSize(rowCount: 2, columnCount: 2), labels: [1, 2], pixels: [0, 0, 0, 5, 255, 254, 100, 10])
    for pieceByteCount in [1, 2, 3, 7, 1000] {
      #expect(try LabelledCSVReader.read(text.utf8, pieceByteCount: pieceByteCount) == expected, "\(name)")
    }
  }

  @Test("The image size comes from the header or the caller; otherwise the images are square")
  func sizes() throws {
    let wide = ImageSize(rowCount: 1, columnCount: 4)
    #expect(try LabelledCSVReader.read("1,2,3,4,5\n".utf8).imageSize == ImageSize(rowCount: 2, columnCount: 2))
    #expect(try LabelledCSVReader.read("1,2,3,4,5\n".utf8, imageSize: wide).imageSize == wide)
    #expect(try LabelledCSVReader.read("label,1x1,1x2,1x3,1x4\n1,2,3,4,5\n".utf8).imageSize == wide)
    #expect(
      try LabelledCSVReader.read("label,pixel0,pixel1,pixel2,pixel3\n1,2,3,4,5\n".utf8, imageSize: wide).imageSize
        == wide)
    #expect(try LabelledCSVReader.read("label,x\n1,2\n".utf8).imageSize == ImageSize(rowCount: 1, columnCount: 1))
  }

  /// Invalid CSV texts, each with its error message.
  private static let broken: [(text: String, says: String)] = [
    ("", "expected one line for each image (a label, then its pixels), found an empty file"),
    ("\n\r\n \n", "expected one line for each image (a label, then its pixels), found an empty file"),
    ("\u{FEFF}", "expected one line for each image (a label, then its pixels), found an empty file"),
    ("label,a,b,c,d\n\n", "expected one line for each image after the header, found no more lines"),
    ("1,2,3,4,5\n1,2,3,4\n", "line 2: expected 5 cells (a label and 4 pixels), found 4"),
    ("1,2,3,4,5\n1,2,3,4,\n", "line 2: expected 5 cells (a label and 4 pixels), found 4"),
    ("1,2,3,4,5\n1\n", "line 2: expected 5 cells (a label and 4 pixels), found 1"),
    ("1,2,3,4,5\n1,2,3,4,5,6,7\n", "line 2: expected 5 cells (a label and 4 pixels), found 7"),
    ("1,2,3,4,5\n1,2,3,4,5,\n", "line 2: expected 5 cells (a label and 4 pixels), found 6"),
    ("label,a,b,c,d\n1,2,3,4,5,6\n", "line 2: expected 5 cells (a label and 4 pixels), found 6"),
    ("1,2,3,4,5\n1,,3,4,5\n", "line 2, column 2: expected a pixel value from 0 to 255, found an empty cell"),
    ("1,2,3,4,5\n,2,3,4,5\n", "line 2, column 1: expected a label from 0 to 255, found an empty cell"),
    (
      "1,2,3,4,5\n1,2,x,4,5\n",
      "line 2, column 3: expected a pixel value from 0 to 255, found text that is not a number: x"
    ),
    (
      "1,2,3,4,5\n1,2,nan,4,5\n",
      "line 2, column 3: expected a pixel value from 0 to 255, found text that is not a number: nan"
    ),
    (
      "1,2,3,4,5\n1,2,0x3,4,5\n",
      "line 2, column 3: expected a pixel value from 0 to 255, found text that is not a number: 0x3"
    ),
    (
      "1,2,3,4,5\n1,2,3 4,4,5\n",
      "line 2, column 3: expected a pixel value from 0 to 255, found text that is not a number: 3 4"
    ),
    (
      "1,2,3,4,5\n1,2,\"3,4,5\n",
      "line 2, column 3: expected a pixel value from 0 to 255, found text that is not a number: \"3"
    ),
    (
      "1,2,3,4,5\n1,2,.,4,5\n",
      "line 2, column 3: expected a pixel value from 0 to 255, found text that is not a number: ."
    ),
    (
      "1,2,3,4,5\n1,2,1.2.3,4,5\n",
      "line 2, column 3: expected a pixel value from 0 to 255, found text that is not a number: 1.2.3"
    ),
    ("1,2,3,4,5\n1,2,-3,4,5\n", "line 2, column 3: expected a pixel value from 0 to 255, found a negative number: -3"),
    (
      "1,2,3,4,5\n1,2,3,256,5\n",
      "line 2, column 4: expected a pixel value from 0 to 255, found a number that is too large: 256"
    ),
    (
      "1,2,3,4,5\n1,2,3,4,999\n",
      "line 2, column 5: expected a pixel value from 0 to 255, found a number that is too large: 999"
    ),
    (
      "1,2,3,4,5\n1,2,3,99999999999999999999999999,5\n",
      "line 2, column 4: expected a pixel value from 0 to 255, "
        + "found a number that is too large: 999999999999999999999999..."
    ),
    ("1,2,3,4,5\n1,2,3,4.5,5\n", "line 2, column 4: expected a pixel value from 0 to 255, found a fraction: 4.5"),
    ("300,2,3,4,5\n", "line 1, column 1: expected a label from 0 to 255, found a number that is too large: 300"),
    ("-1,2,3,4,5\n", "line 1, column 1: expected a label from 0 to 255, found a negative number: -1"),
    ("1,2,3,4,5\n\n1,2,3,4,5\n", "line 2: expected a label and pixels, found a blank line before the end of the file"),
    ("1,2,3,4,5\n1,2,\0,4,5\n", "line 2, column 3: expected text in UTF-8, found the byte 0x00"),
    ("1,2,3,4,5\r1,2,3,4,5\r", "line 1: 8 pixels do not form a square image"),
    (
      "\u{1F}\u{8B}\u{8}\n",
      "line 1: expected a label and from 1 to 1048576 pixels, separated by commas, found 0 pixels"
    ),
    ("l\0a\0b\0,\0x\0\n\0", "line 1, column 1: expected text in UTF-8, found the byte 0x00"),
    ("label\n1\n", "line 1: expected a label and from 1 to 1048576 pixels, separated by commas, found 0 pixels"),
    ("1,2,3,4\n", "line 1: 3 pixels do not form a square image"),
    ("label,pixel0,pixel1\n1,2,3\n", "line 1: 2 pixels do not form a square image"),
    (
      "pixel0,pixel1,pixel2,pixel3\n1,2,3,4\n",
      "line 1, column 1: expected the column of labels, found a column named pixel0"
    ),
    ("1x1,1x2,2x1\n1,2,3\n", "line 1, column 1: expected the column of labels, found a column named 1x1"),
    ("pixel0,pixel1,label\n1,2,3\n", "line 1, column 3: expected the labels in column 1, found them in column 3"),
    (
      ",label,pixel0,pixel1,pixel2\n0,1,2,3,4\n",
      "line 1, column 2: expected the labels in column 1, found them in column 2"
    ),
    (
      "label,pixel0,pixel2,pixel1,pixel3\n1,2,3,4,5\n",
      "line 1, column 3: expected the column name pixel1, found pixel2"
    ),
    (
      "label,1x1,2x1,1x2,2x2\n1,2,3,4,5\n",
      "line 1, column 3: expected the column name 1x2, found 2x1"
    ),
    (
      "label,1x1,1x2,1x3,2x1,2x2\n1,2,3,4,5,6\n",
      "line 1, column 4: expected the column name 2x1, found 1x3"
    ),
    ("label,0x0,0x1\n1,2,3\n", "line 1, column 2: expected the column name 1x1, found 0x0"),
  ]

  @Test("An invalid file is refused with line and column, for pieces of any size", arguments: broken)
  func refuses(_ text: String, _ says: String) {
    for pieceByteCount in [1, 3, 1000] {
      let error = #expect(throws: LabelledCSVError.self) {
        try LabelledCSVReader.read(text.utf8, pieceByteCount: pieceByteCount)
      }
      let sentence = error?.description ?? ""
      #expect(sentence == says)
      #expect(!sentence.contains("\n"))
    }
  }

  @Test("A given image size that contradicts the file is refused")
  func contradictions() {
    let given = ImageSize(rowCount: 1, columnCount: 4)
    #expect(throws: LabelledCSVError.wrongCellCount(line: 1, expected: 5, found: 4)) {
      try LabelledCSVReader.read("1,2,3,4\n".utf8, imageSize: given)
    }
    let square = ImageSize(rowCount: 2, columnCount: 2)
    #expect(throws: LabelledCSVError.otherSize(line: 1, expected: given, found: square)) {
      try LabelledCSVReader.read("label,1x1,1x2,2x1,2x2\n1,2,3,4,5\n".utf8, imageSize: given)
    }
  }
}
