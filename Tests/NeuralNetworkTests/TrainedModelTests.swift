import Matrices
import NeuralNetwork
import Normalization
import RandomSources
import Testing

@Suite struct TrainedModelTests {
  static func model(_ normalizer: Normalizer? = nil) throws -> TrainedModel {
    var source = NumPyRandomSource(seed: 1)
    let network = NeuralNetwork(try Architecture([6, 4, 3]), initializer: .xavier, using: &source)
    return TrainedModel(
      network: network, normalizer: try normalizer ?? .minMax(MinMaxScaler.fit(bytes: [0, 16])), rowCount: 2,
      columnCount: 3, classNames: ["zero", "o\"ne", "zwei ✓"], datasetName: "toy")
  }

  static func changed(_ change: (inout Safetensors) -> Void) throws -> [UInt8] {
    var file = try Safetensors(parsing: model().encoded())
    change(&file)
    return file.encoded()
  }

  @Test("a saved model is loaded as it was, whatever its scaling")
  func roundTrip() throws {
    let pixels = Matrix<Double>(rows: [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 9]])
    for normalizer in try [
      nil, Normalizer.none, .standard(StandardScaler.fit(pixels)), .minMax(MinMaxScaler.fit(pixels, scope: .feature)),
    ] {
      let model = try Self.model(normalizer)
      let loaded = try TrainedModel(parsing: model.encoded())
      #expect(loaded == model)
      #expect(loaded.encoded() == model.encoded())
      #expect(try loaded.outputs(for: [0, 1, 2, 3, 4, 5]) == model.outputs(for: [0, 1, 2, 3, 4, 5]))
    }
  }

  @Test("pixels are scaled before they enter the network")
  func scaled() throws {
    let model = try Self.model()
    let expected = model.network.outputs(for: [0, 0.5, 1, 0, 0.25, 0])
    #expect(try model.outputs(for: [0, 8, 16, 0, 4, 0]).row(0) == expected)
    let largest = expected.firstIndex(of: expected.max() ?? 0)
    #expect(try model.prediction(for: [0, 8, 16, 0, 4, 0]) == largest)
  }

  @Test("pixels that are no image of the model's size are refused")
  func wrongSize() throws {
    let model = try Self.model()
    for count in [0, 5, 7, 12] {
      #expect(throws: NormalizationError.byteCount(found: count, columnCount: 6)) {
        try model.prediction(for: [UInt8](repeating: 0, count: count))
      }
    }
  }

  @Test("a model with something missing or misshapen is refused by its name")
  func unusable() throws {
    func expect(_ error: ModelError, _ change: (inout Safetensors) -> Void) throws {
      let bytes = try Self.changed(change)
      #expect(throws: error) { try TrainedModel(parsing: bytes) }
      #expect(!error.description.contains("\n"))
    }
    for key in [
      "format", "activation", "architecture", "image_rows", "image_columns", "normalizer", "class_names", "dataset",
    ] {
      try expect(.metadataMissing(key: key)) { $0.metadata[key] = nil }
    }
    for (key, text) in [
      ("format", "other"), ("activation", "softplus"), ("architecture", "6"), ("architecture", "-6,3"),
      ("image_rows", "x"),
      ("normalizer", "{}"), ("class_names", "[1]"), ("normalizer", #"{"kind":"minMax"}"#),
    ] {
      try expect(.metadataUnusable(key: key, found: text)) { $0.metadata[key] = text }
    }
    try expect(.metadataUnusable(key: "image_rows", found: "3, with 3 image_columns")) {
      $0.metadata["image_rows"] = "3"
    }
    try expect(.metadataUnusable(key: "image_rows", found: "-2, with -3 image_columns")) {
      ($0.metadata["image_rows"], $0.metadata["image_columns"]) = ("-2", "-3")
    }
    try expect(.metadataUnusable(key: "class_names", found: "2 names")) { $0.metadata["class_names"] = #"["a","b"]"# }
    try expect(.tensorMissing("weights.1")) { $0.tensors["weights.1"] = nil }
    try expect(.tensorUnknown("weights.2")) { $0.tensors["weights.2"] = .init(shape: [1], elements: [1]) }
    try expect(.tensorMisshapen("weights.0", expected: "F64 [7, 5]", found: "F64 [5, 7]")) {
      $0.tensors["weights.0"] = .init(shape: [5, 7], elements: [Double](repeating: 0, count: 35))
    }
    try expect(.weightNotFinite(tensor: "weights.1")) {
      $0.tensors["weights.1"] = .init(shape: [5, 3], elements: [Double](repeating: .nan, count: 15))
    }
  }

  @Test("a scaler that was fitted to other features is refused")
  func otherScaler() throws {
    let scaler = Normalizer.standard(try StandardScaler.fit(Matrix(rows: [[1, 2], [3, 4]])))
    let other = try Self.model(.standard(StandardScaler.fit(Matrix(rows: [[0, 1, 2, 3, 4, 5]]))))
    #expect(scaler.featureCount == 2 && other.normalizer.featureCount == 6)
    let text =
      #"{"kind":"standard","scaler":{"scope":"feature","mean":[1,2],"variance":[1,1],"scale":[1,1]}}"#
    let bytes = try Self.changed { $0.metadata["normalizer"] = text }
    #expect(throws: ModelError.metadataUnusable(key: "normalizer", found: "one for 2 features")) {
      try TrainedModel(parsing: bytes)
    }
  }

  @Test("a file that is no safetensors file is refused as such")
  func noSafetensors() {
    #expect(throws: ModelError.safetensors(.headerCut(declared: nil, available: 0))) { try TrainedModel(parsing: []) }
  }
}
