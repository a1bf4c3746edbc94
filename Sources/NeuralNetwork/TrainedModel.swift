public import Matrices
public import Normalization
public import Workers

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
/// Its file is a safetensors file: the tensors `weights.0`, `weights.1`, ... `[inputs, outputs]` in the network's
/// precision, and the rest as texts in the metadata.
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
  /// How it was trained, if that is known.
  public let training: TrainingSettings?
  /// The largest value of a pixel in the data set: ink, or light, at its full. Nil where it is not known.
  let largestPixel: UInt8?

  /// A model of its parts.
  ///
  /// - Precondition: the parts fit each other.
  public init(
    network: NeuralNetwork, normalizer: Normalizer, rowCount: Int, columnCount: Int, classNames: [String],
    datasetName: String, training: TrainingSettings? = nil, largestPixel: UInt8? = nil
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
    self.training = training
    self.largestPixel = largestPixel
  }

  /// The outputs for some images, `[imageCount, classCount]`: the same for any number of threads.
  ///
  /// - Parameters:
  ///   - pixels: `[imageCount, rowCount, columnCount]`, as they are in the data set.
  ///   - indices: which of the images, in the order wanted; all where nil.
  ///   - threadCount: the threads that share the work.
  ///   - instructionSet: the instructions that the inner loops use.
  /// - Throws: `NormalizationError` where the pixels are not a whole number of images.
  public func outputs(
    for pixels: some Collection<UInt8>, at indices: [Int]? = nil, threadCount: Int = WorkerPool.processorCount,
    instructionSet: InstructionSet = .widest
  ) throws(NormalizationError) -> Matrix<Double> {
    try outcomes(for: pixels, at: indices, threadCount: threadCount, instructionSet: instructionSet).outputs
  }

  /// The outputs for some images and their classes, in one go.
  ///
  /// The parameters are those of ``outputs(for:at:threadCount:instructionSet:)``.
  ///
  /// - Throws: `NormalizationError` where the pixels are not a whole number of images.
  public func outcomes(
    for pixels: some Collection<UInt8>, at indices: [Int]? = nil, threadCount: Int = WorkerPool.processorCount,
    instructionSet: InstructionSet = .widest
  ) throws(NormalizationError) -> Outcomes {
    network.outcomes(
      for: try Samples(pixels: pixels, featureCount: rowCount * columnCount, at: indices, normalizer: normalizer),
      threadCount: threadCount, instructionSet: instructionSet)
  }

  /// The class of each of some images, `[imageCount]`: the one with the largest output.
  ///
  /// The parameters are those of ``outputs(for:at:threadCount:instructionSet:)``.
  ///
  /// - Throws: `NormalizationError` where the pixels are not a whole number of images.
  public func predictions(
    for pixels: some Collection<UInt8>, at indices: [Int]? = nil, threadCount: Int = WorkerPool.processorCount,
    instructionSet: InstructionSet = .widest
  ) throws(NormalizationError) -> [Int] {
    network.predictions(
      for: try Samples(pixels: pixels, featureCount: rowCount * columnCount, at: indices, normalizer: normalizer),
      threadCount: threadCount, instructionSet: instructionSet)
  }

  /// The class of one image, `[rowCount, columnCount]`: the one with the largest output.
  ///
  /// - Throws: `NormalizationError` where the pixels are not an image of this size.
  public func prediction(for pixels: some Collection<UInt8>) throws(NormalizationError) -> Int {
    guard pixels.count == rowCount * columnCount else {
      throw .byteCount(found: pixels.count, columnCount: rowCount * columnCount)
    }
    return try predictions(for: pixels)[0]
  }
}

extension TrainedModel {
  private static let format = "mnist-toolkit-model-2"
  /// Only of article networks, about which it says nothing.
  private static let firstFormat = "mnist-toolkit-model-1"
  private static func tensorName(_ layer: Int) -> String { "weights.\(layer)" }

  /// The model as a safetensors file; the same model gives the same bytes.
  public func encoded() -> [UInt8] {
    let form = network.form
    var tensors: [String: Safetensors.Tensor] = [:]
    for (layer, matrix) in network.weights.enumerated() {
      tensors[Self.tensorName(layer)] = Safetensors.Tensor(
        shape: [matrix.rowCount, matrix.columnCount], elements: matrix.elements, precision: form.precision)
    }
    var metadata = [
      "format": Self.format,
      "forward": Self.forward(form),
      "architecture": form.architecture.description,
      "activation": form.activation.rawValue,
      "output_activation": form.outputActivation.rawValue,
      "biases": form.biases.rawValue,
      "precision": form.precision.rawValue,
      "normalizer": Self.json(normalizer),
      "image_rows": String(rowCount),
      "image_columns": String(columnCount),
      "class_names": Self.json(classNames),
      "dataset": datasetName,
    ]
    metadata["training"] = training.map(Self.json)
    metadata["largest_pixel"] = largestPixel.map { String($0) }
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
    let format = try value("format") { [Self.format, Self.firstFormat].contains($0) ? $0 : nil }
    let architecture = try value("architecture") { try? Architecture(parsing: $0) }
    var form = NetworkForm(architecture)
    form.activation = try value("activation") { Activation(rawValue: $0) }
    if format != Self.firstFormat {
      form.outputActivation = try value("output_activation") { OutputActivation(rawValue: $0) }
      form.biases = try value("biases") { NetworkForm.Biases(rawValue: $0) }
      form.precision = try value("precision") { Precision(rawValue: $0) }
    }
    let training: TrainingSettings? =
      file.metadata["training"] == nil ? nil : try value("training") { Self.decode($0) }
    // Models of before say nothing of it.
    let largestPixel: UInt8? =
      file.metadata["largest_pixel"] == nil
      ? nil : try value("largest_pixel") { UInt8($0).flatMap { $0 > 0 ? $0 : nil } }
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
    let elementType = form.precision == .float32 ? "F32" : "F64"
    for (layer, shape) in form.weightShapes.enumerated() {
      let name = Self.tensorName(layer)
      guard let tensor = file.tensors[name] else { throw .tensorMissing(name) }
      guard tensor.shape == [shape.inputs, shape.outputs], tensor.elementType == elementType,
        let elements = tensor.elements
      else {
        throw .tensorMisshapen(
          name, expected: "\(elementType) [\(shape.inputs), \(shape.outputs)]",
          found: "\(tensor.elementType) \(tensor.shape)")
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
      network: NeuralNetwork(form, weights: weights), normalizer: normalizer, rowCount: rowCount,
      columnCount: columnCount, classNames: classNames, datasetName: try text("dataset"),
      training: training, largestPixel: largestPixel)
  }

  /// How the outputs come from the pixels, as Python would say it.
  private static func forward(_ form: NetworkForm) -> String {
    let input = form.biases == .units ? "x" : "[x, 1]"
    let start = form.biases == .units ? "x = [normalized pixels, 1]" : "x = normalized pixels"
    return "\(start); for each weights.i in turn: x = \(form.activation.rawValue)(\(input) @ weights.i), "
      + "the last time \(form.outputActivation.rawValue)"
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
