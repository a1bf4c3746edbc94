import Foundation
import TestFixtures
import Testing

/// An IDX file and what it holds, made by tools/reference/make_format_goldens.py.
struct NumPyIDX: Decodable, CustomTestStringConvertible, Sendable {
  var elementType: String
  var dimensions: [Int]
  var bitPatterns: [UInt64]
  var file: [UInt8]

  var testDescription: String { "\(elementType), rank \(dimensions.count)" }

  enum CodingKeys: CodingKey { case elementType, dimensions, bitPatterns, file }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    elementType = try container.decode(String.self, forKey: .elementType)
    dimensions = try container.decode([Int].self, forKey: .dimensions)
    bitPatterns = try container.decode([UInt64].self, forKey: .bitPatterns)
    file = try Array(container.decode(Data.self, forKey: .file))
  }

  static func stored() throws -> [NumPyIDX] {
    struct File: Decodable { var arrays: [NumPyIDX] }
    return try Fixture("formats/idx.json").decode(File.self).arrays
  }
}
