import Foundation
import TestFixtures
import Testing

@Suite struct ReadmeTests {
  static let readme = try? String(
    contentsOf: URL(filePath: Fixture("").path).deletingLastPathComponent().appending(path: "README.md"),
    encoding: .utf8)

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
