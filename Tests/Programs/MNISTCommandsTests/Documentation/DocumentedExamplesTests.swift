import Datasets
import Foundation
import Images
import TestFixtures
import Testing

@Suite struct DocumentedExamplesTests {
  /// Expects that a page contains the source code of an example file. The example files are in the folder of this file.
  static func expectExample(_ name: String, in page: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
    let example = try String(contentsOf: file, encoding: .utf8)
    let blocks = try DocumentedCommandsTests.blocks(of: page)
    #expect(blocks.contains { $0.kind == "swift" && $0.lines.joined(separator: "\n") + "\n" == example })
  }

  @Test("the example with a saved model is the code in ModelExample.swift, and predicts the right class")
  func modelExample() throws {
    try Self.expectExample("ModelExample.swift", in: "tools/docs/swift.md")

    let folder = try ScratchFolder()
    #expect(try ProgramRun("mnist-train", ["--output", "run", "--quiet"], in: folder.path).status == 0)
    let digits = try ImageDataset.digits()
    let row = try #require(folder.text("run/predictions.csv").split(separator: "\n").dropFirst().first)
    let cells = row.split(separator: ",")
    let pixels = Array(digits.image(try #require(Int(cells[0]))))
    #expect(try className(of: pixels, modelPath: folder("run/model.safetensors")) == cells[2])
  }

  @Test("the example with a picture is the code in PictureExample.swift, and predicts the right class")
  func pictureExample() throws {
    try Self.expectExample("PictureExample.swift", in: "tools/docs/swift.md")

    let folder = try ScratchFolder()
    #expect(try ProgramRun("mnist-train", ["--output", "run", "--quiet"], in: folder.path).status == 0)
    try folder.write(PNG.encode(PredictCommandTests.drawnOne()), to: "one.png")
    #expect(try className(ofPicture: folder("one.png"), modelPath: folder("run/model.safetensors")) == "1")
  }

  @Test("the README's example is the code in ArticleExample.swift, and gives the article's numbers")
  func example() throws {
    try Self.expectExample("ArticleExample.swift", in: "README.md")

    let folder = try ScratchFolder()
    let text = try article(errorFolder: folder("errors"))
    let golden = try #require(try ArticleGolden.stored().first)
    let cost = try #require(text.firstMatch(of: /cost (.*)\n/).flatMap { Double($0.1) })
    #expect(abs(cost / golden.costs[99] - 1) < 1e-9)
    #expect(text.hasSuffix("\n" + golden.report))
    // The example and the programs write equal pictures.
    #expect(try ProgramRun("mnist-train", ["--output", "run", "--quiet"], in: folder.path).status == 0)
    #expect(try ProgramRun("mnist-dump-errors", ["run"], in: folder.path).status == 0)
    let pictures = folder.names(in: "errors").filter { $0.hasSuffix(".png") }
    #expect(pictures.count == 17 && pictures == folder.names(in: "run/errors").filter { $0.hasSuffix(".png") })
    for picture in pictures where !picture.hasPrefix("contact") {
      #expect(try folder.bytes("errors/\(picture)") == folder.bytes("run/errors/\(picture)"))
    }
  }

  @Test("the example of an experiment is in ExperimentExample.swift, and writes the same files as mnist-train")
  func experimentExample() throws {
    try Self.expectExample("ExperimentExample.swift", in: "tools/docs/swift.md")

    let folder = try ScratchFolder()
    let accuracy = try train(into: folder("own"))
    let run = try ProgramRun("mnist-train", ["--epochs", "20", "--output", "run", "--quiet"], in: folder.path)
    #expect(run.output.contains("\nAccuracy: \(accuracy) ("))
    #expect(folder.names(in: "own") == folder.names(in: "run"))
    for file in ["config.json", "cost.svg", "model.safetensors", "predictions.csv", "report.txt"] {
      #expect(try folder.bytes("own/\(file)") == folder.bytes("run/\(file)"), "\(file)")
    }
  }

  @Test("the README contains the commands to run the program and the tests")
  func commands() throws {
    let readme = try String(contentsOf: DocumentedCommandsTests.root.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains("tools/setup && swift run -c release mnist-train"))
    #expect(readme.contains("tools/setup && swift test -c release"))
  }
}
