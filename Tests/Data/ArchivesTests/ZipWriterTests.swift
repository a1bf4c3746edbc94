import Archives
import Foundation
import RandomSources
import TestFixtures
import Testing

@Suite struct ZipWriterTests {
  @Test("an archive with one stored entry has the same bytes as one written by hand")
  func bytes() throws {
    #expect(try packed { try $0.add("a", compression: .stored, Array("abc".utf8)) } == BrokenZip.abc)
  }

  /// Returns random entries of different sizes, compressions and names. The same seed gives the same entries.
  static func entries(seed: UInt64) -> [(name: String, compression: ZipWriter.Compression, content: [UInt8])] {
    var source = SplittableRandomSource(seed: seed)
    return (0...source.integer(through: 8)).map { index in
      let count = Int(source.integer(through: [0, 10, 1000, 400_000][Int(source.integer(through: 3))]))
      let bits = source.integer(through: 255)
      let content = (0..<count).map { _ in UInt8(source.next() & bits) }
      let compression: ZipWriter.Compression =
        source.integer(through: 2) == 0 ? .stored : .deflated(level: Int(source.integer(through: 9)))
      return ("\(index)/" + ["ascii", "ä", "数字", ""][Int(source.integer(through: 3))], compression, content)
    }
  }

  @Test(
    "written entries are read back unchanged, in one or several pieces, with and without zip64",
    arguments: 0..<30 as Range<UInt64>)
  func roundTrip(_ seed: UInt64) throws {
    let entries = Self.entries(seed: seed)
    let expected = entries.map { entry in
      PythonZip.Entry(
        name: entry.name, method: entry.compression == .stored ? 0 : 8, content: Data(entry.content))
    }
    let whole = try packed { archive in
      for entry in entries { try archive.add(entry.name, compression: entry.compression, entry.content) }
    }
    #expect(try unpacked(whole) == expected)
    let again = try packed { archive in
      for entry in entries { try archive.add(entry.name, compression: entry.compression, entry.content) }
    }
    #expect(again == whole)
    for limits in [Zip64Limits(), Self.smallLimits] {
      let pieces = try packed(limits: limits) { try Self.addInPieces(entries, to: $0) }
      #expect(try unpacked(pieces) == expected)
    }
  }

  static func addInPieces(
    _ entries: [(name: String, compression: ZipWriter.Compression, content: [UInt8])], to archive: ZipWriter
  ) throws {
    for entry in entries {
      try entry.content.withUnsafeBytes { bytes in
        let pieces = stride(from: 0, to: bytes.count, by: 777).map {
          UnsafeRawBufferPointer(rebasing: bytes[$0...].prefix(777))
        }
        try archive.add(entry.name, compression: entry.compression, pieces: pieces)
      }
    }
  }

  /// Limits that are so small that nearly every archive needs zip64 fields.
  static var smallLimits: Zip64Limits {
    var limits = Zip64Limits()
    (limits.size, limits.count) = (5, 2)
    return limits
  }

  @Test("an archive with 65,535 or more entries has a zip64 end record", arguments: [65_534, 65_535, 70_000])
  func manyEntries(_ count: Int) throws {
    let file = try packed { archive in
      for index in 0..<count { try archive.add("\(index)", compression: .stored, []) }
    }
    let archive = try ZipArchive(file)
    #expect(archive.entries.count == count && archive["\(count - 1)"]?.byteCount == 0)
    let end = Array(file.suffix(22 + 20).prefix(4))
    #expect((end == [0x50, 0x4B, 6, 7]) == (count >= 65_535))
  }

  @Test("an error thrown by the output closure reaches the caller")
  func outputFails() throws {
    struct Full: Error {}
    let archive = ZipWriter { _ in throw Full() }
    #expect(throws: Full.self) { try archive.add("a", [1]) }
    #expect(throws: Full.self) { try archive.finish() }
  }

  @Test("unzip and Python's zipfile accept written archives", .enabled(if: !checkers.isEmpty, "needs unzip or python3"))
  func others() throws {
    let folder = try ScratchFolder()
    for seed in 0..<6 as Range<UInt64> {
      let entries = Self.entries(seed: seed).filter { !$0.name.hasSuffix("/") }
      try folder.write(packed { try Self.addInPieces(entries, to: $0) }, to: "pieces-\(seed).zip")
      try folder.write(
        packed(limits: Self.smallLimits) { try Self.addInPieces(entries, to: $0) }, to: "zip64-\(seed).zip")
      let whole = try packed { archive in
        for entry in entries { try archive.add(entry.name, compression: entry.compression, entry.content) }
      }
      try folder.write(whole, to: "whole-\(seed).zip")
    }
    for checker in checkers {
      // unzip does not accept an archive without entries.
      for name in folder.names where try !ZipArchive(folder.bytes(name)).entries.isEmpty {
        let process = Process()
        process.executableURL = URL(filePath: checker[0])
        process.arguments = Array(checker.dropFirst()) + [folder(name)]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(checker[0]) \(name)")
      }
    }
  }
}

/// The command lines of the installed programs that can test an archive.
private let checkers: [[String]] = ["unzip", "python3"].compactMap { program in
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }) else {
    return nil
  }
  return ["\(folder)/\(program)"] + (program == "unzip" ? ["-t"] : ["-m", "zipfile", "-t"])
}
