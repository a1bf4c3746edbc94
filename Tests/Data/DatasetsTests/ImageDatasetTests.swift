import Archives
import Datasets
import DurableFiles
import Foundation
import IDX
import TestFixtures
import Testing

/// The four IDX files of a small data set. A test can damage the files before it writes them to a folder.
struct TinySet {
  var trainImages = IDXArray((0..<24).map { UInt8($0) }, dimensions: [4, 2, 3]).encoded()
  var trainLabels = IDXArray([0, 2, 1, 2] as [UInt8], dimensions: [4]).encoded()
  var testImages = IDXArray((100..<112).map { UInt8($0) }, dimensions: [2, 2, 3]).encoded()
  var testLabels = IDXArray([1, 0] as [UInt8], dimensions: [2]).encoded()

  /// Writes the four files to a folder. `spell` converts the usual name of a file to the name of the written file.
  func write(to folder: ScratchFolder, spell: (String) -> String = { $0 }) throws {
    for (name, bytes) in [
      ("train-images-idx3-ubyte", trainImages), ("train-labels-idx1-ubyte", trainLabels),
      ("t10k-images-idx3-ubyte", testImages), ("t10k-labels-idx1-ubyte", testLabels),
    ] {
      let spelled = spell(name)
      try folder.write(spelled.hasSuffix(".gz") ? Gzip.compress(bytes) : bytes, to: spelled)
    }
  }
}

