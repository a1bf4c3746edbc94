import Archives
import DatasetFormats
import Datasets
import DurableFiles
import TestFixtures
import Testing

@Suite("Reading data sets from files of other programs")
struct ConversionReadingTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func description(_ body: () throws -> ImageDataset) throws -> String {
    "\(try #require(throws: ConversionError.self) { _ = try body() })"
  }

  @Test("a CSV file of images that are not square needs an image size from the header or the caller")
  func imageSize() throws {
    try scratch.write("3,1,2,3,4,5,6\n".utf8, to: "a.csv")
    let data = try ImageDataset.read(scratch("a.csv"), imageSize: ImageSize("2x3"))
    #expect((data.rowCount, data.columnCount) == (2, 3))
    #expect(data.classNames == ["0", "1", "2", "3"])
    #expect(data.trainingCount == 1)
    #expect(
      try description { try .read(scratch("a.csv")) }
        == "\(scratch("a.csv")): line 1: 6 pixels do not form a square image")
  }

  @Test("an archive with a very large directory is refused before its entries are read")
  func largeDirectory() throws {
    try TestDatasets.random().write(to: scratch("good.npz"), as: .npz)
    let file = try FileWriter(for: scratch("many.npz"))
    let writer = ZipWriter { try file.write($0) }
    for index in 0..<20 {
      let name = "\(index)" + String(repeating: "n", count: 60_000)
      try writer.add(name, [1])
    }
    try writer.finish()
    try file.commit()
    #expect(try description { try .read(scratch("many.npz")) }.contains("expected at most the 1048576 allowed"))
  }

  @Test("CSV files with different image sizes are refused")
  func csvSizes() throws {
    try scratch.write("label,1x1,1x2\n0,1,2\n".utf8, to: "set/train.csv")
    try scratch.write("label,1x1,2x1\n0,1,2\n".utf8, to: "set/test.csv")
    #expect(
      try description { try .read(scratch("set")) }
        == "\(scratch("set/test.csv")): expected images of 1x2 pixels, found 2x1")
  }

  @Test("a given image size is checked in every format", arguments: DatasetFormat.allCases)
  func givenSize(_ format: DatasetFormat) throws {
    let data = TestDatasets.random()
    try data.write(to: scratch("set"), as: format)
    #expect(try ImageDataset.read(scratch("set"), imageSize: ImageSize("7x5")).pixels == data.pixels)
    #expect(throws: ConversionError.self) { try ImageDataset.read(scratch("set"), imageSize: ImageSize("5x7")) }
    #expect(throws: ConversionError.self) {
      try ImageDataset.read(scratch("set"), imageSize: ImageSize(rowCount: 1 << 31, columnCount: 1 << 31))
    }
  }

  @Test("an error in a file names the file and the place")
  func places() throws {
    try scratch.write("label,pixel0\n1,2\n1,300\n".utf8, to: "a.csv")
    #expect(try description { try .read(scratch("a.csv")) }.hasPrefix("\(scratch("a.csv")): line 3, column 2: "))

    try TestDatasets.random().write(to: scratch("a.npz"), as: .npz)
    let archive = try scratch.bytes("a.npz")
    try scratch.write(archive.dropLast(30), to: "cut.npz")
    #expect(try description { try .read(scratch("cut.npz")) }.hasPrefix("\(scratch("cut.npz")): "))

    try TestDatasets.random().write(to: scratch("idx"), as: .idx)
    let labels = try scratch.bytes("idx/t10k-labels-idx1-ubyte")
    try scratch.write(labels.dropLast(), to: "idx/t10k-labels-idx1-ubyte")
    #expect(
      try description { try .read(scratch("idx")) }
        == "\(scratch("idx/t10k-labels-idx1-ubyte")): at byte 97: the file ends inside the elements, expected 98 bytes, found 97"
    )
  }

  @Test("an archive with any changed byte is refused or gives its original data, and never crashes the program")
  func damagedArchive() throws {
    let data = TestDatasets.random(sampleCount: 20, trainingCount: 15)
    try data.write(to: scratch("a.npz"), as: .npz)
    let archive = try scratch.bytes("a.npz")
    for place in archive.indices {
      var damaged = archive
      damaged[place] ^= 0x55
      try scratch.write(damaged, to: "damaged.npz")
      do throws(ConversionError) {
        // A changed date or attribute in the archive does not affect the data.
        #expect(try ImageDataset.read(scratch("damaged.npz")).pixels == data.pixels)
      } catch {
        #expect("\(error)".hasPrefix(scratch("damaged.npz")))
      }
    }
  }

  @Test("an image size has rows and columns of at least 1, and its pixel count does not overflow")
  func sizes() {
    #expect(ImageSize("28x14") == ImageSize(rowCount: 28, columnCount: 14))
    #expect(ImageSize("28x14")?.description == "28x14")
    for text in ["", "28", "28x", "x28", "0x5", "-1x5", "2x3x4", "+2x3", "9999999999x9999999999", "28 x 28"] {
      #expect(ImageSize(text) == nil, "\(text)")
    }
  }
}
