import DatasetFormats
import Datasets
import Foundation
import TestFixtures
import Testing

/// A .npy file and the array in it, made by tools/reference/make_archive_fixtures.py.
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

/// A .npy file that is not read, and some words of the reason.
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

/// A .npz file in Keras's layout, and what is in it.
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