@Suite struct ImageDatasetTests {
  @Test("the embedded digits are the same as scikit-learn's")
  func digits() throws {
    let digits = try ImageDataset.digits()
    #expect(digits.count == 1797 && digits.rowCount == 8 && digits.columnCount == 8)
    #expect(digits.classCount == 10 && digits.trainingCount == 1797 && digits.testCount == 0)
    // The expected pixels are scikit-learn's load_digits().images[0]. The expected sum and counts come from
    // scikit-learn's arrays too.
    let first: [UInt8] = [
      0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0, 8, 8, 0,
      0, 5, 8, 0, 0, 9, 8, 0, 0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6, 13, 10, 0, 0, 0,
    ]
    #expect(Array(digits.image(0)) == first)
    #expect(digits.pixels.reduce(0) { $0 + Int($1) } == 561_718)
    #expect(digits.pixels.max() == 16)
    let counts = (0...9).map { label in digits.labels.count { $0 == label } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test("a subset of MNIST is read from gzip files as published")
  func subset() throws {
    let subset = try ImageDataset.load(folder: Fixture("mnist-subset").path)
    #expect(subset.name == "mnist-subset")
    #expect(subset.trainingCount == 300 && subset.testCount == 100)
    #expect(subset.rowCount == 28 && subset.columnCount == 28 && subset.classCount == 10)
    #expect(Array(subset.labels.prefix(5)) == [5, 0, 4, 1, 9])
    #expect(Array(subset.labels[300..<305]) == [7, 2, 1, 0, 4])
    #expect(subset.pixels.max() == 255)
  }

  @Test(
    "the files are found under every accepted spelling of their names",
    arguments: [
      { $0 }, { $0 + ".gz" }, { $0.split(separator: "-idx").joined(separator: ".idx") },
      { $0.split(separator: "-idx").joined(separator: ".idx") + ".gz" },
    ] as [@Sendable (String) -> String])
  func spellings(_ spell: @Sendable (String) -> String) throws {
    let folder = try ScratchFolder()
    try TinySet().write(to: folder, spell: spell)
    let data = try ImageDataset.load(folder: folder.path, name: "tiny")
    #expect(data.rowCount == 2 && data.columnCount == 3 && data.trainingCount == 4 && data.count == 6)
    #expect(data.labels == [0, 2, 1, 2, 1, 0])
    #expect(Array(data.image(1)) == [6, 7, 8, 9, 10, 11])
    #expect(Array(data.image(5)) == [106, 107, 108, 109, 110, 111])
    #expect(data.pixels(at: [5, 0]) == [106, 107, 108, 109, 110, 111, 0, 1, 2, 3, 4, 5])
    #expect(data.classNames == ["0", "1", "2"])
  }

  @Test("a folder may have no test part")
  func trainingOnly() throws {
    let folder = try ScratchFolder()
    let tiny = TinySet()
    try folder.write(tiny.trainImages, to: "train-images-idx3-ubyte")
    try folder.write(tiny.trainLabels, to: "train-labels-idx1-ubyte")
    #expect(try ImageDataset.load(folder: folder.path).testCount == 0)
    try folder.write(tiny.testLabels, to: "t10k-labels-idx1-ubyte")
    #expect(throws: DatasetError.missing(folder: folder.path, file: "t10k-images-idx3-ubyte")) {
      try ImageDataset.load(folder: folder.path)
    }
  }

  @Test("an invalid file gives an error with the file, the expected and the found value")
  func broken() throws {
    func expect(_ text: String, _ change: (inout TinySet) -> Void) throws {
      let folder = try ScratchFolder()
      var tiny = TinySet()
      change(&tiny)
      try tiny.write(to: folder)
      let error = #expect(throws: DatasetError.self) {
        try ImageDataset.load(folder: folder.path, name: "tiny", classNames: ["0", "1", "2"])
      }
      let found = "\(String(describing: error))".replacing(folder.path + "/", with: "")
      #expect(found.contains(text), "\(found)")
      #expect(error?.description.contains("\n") == false)
    }
    try expect("t10k-labels-idx1-ubyte: found 1 labels, expected 2, one for each image in t10k-images-idx3-ubyte") {
      $0.testLabels = IDXArray([1] as [UInt8], dimensions: [1]).encoded()
    }
    try expect("train-labels-idx1-ubyte: at byte 10: the label 3, expected 0 to 2") {
      $0.trainLabels = IDXArray([0, 1, 3, 9] as [UInt8], dimensions: [4]).encoded()
    }
    try expect("t10k-images-idx3-ubyte: expected images of 2x3 pixels as in the training part, found 3x2") {
      $0.testImages = IDXArray([UInt8](repeating: 0, count: 12), dimensions: [2, 3, 2]).encoded()
    }
    try expect("train-images-idx3-ubyte: expected images as uint8 of 3 dimensions, found int16 [1, 1, 1]") {
      $0.trainImages = IDXArray([7] as [Int16], dimensions: [1, 1, 1]).encoded()
    }
    try expect("train-images-idx3-ubyte: expected at least one image and one pixel, found uint8 [0, 2, 3]") {
      $0.trainImages = IDXArray([UInt8](), dimensions: [0, 2, 3]).encoded()
    }
    try expect("train-labels-idx1-ubyte: expected labels as uint8 of 1 dimension, found uint8 [4, 1]") {
      $0.trainLabels = IDXArray([0, 0, 0, 0] as [UInt8], dimensions: [4, 1]).encoded()
    }
    try expect("train-images-idx3-ubyte: at byte") { $0.trainImages.removeLast() }
    try expect("train-images-idx3-ubyte: at byte") { $0.trainImages.append(0) }
    try expect("t10k-labels-idx1-ubyte: at byte") { $0.testLabels = Array("<html>".utf8) }
  }

  @Test("a damaged .gz file gives an error with its name")
  func brokenGzip() throws {
    let folder = try ScratchFolder()
    try TinySet().write(to: folder) { $0 + ".gz" }
    var bytes = try folder.bytes("t10k-images-idx3-ubyte.gz")
    bytes[bytes.count - 6] ^= 1
    try folder.write(bytes, to: "t10k-images-idx3-ubyte.gz")
    let error = #expect(throws: DatasetError.self) { try ImageDataset.load(folder: folder.path) }
    #expect("\(String(describing: error))".contains("t10k-images-idx3-ubyte.gz: at byte"))
  }

