import Archives
import Datasets
import Foundation
import IDX
import TestFixtures
import Testing

/// Tests of data sets whose published files are converted: the tables of QMNIST and the archive of EMNIST.
@Suite struct InstalledFileTests {
  /// Returns a data set that resembles QMNIST. Each part has three digits of 2x2 pixels and a table of extended labels.
  private static func qmnist(digits: [Int32] = [7, 0, 9]) -> (description: DatasetDescription, files: [String: [UInt8]])
  {
    let images = IDXArray((0..<12).map { UInt8($0) }, dimensions: [3, 2, 2]).encoded()
    let rows = digits.enumerated().flatMap { row, digit -> [Int32] in
      [digit, 4, 2000 + Int32(row), 1, 30 + digit, 1_000_000 + Int32(row), 0, 0]
    }
    let table = IDXArray(rows, dimensions: [digits.count, 8]).encoded()
    var files: [String: [UInt8]] = [:]
    var published: [PublishedFile] = []
    for (part, prefix) in [("train", "train"), ("test", "t10k")] {
      let names = ["qmnist-\(part)-images-idx3-ubyte", "qmnist-\(part)-labels-idx2-int"]
      files[names[0] + ".gz"] = Gzip.compress(images)
      files[names[1] + ".gz"] = Gzip.compress(table)
      published += [
        PublishedFile(
          name: names[0] + ".gz", byteCount: nil, checksum: .md5(md5(images)),
          parts: [InstalledFile(name: prefix + "-images-idx3-ubyte")]),
        PublishedFile(
          name: names[1] + ".gz", byteCount: nil, checksum: .sha256(Checksum.sha256(of: Gzip.compress(table))),
          parts: [
            InstalledFile(name: prefix + "-labels-idx1-ubyte", form: .firstColumn), InstalledFile(name: names[1]),
          ]),
      ]
    }
    return (description("qmnist", published), files)
  }

  private static func md5(_ images: [UInt8]) -> String {
    let packed = Gzip.compress(images)
    var checksum = Checksum(for: .md5(""))
    checksum.update(with: packed)
    return checksum.found(for: .md5("")).hexadecimal
  }

  private static func description(_ name: String, _ published: [PublishedFile]) -> DatasetDescription {
    DatasetDescription(
      name: name, title: "a few",
      size: .init(trainingCount: 3, testCount: 3, image: ImageSize(rowCount: 2, columnCount: 2)),
      classNames: (0...9).map(String.init), terms: .init(licence: "none", citation: "none"), published: published,
      sharedFolder: name.hasPrefix("emnist") ? "emnist" : nil)
  }

  private static func install(
    _ set: (description: DatasetDescription, files: [String: [UInt8]]), in folder: ScratchFolder
  ) throws {
    for (name, bytes) in set.files { try folder.write(bytes, to: "from/" + name) }
    try DatasetInstaller(dataFolder: folder("data")).install(set.description, from: folder("from"))
  }

  @Test("QMNIST's labels come from column 0 of its tables, and the tables are installed too")
  func qmnist() throws {
    let folder = try ScratchFolder()
    let set = Self.qmnist()
    try Self.install(set, in: folder)
    let data = try ImageDataset.load(folder: folder("data/qmnist"))
    #expect(data.labels == [7, 0, 9, 7, 0, 9] && data.trainingCount == 3)
    #expect(try ImageDataset.named("qmnist", dataFolder: folder("data")).classNames.count == 10)

    for part in [DataPart.train, .test] {
      let rows = try QMNISTLabels.load(part, folder: folder("data/qmnist")).rows
      #expect(rows.map(\.digit) == [7, 0, 9] && rows.map(\.classCode) == [37, 30, 39])
      #expect(rows[2].writer == 2002 && rows[2].globalIndex == 1_000_002 && rows[2].series == 4)
      let published = try Gzip.decompress(try #require(set.files[QMNISTLabels.fileName(of: part) + ".gz"]))
      #expect(try folder.bytes("data/qmnist/\(QMNISTLabels.fileName(of: part))") == published)
    }
    #expect(throws: DatasetError.missing(folder: folder.path, file: "qmnist-test-labels-idx2-int")) {
      try QMNISTLabels.load(.test, folder: folder.path)
    }
    try folder.write([0, 0, 0xC, 2], to: "large/qmnist-test-labels-idx2-int")
    #expect(truncate(folder("large/qmnist-test-labels-idx2-int"), 1 << 32) == 0)
    let large = #expect(throws: DatasetError.self) { try QMNISTLabels.load(.test, folder: folder("large")) }
    #expect(large?.description.contains("it has 4294967296 bytes, expected at most 67108864") == true)
    let wrong = IDXArray([1, 2, 3] as [Int32], dimensions: [1, 3]).encoded()
    #expect(throws: DatasetError.self) { try QMNISTLabels(parsing: wrong, path: "x") }
  }

  @Test("a table with classes outside 0 to 255 is an error, and nothing is written")
  func badTable() throws {
    for digit in [-1, 256, 1 << 24] as [Int32] {
      let folder = try ScratchFolder()
      let error = #expect(throws: DatasetError.self) { try Self.install(Self.qmnist(digits: [1, digit]), in: folder) }
      #expect(error?.description.contains("\(digit) at byte 44") == true, "\(String(describing: error))")
      #expect(folder.names(in: "data/qmnist") == [])
    }
  }

