import Archives
import Foundation
import TestFixtures
import Testing

/// An archive and what is in it, made by tools/reference/make_archive_fixtures.py.
struct PythonZip: Decodable, CustomTestStringConvertible, Sendable {
  struct Entry: Decodable, Equatable, Sendable {
    var name: String
    var method: UInt16
    var content: Data
  }

  var name: String
  var file: Data
  var entries: [Entry]

  var testDescription: String { name }
  var bytes: [UInt8] { [UInt8](file) }

  static func stored() throws -> [PythonZip] {
    try Fixture("archives/zip.json").decode()
  }
}

/// Everything in an archive, unpacked.
func unpacked(_ bytes: [UInt8]) throws -> [PythonZip.Entry] {
  let archive = try ZipArchive(bytes)
  return try archive.entries.map { entry in
    let content = try archive.contents(of: entry, maximumByteCount: 1 << 20)
    return PythonZip.Entry(name: entry.name, method: entry.method.rawValue, content: Data(content))
  }
}

/// An archive that is written into memory.
func packed(_ body: (ZipWriter) throws -> Void) rethrows -> [UInt8] {
  try packed(limits: Zip64Limits(), body)
}

func packed(limits: Zip64Limits, _ body: (ZipWriter) throws -> Void) rethrows -> [UInt8] {
  final class Memory { var bytes: [UInt8] = [] }
  let memory = Memory()
  let archive = ZipWriter(limits: limits) { memory.bytes.append(contentsOf: $0) }
  try body(archive)
  do { try archive.finish() } catch { Issue.record("memory is always there") }
  return memory.bytes
}
