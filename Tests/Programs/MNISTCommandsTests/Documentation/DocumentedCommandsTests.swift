import Foundation
import TestFixtures
import Testing

/// Runs the commands of the README and of the pages in `tools/docs`, and compares the output that they show.
///
/// A command is a block that begins with three backquotes and `sh`. Blocks marked `sh no-test` need the network, build
/// the package, or take many minutes. A block marked `text` right after a command shows lines of its output: `...` stands
/// for any lines, and numbers may differ.
@Suite(.serialized)
struct DocumentedCommandsTests {
  /// A block of a page between three backquotes.
  struct Block {
    let kind: String
    let lines: [Substring]
  }

  static let root = URL(filePath: Fixture("").path).deletingLastPathComponent()

  static let pages: [String] = {
    let folder = root.appending(path: "tools/docs").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "tools/docs/" + $0 }
  }()

  /// Returns the blocks of a page in order.
  static func blocks(of page: String) throws -> [Block] {
    let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
    var blocks: [Block] = []
    var (kind, lines): (Substring?, [Substring]) = (nil, [])
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let open = kind {
        if line == "```" {
          blocks.append(Block(kind: String(open), lines: lines))
          (kind, lines) = (nil, [])
        } else {
          lines.append(line)
        }
      } else if line.hasPrefix("```") {
        kind = line.dropFirst(3)
      }
    }
    #expect(kind == nil, "\(page) has a block without an end")
    return blocks
  }

  /// Returns a folder that looks like a clone of the package, with a picture as a reader would take it. In it,
  /// `swift run -c release` runs the programs that are built already.
  static func clone() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for name in ["tools", "Fixtures"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder(name), withDestinationPath: root.appending(path: name).path)
    }
    try FileManager.default.copyItem(
      atPath: root.appending(path: "tools/docs/images/seven.png").path, toPath: folder("mine.png"))
    try folder.write(
      Array(
        """
        #!/bin/sh
        if [ "$1 $2 $3" = "run -c release" ]; then shift 3; exec "$@"; fi
        PATH=${PATH#*:}
        exec swift "$@"

        """.utf8), to: "bin/swift")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder("bin/swift"))
    return folder
  }

  /// Returns a line in which a number is `#` and columns are one space apart.
  static func shape(_ line: Substring) -> String {
    line.replacing(/[0-9]+([.,:-]?[0-9]+)*/, with: "#").split(separator: " ").joined(separator: " ")
  }

  @Test(
    "the commands of the documentation work, and print what the pages show",
    .enabled(
      if: ProcessInfo.processInfo.environment["MNIST_DATA_DIR"] != nil,
      "set MNIST_DATA_DIR to a data folder with full"),
    arguments: pages)
  func commands(page: String) throws {
    let folder = try Self.clone()
    let dataFolder = try #require(ProcessInfo.processInfo.environment["MNIST_DATA_DIR"])
    let path =
      folder("bin") + ":" + ProgramRun.binaries.path + ":"
      + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    var output: [Substring]?
    for block in try Self.blocks(of: page) {
      switch block.kind {
      case "sh":
        let run = try ProgramRun(
          "/bin/sh", ["-e", "-c", block.lines.joined(separator: "\n")], in: folder.path,
          environment: ["MNIST_DATA_DIR": dataFolder, "PATH": path])
        #expect(run.status == 0, "\(page): \(block.lines) ended with \(run.status): \(run.errors)")
        output = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      case "text":
        guard let printed = output else { continue }
        var rest = printed.map(Self.shape)[...]
        for line in block.lines where line != "..." {
          let place = rest.firstIndex(of: Self.shape(line))
          #expect(place != nil, "\(page) shows a line that was not printed: \(line)")
          if let place { rest = rest[(place + 1)...] }
        }
        output = nil
      case "sh no-test": output = nil
      default: #expect(["swift", "python"].contains(block.kind), "\(page) has a block marked '\(block.kind)'")
      }
    }
  }
}
