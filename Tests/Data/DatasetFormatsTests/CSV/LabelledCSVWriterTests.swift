import DatasetFormats
import Datasets
import Testing

@Suite("Writing labelled images as CSV")
struct LabelledCSVWriterTests {
  @Test("Square images get Kaggle's header; other images get a header that gives their size")
  func layout() {
    let square = ImageDataset(
      imageSize: ImageSize(rowCount: 2, columnCount: 2), labels: [7, 255], pixels: [0, 9, 10, 99, 100, 255, 1, 0])
    #expect(
      String(decoding: LabelledCSVWriter.write(square), as: UTF8.self)
        == "label,pixel0,pixel1,pixel2,pixel3\n7,0,9,10,99\n255,100,255,1,0\n")
    let other = ImageDataset(
      imageSize: ImageSize(rowCount: 2, columnCount: 3), labels: [1], pixels: [1, 2, 3, 4, 5, 6])
    #expect(
      String(decoding: LabelledCSVWriter.write(other), as: UTF8.self)
        == "label,1x1,1x2,1x3,2x1,2x2,2x3\n1,1,2,3,4,5,6\n")
  }

  @Test("Written images of any shape are read back unchanged", arguments: [(1, 1), (7, 5), (1, 35), (35, 1), (28, 28)])
  func roundTrip(_ rows: Int, _ columns: Int) throws {
    let images = ImageDataset.random(300, rows: rows, columns: columns)
    #expect(try LabelledCSVReader.read(LabelledCSVWriter.write(images)) == images)
  }

  @Test("The embedded digits are read back unchanged")
  func digits() throws {
    let digits = try ImageDataset.digits()
    let read = try LabelledCSVReader.read(LabelledCSVWriter.write(digits))
    #expect(read.pixels == digits.pixels && read.labels == digits.labels && read.imageSize == digits.imageSize)
  }

  @Test("Every byte value is written as its decimal digits")
  func everyByte() {
    let images = ImageDataset(
      imageSize: ImageSize(rowCount: 1, columnCount: 256), labels: [3], pixels: Array(0...255))
    let lines = LabelledCSVWriter.write(images).split(separator: UInt8(ascii: "\n"))
    #expect(Array(lines[1]) == Array("3,\((0...255).map(String.init).joined(separator: ","))".utf8))
  }

  @Test("Large data sets are written in pieces of limited size that hold whole lines")
  func pieces() {
    let images = ImageDataset.random(2000, rows: 28, columns: 28)
    var sizes: [Int] = []
    var whole = true
    LabelledCSVWriter.write(images) {
      sizes.append($0.count)
      whole = whole && $0.last == UInt8(ascii: "\n")
    }
    #expect(whole)
    #expect(sizes.count > 5 && sizes.allSatisfy { $0 <= 1 << 18 }, "\(sizes)")
  }

  @Test("An error from the closure that receives the pieces stops writing")
  func failing() {
    struct Full: Error {}
    let images = ImageDataset.random(2000, rows: 28, columns: 28)
    var pieceCount = 0
    #expect(throws: Full.self) {
      try LabelledCSVWriter.write(images) { _ throws(Full) in
        pieceCount += 1
        if pieceCount == 3 { throw Full() }
      }
    }
    #expect(pieceCount == 3)
  }
}
