import DurableFiles
import Foundation
import TestFixtures
import Testing

@Suite struct FilePathsTests {
  @Test(
    "a path has a parent and a name",
    arguments: [
      ("a/b/c", "a/b", "c"), ("c", ".", "c"), ("/c", "/", "c"), ("a/b/", "a", "b"), ("a//b", "a", "b"), ("/", "/", ""),
      ("x/\u{301}y", "x", "\u{301}y"),
    ])
  func parts(_ path: String, _ parent: String, _ name: String) {
    #expect(FilePaths.parent(of: path) == parent)
    #expect(FilePaths.name(of: path) == name)
  }

  @Test("a relative path starts at the current folder")
  func absolute() {
    let current = FileManager.default.currentDirectoryPath
    #expect(FilePaths.absolute("a/b") == current + "/a/b")
    #expect(FilePaths.absolute(".") == current)
    #expect(FilePaths.absolute("/a") == "/a")
  }

  @Test("the existing part of a path is resolved, and a folder contains itself and the paths inside it")
  func resolved() throws {
    let scratch = try ScratchFolder()
    try FilePaths.makeFolder(scratch("one/two"))
    try FilePaths.link(scratch("link"), to: "one")
    let root = try #require(FilePaths.resolved(scratch.path))
    #expect(FilePaths.resolvedAsFarAsThere(scratch("link/two/x/y")) == root + "/one/two/x/y")
    #expect(FilePaths.resolvedAsFarAsThere(scratch("link")) == root + "/one")
    #expect(FilePaths.contains("/a", "/a") && FilePaths.contains("/a", "/a/b") && FilePaths.contains("/", "/a"))
    #expect(!FilePaths.contains("/a", "/ab") && !FilePaths.contains("/a/b", "/a"))
  }

  @Test("a link gets a new target, but anything else at its path is not replaced")
  func link() throws {
    let scratch = try ScratchFolder()
    for target in ["one", "two"] {
      try FilePaths.makeFolder(scratch(target))
      try FilePaths.link(scratch("latest"), to: target)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch("latest")) == target)
    }
    let error = #expect(throws: FileError.self) { try FilePaths.link(scratch("one"), to: "two") }
    #expect(error?.kind == .cannotCreate)
    #expect(FilePaths.isFolder(scratch("one")))
    #expect(scratch.names == ["latest", "one", "two"])
  }
}
