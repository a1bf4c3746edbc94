import DatasetFormats
import Datasets
import RandomSources
import Testing

@Suite("Labelled images from CSV")
struct LabelledCSVReaderTests {
  /// Two images of 2x2 in all the ways that are accepted.
  private static let accepted: [(name: String, text: String)] = [
    ("as it is written", "label,pixel0,pixel1,pixel2,pixel3\n1,0,0,0,5\n2,255,254,100,10\n"),
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

  @Test("Files that differ in form alone hold the same images, in pieces of any size", arguments: accepted)
  func accepts(_ name: String, _ text: String) throws {
    let expected = ImageDataset(
      imageSize: ImageSize(rowCount: 2, columnCount: 2), labels: [1, 2], pixels: [0, 0, 0, 5, 255, 254, 100, 10])
    for pieceByteCount in [1, 2, 3, 7, 1000] {
      #expect(try LabelledCSVReader.read(text.utf8, pieceByteCount: pieceByteCount) == expected, "\(name)")
    }
  }

  @Test("The size comes from the header, the caller, or a square")
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

  /// What is wrong in a file of images of 2x2, and the sentence that tells it.
  private static let broken: [(text: String, says: String)] = [
    ("", "expected a line of a label and pixels for each image, found an empty file"),
    ("\n\r\n \n", "expected a line of a label and pixels for each image, found an empty file"),
    ("\u{FEFF}", "expected a line of a label and pixels for each image, found an empty file"),
    ("label,a,b,c,d\n\n", "expected a line for each image after the header, found none"),
    ("1,2,3,4,5\n1,2,3,4\n", "line 2: expected 5 cells, a label and 4 pixels, found 4"),
    ("1,2,3,4,5\n1,2,3,4,\n", "line 2: expected 5 cells, a label and 4 pixels, found 4"),
    ("1,2,3,4,5\n1\n", "line 2: expected 5 cells, a label and 4 pixels, found 1"),
    ("1,2,3,4,5\n1,2,3,4,5,6,7\n", "line 2: expected 5 cells, a label and 4 pixels, found 7"),
    ("1,2,3,4,5\n1,2,3,4,5,\n", "line 2: expected 5 cells, a label and 4 pixels, found 6"),
    ("label,a,b,c,d\n1,2,3,4,5,6\n", "line 2: expected 5 cells, a label and 4 pixels, found 6"),
    ("1,2,3,4,5\n1,,3,4,5\n", "line 2, column 2: expected a pixel from 0 to 255, found nothing"),
    ("1,2,3,4,5\n,2,3,4,5\n", "line 2, column 1: expected a label from 0 to 255, found nothing"),
    ("1,2,3,4,5\n1,2,x,4,5\n", "line 2, column 3: expected a pixel from 0 to 255, found no number: x"),
    ("1,2,3,4,5\n1,2,nan,4,5\n", "line 2, column 3: expected a pixel from 0 to 255, found no number: nan"),
    ("1,2,3,4,5\n1,2,0x3,4,5\n", "line 2, column 3: expected a pixel from 0 to 255, found no number: 0x3"),
    ("1,2,3,4,5\n1,2,3 4,4,5\n", "line 2, column 3: expected a pixel from 0 to 255, found no number: 3 4"),
    ("1,2,3,4,5\n1,2,\"3,4,5\n", "line 2, column 3: expected a pixel from 0 to 255, found no number: \"3"),
    ("1,2,3,4,5\n1,2,.,4,5\n", "line 2, column 3: expected a pixel from 0 to 255, found no number: ."),
    ("1,2,3,4,5\n1,2,1.2.3,4,5\n", "line 2, column 3: expected a pixel from 0 to 255, found no number: 1.2.3"),
    ("1,2,3,4,5\n1,2,-3,4,5\n", "line 2, column 3: expected a pixel from 0 to 255, found a negative number: -3"),
    (
      "1,2,3,4,5\n1,2,3,256,5\n",
      "line 2, column 4: expected a pixel from 0 to 255, found a number that is too large: 256"
    ),
    (
      "1,2,3,4,5\n1,2,3,4,999\n",
      "line 2, column 5: expected a pixel from 0 to 255, found a number that is too large: 999"
    ),
    (
      "1,2,3,4,5\n1,2,3,99999999999999999999999999,5\n",
      "line 2, column 4: expected a pixel from 0 to 255, "
        + "found a number that is too large: 999999999999999999999999..."
    ),
    ("1,2,3,4,5\n1,2,3,4.5,5\n", "line 2, column 4: expected a pixel from 0 to 255, found a fraction: 4.5"),
    ("300,2,3,4,5\n", "line 1, column 1: expected a label from 0 to 255, found a number that is too large: 300"),
    ("-1,2,3,4,5\n", "line 1, column 1: expected a label from 0 to 255, found a negative number: -1"),
    ("1,2,3,4,5\n\n1,2,3,4,5\n", "line 2: expected a label and pixels, found a blank line with others after it"),
    ("1,2,3,4,5\n1,2,\0,4,5\n", "line 2, column 3: expected text, found the byte 0x00"),
    ("1,2,3,4,5\r1,2,3,4,5\r", "line 1: 8 pixels are no square: the images' rows and columns must be given"),
    ("\u{1F}\u{8B}\u{8}\n", "line 1: expected from 1 to 1048576 pixels, found 0"),
    ("l\0a\0b\0,\0x\0\n\0", "line 1, column 1: expected text, found the byte 0x00"),
    ("label\n1\n", "line 1: expected from 1 to 1048576 pixels, found 0"),
    ("1,2,3,4\n", "line 1: 3 pixels are no square: the images' rows and columns must be given"),
    ("label,pixel0,pixel1\n1,2,3\n", "line 1: 2 pixels are no square: the images' rows and columns must be given"),
    ("pixel0,pixel1,pixel2,pixel3\n1,2,3,4\n", "line 1, column 1: expected the labels' column, found one named pixel0"),
    ("1x1,1x2,2x1\n1,2,3\n", "line 1, column 1: expected the labels' column, found one named 1x1"),
    ("pixel0,pixel1,label\n1,2,3\n", "line 1, column 3: expected the labels in column 1, found them here"),
    (",label,pixel0,pixel1,pixel2\n0,1,2,3,4\n", "line 1, column 2: expected the labels in column 1, found them here"),
    (
      "label,pixel0,pixel2,pixel1,pixel3\n1,2,3,4,5\n",
      "line 1, column 3: expected the name pixel1, as the names before it go on, found pixel2"
    ),
    (
      "label,1x1,2x1,1x2,2x2\n1,2,3,4,5\n",
      "line 1, column 3: expected the name 1x2, as the names before it go on, found 2x1"
    ),
    (
      "label,1x1,1x2,1x3,2x1,2x2\n1,2,3,4,5,6\n",
      "line 1, column 4: expected the name 2x1, as the names before it go on, found 1x3"
    ),
    ("label,0x0,0x1\n1,2,3\n", "line 1, column 2: expected the name 1x1, as the names before it go on, found 0x0"),
  ]

  @Test("What is wrong is told by line and column, in pieces of any size", arguments: broken)
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

  @Test("A size that the file contradicts is told")
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
