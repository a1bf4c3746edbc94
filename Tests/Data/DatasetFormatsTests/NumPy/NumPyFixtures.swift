import DatasetFormats
import Datasets
import Foundation
import TestFixtures
import Testing

/// A .npy file and the array that it holds. The script tools/reference/make_archive_fixtures.py writes both.
struct GoldenArray: Decodable, CustomTestStringConvertible, Sendable {
  var name: String
  var file: Data
  var descriptor: String
  var isFortranOrder: Bool
  var shape: [Int]
  var values: [UInt8]

  var testDescription: String { name }
  var bytes: [UInt8] { [UInt8](file) }

  static func stored() throws -> [GoldenArray] {
    try Fixture("archives/npy.json").decode()
  }
}

/// A .npy file that must be refused, and a word of the error message.
struct RefusedArray: Decodable, CustomTestStringConvertible, Sendable {
  var name: String
  var file: Data
  var word: String

  var testDescription: String { name }
  var bytes: [UInt8] { [UInt8](file) }

  static func stored() throws -> [RefusedArray] {
    try Fixture("archives/refused-npy.json").decode()
  }
}

/// An .npz file in the layout of Keras, with its expected contents.
struct GoldenArchive: Decodable, CustomTestStringConvertible, Sendable {
  var name: String
  var file: Data
  var isFlat: Bool
  var pixels: [UInt8]
  var labels: [UInt8]
  var trainingCount: Int

  var testDescription: String { name }
  var bytes: [UInt8] { [UInt8](file) }
  var expected: ImageDataset {
    ImageDataset(
      name: "Keras", rowCount: 2, columnCount: 4, pixels: pixels, labels: labels, trainingCount: trainingCount)
  }

  static func stored() throws -> [GoldenArchive] {
    try Fixture("archives/npz.json").decode()
  }

  static func named(_ name: String) throws -> GoldenArchive {
    try #require(stored().first { $0.name == name })
  }
}
