public import Matrices
public import Normalization

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A trained network with all that a prediction needs: how pixels are scaled, the images' size, the classes' names.
///
/// ```swift
/// let model = try TrainedModel(parsing: DurableFile.read("runs/latest/model.safetensors"))
/// let digit = try model.prediction(for: pixels)
/// ```
///
/// Its file is a safetensors file: the tensors `weights.0`, `weights.1`, ... as float64 `[inputs, outputs]`, and the
/// rest as texts in the metadata.
public struct TrainedModel: Equatable, Sendable {
  /// The network.
  public let network: NeuralNetwork
  /// How pixels are scaled before they enter the network.
  public let normalizer: Normalizer
  /// The pixels' rows in an image.
  public let rowCount: Int
  /// The pixels' columns in an image.
  public let columnCount: Int
  /// The classes' names, one for each output.
  public let classNames: [String]
  /// The data set that the network was trained on.
  public let datasetName: String

  /// A model of its parts.
  ///
  /// - Precondition: the parts fit each other.
  public init(
    network: NeuralNetwork, normalizer: Normalizer, rowCount: Int, columnCount: Int, classNames: [String],
    datasetName: String
  ) {
    let architecture = network.architecture
    precondition(rowCount * columnCount == architecture.inputCount, "there is an input for each pixel")
    precondition(normalizer.featureCount ?? architecture.inputCount == architecture.inputCount, "the scaler fits")
    precondition(classNames.count == architecture.outputCount, "there is a name for each output")
    self.network = network
    self.normalizer = normalizer
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.classNames = classNames
    self.datasetName = datasetName
  }

  /// The outputs for some images, `[imageCount, classCount]`.
  ///
  /// - Parameter pixels: `[imageCount, rowCount, columnCount]`, as they are in the data set.
  /// - Throws: `NormalizationError` where the pixels are not a whole number of images.
  public func outputs(for pixels: [UInt8]) throws(NormalizationError) -> Matrix<Double> {
    network.outputs(for: try normalizer.transform(bytes: pixels, columnCount: rowCount * columnCount))
  }

  /// The class of one image, `[rowCount, columnCount]`: the one with the largest output.
  ///
  /// - Throws: `NormalizationError` where the pixels are not an image of this size.
  public func prediction(for pixels: [UInt8]) throws(NormalizationError) -> Int {
    guard pixels.count == rowCount * columnCount else {
      throw .byteCount(found: pixels.count, columnCount: rowCount * columnCount)
    }
    return try outputs(for: pixels).indicesOfRowMaxima[0]
  }
}

extension TrainedModel {
  private static let format = "mnist-toolkit-model-1"
  private static func tensorName(_ layer: Int) -> String { "weights.\(layer)" }

  /// The model as a safetensors file; the same model gives the same bytes.
  public func encoded() -> [UInt8] {
    var tensors: [String: Safetensors.Tensor] = [:]
    for (layer, matrix) in network.weights.enumerated() {
      tensors[Self.tensorName(layer)] = Safetensors.Tensor(
        shape: [matrix.rowCount, matrix.columnCount], elements: matrix.elements)
    }
    let metadata = [
      "format": Self.format,
      "forward": "x = [normalized pixels, 1]; for each weights.i in turn: x = sigmoid(x @ weights.i)",
      "architecture": network.architecture.description,
      "activation": "sigmoid",
      "normalizer": Self.json(normalizer),
      "image_rows": String(rowCount),
      "image_columns": String(columnCount),
      "class_names": Self.json(classNames),
      "dataset": datasetName,
    ]
    return Safetensors(metadata: metadata, tensors: tensors).encoded()
  }

  /// The model in a safetensors file.
  ///
  /// - Throws: ``ModelError`` where the file is damaged, or something that a prediction needs is missing or does not
  ///   fit the rest.
  /// - Complexity: O(bytes.count).
  public init(parsing bytes: [UInt8]) throws(ModelError) {
    let file: Safetensors
    do throws(SafetensorsError) { file = try Safetensors(parsing: bytes) } catch { throw .safetensors(error) }

    func text(_ key: String) throws(ModelError) -> String {
      guard let text = file.metadata[key] else { throw .metadataMissing(key: key) }
      return text
    }
    func value<Value>(_ key: String, _ parse: (String) -> Value?) throws(ModelError) -> Value {
      let text = try text(key)
      guard let value = parse(text) else { throw .metadataUnusable(key: key, found: text) }
      return value
    }
    _ = try value("format") { $0 == Self.format ? $0 : nil }
    _ = try value("activation") { $0 == "sigmoid" ? $0 : nil }
    let architecture = try value("architecture") { try? Architecture(parsing: $0) }
    let rowCount = try value("image_rows") { Int($0) }
    let columnCount = try value("image_columns") { Int($0) }
    let (pixelCount, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard rowCount > 0, columnCount > 0, !overflow, pixelCount == architecture.inputCount else {
      throw .metadataUnusable(key: "image_rows", found: "\(rowCount), with \(columnCount) image_columns")
    }
    let normalizer: Normalizer = try value("normalizer") { Self.decode($0) }
    guard normalizer.featureCount ?? pixelCount == pixelCount else {
      throw .metadataUnusable(key: "normalizer", found: "one for \(normalizer.featureCount ?? 0) features")
    }
    let classNames: [String] = try value("class_names") { Self.decode($0) }
    guard classNames.count == architecture.outputCount else {
      throw .metadataUnusable(key: "class_names", found: "\(classNames.count) names")
    }

    var weights: [Matrix<Double>] = []
    for (layer, shape) in architecture.weightShapes.enumerated() {
      let name = Self.tensorName(layer)
      guard let tensor = file.tensors[name] else { throw .tensorMissing(name) }
      guard tensor.shape == [shape.inputs, shape.outputs], let elements = tensor.float64Elements else {
        throw .tensorMisshapen(
          name, expected: "F64 [\(shape.inputs), \(shape.outputs)]", found: "\(tensor.elementType) \(tensor.shape)")
      }
      let matrix = Matrix(rowCount: shape.inputs, columnCount: shape.outputs, elements: elements)
      guard matrix.isFinite else { throw .weightNotFinite(tensor: name) }
      weights.append(matrix)
    }
    guard file.tensors.count == weights.count else {
      let known = Set((0..<weights.count).map(Self.tensorName))
      throw .tensorUnknown(file.tensors.keys.filter { !known.contains($0) }.sorted()[0])
    }
    self.init(
      network: NeuralNetwork(architecture, weights: weights), normalizer: normalizer, rowCount: rowCount,
      columnCount: columnCount, classNames: classNames, datasetName: try text("dataset"))
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Scalers and names hold finite numbers and texts only, which always encode.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func decode<Value: Decodable>(_ text: String) -> Value? {
    try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
}