  @Test("a .gz file that unpacks to more than its IDX header states is an error before it fills the memory")
  func bomb() throws {
    let folder = try ScratchFolder()
    try TinySet().write(to: folder) { $0 + ".gz" }
    let bomb = TinySet().trainImages + [UInt8](repeating: 0, count: 50 << 20)
    try folder.write(Gzip.compress(bomb, level: 1), to: "train-images-idx3-ubyte.gz")
    #expect(
      throws: DatasetError.wrongArray(
        path: folder("train-images-idx3-ubyte.gz"), expected: "40 unpacked bytes as stated in its IDX header",
        found: "more")
    ) { try ImageDataset.load(folder: folder.path) }
    try folder.write(Gzip.compress(Array(repeating: 0, count: 4000)), to: "train-images-idx3-ubyte.gz")
    #expect(throws: DatasetError.self) { try ImageDataset.load(folder: folder.path) }
  }

  @Test("a .gz file of many members is read even if the first members are very short")
  func members() throws {
    let folder = try ScratchFolder()
    try TinySet().write(to: folder) { $0 + ".gz" }
    let whole = try ImageDataset.load(folder: folder.path, name: "tiny")
    let images = TinySet().trainImages
    let members = Gzip.compress([]) + images.prefix(5).flatMap { Gzip.compress([$0]) }
    try folder.write(members + Gzip.compress(Array(images.dropFirst(5))), to: "train-images-idx3-ubyte.gz")
    #expect(try ImageDataset.load(folder: folder.path, name: "tiny") == whole)
  }

  @Test("a packed file far larger than its array is an error before it is read")
  func packedSize() throws {
    let folder = try ScratchFolder()
    let name = "train-images-idx3-ubyte.gz"
    func expect(_ text: String, _ beginning: [UInt8]) throws {
      try TinySet().write(to: folder) { $0 + ".gz" }
      try folder.write(beginning, to: name)
      #expect(truncate(folder(name), 1 << 43) == 0)
      let error = #expect(throws: DatasetError.self) { try ImageDataset.load(folder: folder.path) }
      #expect(error?.description.contains(text) == true, "\(String(describing: error))")
    }
    try expect(
      "expected at most 1048656 packed bytes for the 40 stated in its IDX header, found 8796093022208",
      Gzip.compress(TinySet().trainImages))
    // The first of the next two files has an incomplete IDX header. The second has a gzip header whose file name does
    // not end.
    try expect("at byte 3: the file ends inside the header", Gzip.compress([0, 0, 8]))
    try expect(
      "expected an IDX header in the first 1048576 packed bytes",
      Array(Gzip.compress([], fileName: "x").prefix(10)) + [UInt8](repeating: 65, count: 1 << 20))
  }

  @Test("a wrong number of labels is an error before the labels are read")
  func labelCount() throws {
    let folder = try ScratchFolder()
    try TinySet().write(to: folder)
    let name = "train-labels-idx1-ubyte"
    let header: [UInt8] = [0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0]
    func expect(_ name: String) {
      #expect(
        throws: DatasetError.countsDiffer(
          images: folder("train-images-idx3-ubyte"), imageCount: 4, labels: folder(name), labelCount: 0xFFFF_FF00)
      ) { try ImageDataset.load(folder: folder.path) }
    }
    try folder.write(header, to: name)
    #expect(truncate(folder(name), 8 + 0xFFFF_FF00) == 0)
    expect(name)
    // Packed labels are not unpacked either. Unpacking the labels would give another error, because the packed file
    // holds only a header.
    try FileManager.default.removeItem(atPath: folder(name))
    try folder.write(Gzip.compress(header), to: name + ".gz")
    expect(name + ".gz")
  }

  @Test("classes beyond those of the data set get different numbers as names")
  func classNames() {
    let set = ImageDataset(
      name: "set", rowCount: 1, columnCount: 1, pixels: [1], labels: [0], trainingCount: 1,
      classNames: ["3", "cat", "class 3"])
    #expect(set.classNames(count: 2) == ["3", "cat"])
    #expect(set.classNames(count: 5) == ["3", "cat", "class 3", "class class 3", "4"])
  }

  @Test("an unknown name and a data set that is not installed give different errors")
  func absent() throws {
    let folder = try ScratchFolder()
    #expect(throws: DatasetError.unknown(name: "nonesuch", known: DatasetCatalogue.all.map(\.name))) {
      try ImageDataset.named("nonesuch", dataFolder: folder.path)
    }
    for name in ["full", "mnist"] {
      #expect(throws: DatasetError.missing(folder: folder("full"), file: "train-images-idx3-ubyte")) {
        try ImageDataset.named(name, dataFolder: folder.path)
      }
    }
    #expect(try ImageDataset.named("digits", dataFolder: folder.path).count == 1797)
  }
}
