import Foundation
import TestFixtures
import Testing

/// A file and its contents, made by tools/reference/make_format_goldens.py.
struct PythonGzip: Decodable, CustomTestStringConvertible, Sendable {
  var name: String
  var file: [UInt8]
  var content: [UInt8]

  var testDescription: String { name }

  enum CodingKeys: CodingKey { case name, file, content }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    file = try Array(container.decode(Data.self, forKey: .file))
    content = try Array(container.decode(Data.self, forKey: .content))
  }

  static func stored() throws -> [PythonGzip] {
    try Fixture("formats/gzip.json").decode()
  }

  static func named(_ name: String) throws -> PythonGzip {
    try #require(stored().first { $0.name == name })
  }
}