  @Test("checksums of installed files are recorded in the format of sha256sum, and later verifications use them")
  func recorded() throws {
    let folder = try ScratchFolder()
    let set = Self.qmnist()
    let installer = DatasetInstaller(dataFolder: folder("data"))
    try Self.install(set, in: folder)
    #expect(installer.isComplete(set.description) && installer.problems(with: set.description) == [])
    let lines = try folder.text("data/qmnist/checksums.sha256").split(separator: "\n")
    #expect(lines.count == 6)
    for line in lines {
      let name = String(line.dropFirst(66))
      #expect(try line == Checksum.sha256(of: folder.bytes("data/qmnist/\(name)")) + "  " + name)
    }

    let name = "t10k-labels-idx1-ubyte"
    try folder.write([1, 2, 3], to: "data/qmnist/" + name)
    guard case .checksum(folder("data/qmnist/" + name), _, _, nil)? = installer.problems(with: set.description).first
    else {
      Issue.record("\(installer.problems(with: set.description))")
      return
    }
    try Self.install(set, in: folder)
    #expect(installer.isComplete(set.description))

    try folder.write("nonsense\n".utf8, to: "data/qmnist/checksums.sha256")
    #expect(installer.problems(with: set.description).count == 6)
    #expect(
      installer.problems(with: set.description).first == .unjudged(path: folder("data/qmnist/train-images-idx3-ubyte")))
    try Self.install(set, in: folder)
    #expect(installer.isComplete(set.description))
  }

  /// Returns a data set that resembles EMNIST's letters: an archive of images and labels.
  ///
  /// The images have 2 rows and 3 columns. The archive stores the images with rows and columns exchanged.
  private static func emnist(
    labels: [UInt8] = [1, 26], firstLabel: UInt8 = 1, leaveOut: String = "nothing"
  ) throws -> (description: DatasetDescription, files: [String: [UInt8]]) {
    let stored = IDXArray([1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16] as [UInt8], dimensions: [2, 3, 2]).encoded()
    var archive: [UInt8] = []
    let writer = ZipWriter { archive.append(contentsOf: $0) }
    var parts: [InstalledFile] = []
    for (part, prefix) in [("train", "train"), ("test", "t10k")] {
      for (kind, bytes, form) in [
        ("images-idx3", stored, InstalledFile.Form.transposedImages),
        ("labels-idx1", IDXArray(labels, dimensions: [labels.count]).encoded(), .labels(from: firstLabel)),
      ] {
        let entry = "gzip/emnist-letters-\(part)-\(kind)-ubyte.gz"
        if !entry.contains(leaveOut) { try writer.add(entry, Gzip.compress(bytes)) }
        parts.append(InstalledFile(name: "\(prefix)-\(kind)-ubyte", form: form, entry: entry))
      }
    }
    try writer.finish()
    let published = PublishedFile(
      name: "gzip.zip", byteCount: archive.count, checksum: .sha256(Checksum.sha256(of: archive)), parts: parts)
    return (description("emnist-letters", [published]), ["gzip.zip": archive])
  }

  @Test("EMNIST's images are installed upright, and the labels of its letters start at 0")
  func emnist() throws {
    let folder = try ScratchFolder()
    try Self.install(try Self.emnist(), in: folder)
    let data = try ImageDataset.named("emnist-letters", dataFolder: folder("data"))
    #expect(data.rowCount == 2 && data.columnCount == 3 && data.count == 4 && data.trainingCount == 2)
    #expect(Array(data.image(0)) == [1, 2, 3, 4, 5, 6] && Array(data.image(3)) == [11, 12, 13, 14, 15, 16])
    #expect(data.labels == [0, 25, 0, 25] && data.classNames[25] == "Z")
    #expect(
      folder.names(in: "data/emnist-letters") == [
        "checksums.sha256", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
      ])
    #expect(DatasetInstaller(dataFolder: "d").downloadFolder(of: DatasetCatalogue.emnist[3]) == "d/emnist/.fetch")
  }

  @Test("an archive with a missing file or wrong labels is an error, and nothing is written")
  func badArchive() throws {
    func expect(_ text: String, _ set: (description: DatasetDescription, files: [String: [UInt8]])) throws {
      let folder = try ScratchFolder()
      let error = #expect(throws: DatasetError.self) { try Self.install(set, in: folder) }
      #expect(error?.description.contains(text) == true, "\(String(describing: error))")
      #expect(folder.names(in: "data/emnist-letters") == [])
    }
    try expect("the archive does not contain gzip/emnist-letters-test-labels", try Self.emnist(leaveOut: "test-labels"))
    try expect("expected labels of at least 1, found 0 at byte 9", try Self.emnist(labels: [3, 0]))
    var set = try Self.emnist()
    set.files["gzip.zip"]?.removeLast()
    try expect("a zip archive of", set)
    set.files["gzip.zip"] = Array("<html>".utf8)
    try expect("an HTML or XML page", set)
  }
}
