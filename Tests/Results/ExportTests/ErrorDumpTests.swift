import Datasets
import Evaluation
import Export
import Foundation
import Images
import TestFixtures
import Testing
import Workers

@Suite struct ErrorDumpTests {
  static func files(_ folder: ScratchFolder, _ name: String = "dump") throws -> [String: [UInt8]] {
    try Dictionary(uniqueKeysWithValues: folder.names(in: name).map { ($0, try folder.bytes("\(name)/\($0)")) })
  }

  static func dump(_ count: Int = 300, kind: DumpKind = .errors, scale: Int? = 3) -> ErrorDump {
    ErrorDump(
      Array(RandomSamples.samples.prefix(count)), of: RandomSamples.data, part: .test, kind: kind, source: "random",
      scale: scale)
  }

  @Test("each sample has an enlarged picture, scaled to white, with its classes in the file name")
  func pictures() throws {
    let folder = try ScratchFolder()
    let dump = Self.dump()
    try dump.write(to: folder("dump"))
    let files = try Self.files(folder)
    let sheets = (1...3).map { "contact-sheet-0\($0).png" }
    #expect(files.keys.sorted() == (dump.fileNames + sheets + ["errors.csv", "errors.json"]).sorted())
    #expect(Set(dump.fileNames).count == 300 && dump.fileNames == dump.fileNames.sorted())
    let data = RandomSamples.data
    let highest = try #require(data.pixels.max())
    for (sample, name) in zip(dump.samples, dump.fileNames) {
      let rest = "-actual-\(sample.actual)-predicted-\(sample.predicted)-confidence-"
      let index = String(repeating: "0", count: 3 - "\(sample.index)".count) + "\(sample.index)"
      #expect(name == index + rest + String(format: "%.3f", sample.confidence) + ".png")
      let source = GreyscaleImage(width: 5, height: 7, pixels: Array(data.image(sample.index)))
      #expect(try PNG.decode(#require(files[name])) == source.stretched(from: 0, to: highest).scaled(by: 3))
    }
    for sheet in sheets { #expect(try PNG.decode(#require(files[sheet])).width > 300) }
  }

  @Test("the files are the same with any number of threads and in repeated dumps")
  func deterministic() throws {
    let folder = try ScratchFolder()
    var dumps: [[String: [UInt8]]] = []
    for threadCount in [1, 2, 5, 2] {
      try Self.dump().write(to: folder("dump"), pool: WorkerPool(threadCount: threadCount))
      dumps.append(try Self.files(folder))
    }
    #expect(dumps.allSatisfy { $0 == dumps[0] })
    #expect(folder.names == ["dump"])
  }

  @Test(
    "contact sheets have up to 100 digits, and a single sheet has no number in its name", arguments: [1, 100, 101])
  func sheets(_ count: Int) throws {
    let folder = try ScratchFolder()
    try Self.dump(count).write(to: folder("dump"))
    let names = folder.names(in: "dump").filter { $0.hasPrefix("contact-sheet") }
    #expect(names == (count <= 100 ? ["contact-sheet.png"] : ["contact-sheet-01.png", "contact-sheet-02.png"]))
  }

  @Test("the pictures of suspects have names that start with the rank")
  func suspects() throws {
    let folder = try ScratchFolder()
    let dump = ErrorDump(
      RandomSamples.samples.prefix(12).reversed(), of: RandomSamples.data, part: .train, kind: .suspects, source: "run")
    try dump.write(to: folder("dump"))
    #expect(dump.fileNames == dump.fileNames.sorted())
    #expect(dump.fileNames[0].hasPrefix("01-index-011-label-"))
    #expect(
      folder.names(in: "dump") == (dump.fileNames + ["contact-sheet.png", "suspects.csv", "suspects.json"]).sorted())
  }

  @Test("a dump without samples has only its lists, and contact sheets can be turned off")
  func few() throws {
    let folder = try ScratchFolder()
    try Self.dump(0).write(to: folder("none"))
    #expect(folder.names(in: "none") == ["errors.csv", "errors.json"])
    #expect(try JSONSerialization.jsonObject(with: Data(folder.bytes("none/errors.json"))) is [String: Any])
    let dump = ErrorDump(
      Array(RandomSamples.samples.prefix(2)), of: RandomSamples.data, part: .test, source: "random", hasSheets: false)
    try dump.write(to: folder("plain"))
    #expect(folder.names(in: "plain") == dump.fileNames + ["errors.csv", "errors.json"])
    #expect(dump.scale == 16)
  }

  @Test("both lists have every sample in order, and the columns of earlier versions come first")
  func lists() throws {
    let folder = try ScratchFolder()
    let dump = Self.dump(40)
    try dump.write(to: folder("dump"))
    let lines = try folder.text("dump/errors.csv").split(separator: "\n")
    #expect(lines.count == 41)
    #expect(
      lines[0]
        == "index,actual,predicted,confidence,file,loss,part,actual_name,predicted_name,actual_confidence,known_label_error"
    )
    struct Document: Decodable {
      struct Head: Decodable { var source: String, part: String, shownCount: Int }
      struct Sample: Decodable {
        var index: Int, actual: Int, predicted: Int, confidence: Double, file: String, loss: Double?, part: String
        var actualName: String, predictedName: String, knownLabelError: Bool?, outputs: [Double]
      }
      var format: String, head: Head, samples: [Sample]
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let document = try decoder.decode(Document.self, from: Data(folder.bytes("dump/errors.json")))
    #expect(document.format == "mnist-toolkit-errors-1" && document.head.source == "random")
    #expect(document.head.shownCount == 40 && document.samples.count == 40)
    for ((sample, name), (line, row)) in zip(
      zip(dump.samples, dump.fileNames), zip(lines.dropFirst(), document.samples))
    {
      let loss = sample.loss.map { "\($0)" } ?? ""
      #expect(
        line.hasPrefix(
          "\(sample.index),\(sample.actual),\(sample.predicted),\(sample.confidence),\(name),\(loss),test,"))
      #expect(row.index == sample.index && row.actual == sample.actual && row.predicted == sample.predicted)
      #expect(row.confidence == sample.confidence && row.loss == sample.loss && row.file == name)
      #expect(row.outputs == sample.outputs && row.knownLabelError == nil)
      #expect(row.actualName == RandomSamples.classNames[sample.actual])
    }
    #expect(lines.contains { $0.contains(",\"a,b\",") } && lines.contains { $0.contains(",\"say \"\"c\"\"\",") })
  }

  @Test("pictures that are too large cause an error, and no file remains")
  func tooLarge() throws {
    let folder = try ScratchFolder()
    let data = ImageDataset(
      name: "blank", rowCount: 300, columnCount: 300, pixels: [UInt8](repeating: 0, count: 300 * 300), labels: [0],
      trainingCount: 0, classNames: ["0", "1"])
    let sample = PredictedSample(index: 0, actual: 0, predicted: 1, confidence: 1, loss: nil, outputs: [0, 1])
    let dump = ErrorDump([sample], of: data, part: .test, source: "large", scale: 64)
    #expect(throws: ErrorDumpError.self) { try dump.write(to: folder("dump")) }
    #expect(folder.names == [])
  }
}
