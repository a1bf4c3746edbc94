import Foundation
import TestFixtures
import Testing

/// Tests that the commands in the README and in the pages of `tools/docs` work and print the documented output.
///
/// A code block marked `sh` is a command. Commands in blocks marked `sh no-test` are not run, because they need the
/// internet, build the package, or take many minutes.
///
/// A block marked `text` shows lines of the output of the command before it. In a `text` block, `...` stands for any
/// lines, and numbers may differ from the real output.
@Suite(.serialized)
struct DocumentedCommandsTests {
  /// A code block of a page.
  struct Block {
    let kind: String
    let lines: [Substring]
  }

  static let root = URL(filePath: Fixture("").path).deletingLastPathComponent()

  static let pages: [String] = {
    let folder = root.appending(path: "tools/docs").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return ["README.md", "tools/benchmark/README.md"]
      + names.filter { $0.hasSuffix(".md") }.sorted().map { "tools/docs/" + $0 }
  }()

  /// Returns the code blocks of a page in order.
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
      } else {
        // A code block in another syntax would hide its commands from this test.
        #expect(!line.contains("```") && !line.contains("~~~") && !line.contains("<pre"), "\(page): \(line)")
      }
    }
    #expect(kind == nil, "\(page) has a block without an end")
    return blocks
  }

  /// Creates a folder that looks like a clone of the package, with a picture `mine.png`.
  ///
  /// In this folder, `swift run -c release` runs the programs that were built with the tests.
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

  /// Returns a line with `#` in place of each number, and single spaces between columns.
  static func shape(_ line: Substring) -> String {
    line.replacing(/[0-9]+([.,:-]?[0-9]+)*/, with: "#").split(separator: " ").joined(separator: " ")
  }

  @Test("the commands of the documentation succeed and print the output that the pages show", arguments: pages)
  func commands(page: String) throws {
    let folder = try Self.clone()
    let dataFolder = ProcessInfo.processInfo.environment["MNIST_DATA_DIR"]
    let path =
      folder("bin") + ":" + ProgramRun.binaries.path + ":"
      + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    var output: [Substring]?
    for block in try Self.blocks(of: page) {
      switch block.kind {
      case "sh":
        let command = block.lines.joined(separator: "\n")
        if dataFolder == nil, command.contains(/\bfull\b/) {
          print(
            "\(page): the commands from \(block.lines[0]) on were skipped; set MNIST_DATA_DIR to a folder with full")
          return
        }
        let run = try ProgramRun(
          "/bin/bash", ["-e", "-o", "pipefail", "-c", command], in: folder.path,
          environment: ["MNIST_DATA_DIR": dataFolder ?? folder("data"), "PATH": path])
        #expect(run.status == 0, "\(page): \(command) ended with \(run.status): \(run.errors)")
        output = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      case "text":
        guard let printed = output else { continue }
        var rest = printed.map(Self.shape)[...]
        for line in block.lines where line != "..." {
          let place = rest.firstIndex(of: Self.shape(line))
          #expect(place != nil, "\(page) shows a line that was not printed: \(line)")
          if let place { rest = rest[(place + 1)...] }
        }
      case "sh no-test": output = nil
      default: #expect(["swift", "python"].contains(block.kind), "\(page) has a block marked '\(block.kind)'")
      }
    }
  }
}
