import DurableFiles
import Foundation
import TestFixtures
import Testing

@Suite struct MappedFileTests {
  private static let content = (0..<3 * 16384 + 5).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  @Test("a mapped file of any size has the bytes of the file")
  func equality() throws {
    let scratch = try ScratchFolder()
    for size in [1, 4095, 4096, 4097, Self.content.count] {
      try scratch.write(Self.content.prefix(size), to: "file")
      let mapped = try #require(try FileReader(scratch("file")).mapped())
      #expect(Array(mapped.bytes) == Array(Self.content.prefix(size)) && mapped.path == scratch("file"))
    }
  }

  @Test("an empty file, a device and a file of a changed size are not mapped")
  func nothing() throws {
    let scratch = try ScratchFolder()
    try scratch.write([], to: "empty")
    #expect(try FileReader(scratch("empty")).mapped() == nil)
    #expect(try FileReader("/dev/null").mapped() == nil)
    try scratch.write(Self.content, to: "file")
    for size in [UInt64(Self.content.count) - 1, UInt64(Self.content.count) + 1] {
      try scratch.write(Self.content, to: "file")
      let file = try FileReader(scratch("file"))
      try #require(FileHandle(forWritingAtPath: scratch("file"))).truncate(atOffset: size)
      #expect(file.mapped() == nil)
    }
  }

  @Test("the mapped bytes stay unchanged when the file is replaced or removed")
  func replaced() throws {
    let scratch = try ScratchFolder()
    try scratch.write(Self.content, to: "file")
    let mapped = try #require(try FileReader(scratch("file")).mapped())
    try DurableFile.write([1, 2, 3], to: scratch("file"))
    #expect(Array(mapped.bytes) == Self.content)
    try FileManager.default.removeItem(atPath: scratch("file"))
    #expect(Array(mapped.bytes) == Self.content)
  }

  #if os(Linux) || os(macOS)
    @Test("the number of mapped files is limited, and a destroyed mapping allows a new one")
    func many() async {
      // This code runs in a separate process, because other tests map files at the same time.
      await #expect(processExitsWith: .success) {
        let path = FileManager.default.temporaryDirectory.appending(path: "mnist-toolkit-many-\(UUID().uuidString)")
          .path
        try DurableFile.write(MappedFileTests.content, to: path)
        let file = try FileReader(path)
        try FileManager.default.removeItem(atPath: path)
        var mapped: [MappedFile] = []
        while mapped.count < 1000, let next = file.mapped() { mapped.append(next) }
        guard mapped.count < 1000, mapped.count >= 100 else { exit(1) }
        mapped.removeLast(mapped.count - 1)
        guard let next = file.mapped(), Array(next.bytes) == MappedFileTests.content else { exit(2) }
      }
    }

    @Test("a file that is cut short while it is in use is reported with its path, and the reading thread stops")
    func lost() async {
      await #expect(processExitsWith: .exitCode(74)) {
        let mapped = try MappedFileTests.lostFile()
        // Print the sum, so that the compiler cannot remove the reads.
        print(mapped.bytes.reduce(0) { $0 + Int($1) })
        exit(1)
      }
    }

    @Test("writing missing bytes of a mapped file is reported with the path of that file, not as a bad address")
    func lostWhileWritten() async {
      await #expect(processExitsWith: .exitCode(74)) {
        let mapped = try MappedFileTests.lostFile()
        try? FileWriter(for: mapped.path + "-copy").write(mapped.bytes)
        exit(1)
      }
    }

    @Test("SIGBUS for any other reason ends the process as usual")
    func otherFault() async {
      await #expect(processExitsWith: .signal(SIGBUS)) {
        MappedFile.whenLost { _ in exit(74) }
        kill(getpid(), SIGBUS)
        while true { sleep(1) }
      }
    }
  #endif

  /// Returns a mapped file that was cut to half its size after it was mapped.
  ///
  /// Reading missing bytes ends the process. The exit status is 74 if the reported path is correct.
  private static func lostFile() throws -> MappedFile {
    let path = FileManager.default.temporaryDirectory.appending(path: "mnist-toolkit-lost-\(UUID().uuidString)").path
    MappedFile.whenLost { found in
      UnfinishedOutputs.removeAll {
        try? FileManager.default.removeItem(atPath: path)
        exit(found == path ? 74 : 2)
      }
    }
    try DurableFile.write(content, to: path)
    guard let mapped = try FileReader(path).mapped(), mapped.bytes[0] == content[0] else { exit(3) }
    try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: UInt64(content.count / 2))
    return mapped
  }
}
