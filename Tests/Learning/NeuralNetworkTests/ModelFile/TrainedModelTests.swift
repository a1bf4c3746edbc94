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
      network: network, normalizer: try normalizer ?? .minMax(MinMaxScaler.fit([0, 16])), rowCount: 2,
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

  /// Reads a model, and returns the error and how far the file was read.
  static func failure(_ byteCount: Int, _ beginning: [UInt8]) -> (error: (any Error)?, end: Int) {
    var end = 0
    do {
      _ = try TrainedModel(byteCount: byteCount) { offset, count in
        end = max(end, offset + count)
        return Array(beginning.dropFirst(offset).prefix(count))
      }
      return (nil, end)
    } catch {
      return (error, end)
    }
  }

  @Test("a header that is too long is refused before it is read, and a file before its tensors")
  func sizes() throws {
    func length(_ count: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } }
    let long = Self.failure(1 << 40, length(100_000_001))
    #expect(
      long.error as? ModelError
        == .safetensors(.headerTooLong(declared: 100_000_001, maximum: 100_000_000)))
    #expect(long.end == 8)
    let limit = Self.failure(100_000_007, length(100_000_000))
    #expect(limit.error as? ModelError == .safetensors(.headerCut(declared: 100_000_000, available: 99_999_999)))

    // A sound file whose tensor is none of the model's.
    let bytes = try Self.changed {
      $0.tensors = ["weights.0": .init(shape: [5, 7], elements: Array(repeating: 0, count: 35))]
    }
    let other = Self.failure(bytes.count, bytes)
    #expect(
      other.error as? ModelError
        == .tensorMisshapen("weights.0", expected: "F64 [7, 5]", found: "F64 [5, 7]"))
    #expect(other.end == bytes.count - 35 * 8)
    // A file that is cut while it is read.
    let whole = try Self.model().encoded()
    let cut = Self.failure(whole.count, Array(whole.dropLast()))
    #expect(cut.error as? ModelError == .safetensors(.fileCut(expected: whole.count, found: whole.count - 1)))
  }

  @Test("numbers that no scaler of pixels has, names that are not different and settings out of range are refused")
  func outOfRange() throws {
    func refuses(
      _ key: String, _ text: String, _ reason: String = "", sourceLocation: SourceLocation = #_sourceLocation
    )
      throws
    {
      let bytes = try Self.changed { $0.metadata[key] = text }
      let error = #expect(throws: ModelError.self, sourceLocation: sourceLocation) { try TrainedModel(parsing: bytes) }
      let description = error?.description ?? ""
      #expect(description.hasPrefix("the model's metadata has an unusable \(key): "), sourceLocation: sourceLocation)
      #expect(
        description.contains(reason) && description.count < 300, "\(description)", sourceLocation: sourceLocation)
    }
    for scope in ["feature", "whole"] {
      func numbers(_ number: String) -> String {
        "[\(Array(repeating: number, count: scope == "whole" ? 1 : 6).joined(separator: ","))]"
      }
      func minMax(_ range: String, _ minimum: String, _ maximum: String) -> String {
        #"{"kind":"minMax","scaler":{"scope":"\#(scope)","range":\#(range),"minimum":\#(numbers(minimum)),"#
          + #""maximum":\#(numbers(maximum))}}"#
      }
      func standard(_ mean: String, _ variance: String, _ scale: String) -> String {
        #"{"kind":"standard","scaler":{"scope":"\#(scope)","mean":\#(numbers(mean)),"#
          + #""variance":\#(numbers(variance)),"scale":\#(numbers(scale))}}"#
      }
      for (range, minimum, maximum) in [
        ("[0,1e308]", "0", "16"), ("[0,1]", "0", "256"), ("[-1e300,1]", "0", "255"), ("[1e300,1.1e300]", "0", "255"),
        ("[0,1]", "-1e300", "-9e299"),
      ] {
        try refuses("normalizer", minMax(range, minimum, maximum))
      }
      for range in ["[1,0]", "[0,0]", "[-1e308,1e308]", "[0,1e999]", "[null,1]", "[0]"] {
        try refuses("normalizer", minMax(range, "0", "16"))
      }
      for (mean, variance, scale) in [
        ("0", "1", "1e-300"), ("1e300", "1", "1"), ("0", "1", "0"), ("0", "1", "-1"), ("0", "-5", "1"),
        ("0", "1e999", "1"),
      ] {
        try refuses("normalizer", standard(mean, variance, scale))
      }
      let sound = try Self.changed { $0.metadata["normalizer"] = minMax("[-1,1]", "0", "255") }
      #expect(throws: Never.self) { try TrainedModel(parsing: sound) }
    }
    try refuses("normalizer", "[\(String(repeating: "0,", count: 10_000))0]")
    try refuses("class_names", #"["a","b","a"]"#, #"the name "a" twice, expected each once"#)
    try refuses("class_names", "[\(String(repeating: #""a","#, count: 10_000))0]")
    try refuses("architecture", String(repeating: "1,", count: 10_000) + "1")
    for number in ["0", "256", "-1", "1e3", "nan"] { try refuses("largest_pixel", number) }
    let settings = TrainingSettings(epochs: 3, learningRate: 0.1)
    let trained = try Self.model()
    let bytes = TrainedModel(
      network: trained.network, normalizer: trained.normalizer, rowCount: 2, columnCount: 3,
      classNames: trained.classNames, datasetName: "toy", training: settings
    ).encoded()
    let text = try #require(try Safetensors(parsing: bytes).metadata["training"])
    #expect(text.contains(#""epochs":3"#) && text.contains(#""dropout":0"#))
    try refuses("training", text.replacing(#""epochs":3"#, with: #""epochs":-3"#), "the number of epochs is -3")
    try refuses("training", text.replacing(#""dropout":0"#, with: #""dropout":1"#), "the dropout is 1.0")
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
