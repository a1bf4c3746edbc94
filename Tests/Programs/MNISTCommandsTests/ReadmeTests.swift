import Datasets
import Foundation
import Images
import TestFixtures
import Testing

@Suite struct ReadmeTests {
  static let readme = try? String(
    contentsOf: URL(filePath: Fixture("").path).deletingLastPathComponent().appending(path: "README.md"),
    encoding: .utf8)

  @Test("the README's use of a saved model is ReadmeModelExample.swift, and works")
  func modelExample() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "ReadmeModelExample.swift")
    let readme = try #require(Self.readme)
    #expect(readme.contains("```swift\n" + (try String(contentsOf: file, encoding: .utf8)) + "```"))

    let folder = try ScratchFolder()
    #expect(try ProgramRun("mnist-train", ["--output", "run", "--quiet"], in: folder.path).status == 0)
    let digits = try ImageDataset.digits()
    let row = try #require(folder.text("run/predictions.csv").split(separator: "\n").dropFirst().first)
    let cells = row.split(separator: ",")
    let pixels = Array(digits.image(try #require(Int(cells[0]))))
    #expect(try className(of: pixels, modelPath: folder("run/model.safetensors")) == cells[2])
  }

  @Test("the README's way from a picture to a class is ReadmePictureExample.swift, and works")
  func pictureExample() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "ReadmePictureExample.swift")
    let readme = try #require(Self.readme)
    #expect(readme.contains("```swift\n" + (try String(contentsOf: file, encoding: .utf8)) + "```"))

    let folder = try ScratchFolder()
    #expect(try ProgramRun("mnist-train", ["--output", "run", "--quiet"], in: folder.path).status == 0)
    try folder.write(PNG.encode(PredictCommandTests.drawnOne()), to: "one.png")
    #expect(try className(ofPicture: folder("one.png"), modelPath: folder("run/model.safetensors")) == "1")
  }

  @Test("the README's example is ReadmeExample.swift, and gives the article's numbers")
  func example() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "ReadmeExample.swift")
    let readme = try #require(Self.readme)
    #expect(readme.contains("```swift\n" + (try String(contentsOf: file, encoding: .utf8)) + "```"))

    let text = try article()
    let golden = try #require(try ArticleGolden.stored().first)
    let cost = try #require(text.firstMatch(of: /cost (.*)\n/).flatMap { Double($0.1) })
    #expect(abs(cost / golden.costs[99] - 1) < 1e-9)
    #expect(text.hasSuffix("\n" + golden.report))
  }

  @Test("the README names the commands that a newcomer needs")
  func commands() throws {
    let readme = try #require(Self.readme)
    #expect(readme.contains("tools/setup && swift run -c release mnist-train"))
    #expect(readme.contains("tools/setup && swift test -c release"))
  }
}
