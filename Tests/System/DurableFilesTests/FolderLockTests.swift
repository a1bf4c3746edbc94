import DurableFiles
import Foundation
import TestFixtures
import Testing

@Suite struct FolderLockTests {
  @Test("a folder cannot be locked again until its lock ends")
  func exclusive() throws {
    let scratch = try ScratchFolder()
    var first = try FolderLock(scratch("deep/folder"))
    #expect(first != nil)
    #expect(try FolderLock(scratch("deep/folder")) == nil)
    #expect(try FolderLock(scratch("deep/other")) != nil)
    first = nil
    #expect(try FolderLock(scratch("deep/folder")) != nil)
    #expect(scratch.names(in: "deep/folder") == [])
  }

  @Test("a lock on a removed folder does not lock a new folder of the same name")
  func removed() throws {
    let scratch = try ScratchFolder()
    let first = try #require(try FolderLock(scratch("folder")))
    try FileManager.default.removeItem(atPath: scratch("folder"))
    #expect(try FolderLock(scratch("folder")) != nil)
    withExtendedLifetime(first) {}
  }

  @Test("a file at the folder's path is an error")
  func file() throws {
    let scratch = try ScratchFolder()
    try scratch.write([1], to: "file")
    let error = #expect(throws: FileError.self) { try FolderLock(scratch("file")) }
    #expect(error?.kind == .cannotCreate)
  }
}
