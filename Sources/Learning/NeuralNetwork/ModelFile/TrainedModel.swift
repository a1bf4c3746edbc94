internal import DisplayText
public import Matrices
internal import Memory
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
/// let file = try FileReader("runs/latest/model.safetensors")
/// let model = try TrainedModel(byteCount: file.byteCount, reading: file.read)
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
  /// The largest pixel value of the data set; nil where it is not known.
  let knownLargestPixel: UInt8?

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
    precondition(Set(classNames).count == classNames.count, "no two classes have the same name")
    self.network = network
    self.normalizer = normalizer
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.classNames = classNames
    self.datasetName = datasetName
    self.training = training
    knownLargestPixel = largestPixel
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
    try outputsAndClasses(for: pixels, at: indices, threadCount: threadCount, instructionSet: instructionSet).outputs
  }

  /// The outputs for some images and their classes, in one go.
  ///
  /// The parameters are those of ``outputs(for:at:threadCount:instructionSet:)``.
  ///
  /// - Throws: `NormalizationError` where the pixels are not a whole number of images.
  public func outputsAndClasses(
    for pixels: some Collection<UInt8>, at indices: [Int]? = nil, threadCount: Int = WorkerPool.processorCount,
    instructionSet: InstructionSet = .widest
  ) throws(NormalizationError) -> OutputsAndClasses {
    network.outputsAndClasses(
      for: try samples(pixels, at: indices), threadCount: threadCount, instructionSet: instructionSet)
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
      for: try samples(pixels, at: indices), threadCount: threadCount, instructionSet: instructionSet)
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

  private func samples(
    _ pixels: some Collection<UInt8>, at indices: [Int]?
  ) throws(NormalizationError) -> Samples {
    let samples = try normalizer.transform(pixels, featureCount: rowCount * columnCount)
    return indices.map { samples.rows(at: $0) } ?? samples
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
    metadata["largest_pixel"] = knownLargestPixel.map { String($0) }
    return Safetensors(metadata: metadata, tensors: tensors).encoded()
  }

  /// The largest magnitude to which a model may scale a pixel.
  ///
  /// A pixel is at most 255 away from its mean, and among 2^32 samples its standard deviation is 0 or above 1e-5.
  static let maximumScaledPixel = 1e9

  /// Reads a model from the bytes of a safetensors file.
  ///
  /// - Throws: ``ModelError`` where the file is damaged, or something that a prediction needs is missing or does not
  ///   fit the rest.
  /// - Complexity: O(bytes.count).
  public init(parsing bytes: [UInt8]) throws(ModelError) {
    do {
      try self.init(byteCount: bytes.count) { offset, count in Array(bytes[offset..<offset + count]) }
    } catch let error as ModelError {
      throw error
    } catch {
      preconditionFailure("memory is read without errors")
    }
  }

  /// Reads a model from a safetensors file that need not be in memory.
  ///
  /// The header and the shapes of all tensors are checked before the first weight is read, and weights are read one tensor
  /// at a time.
  ///
  /// - Parameters:
  ///   - byteCount: the size of the file.
  ///   - read: returns `count` bytes from `offset` on. It returns fewer only if the file has become shorter.
  /// - Throws: ``ModelError``, or what `read` throws.
  /// - Complexity: O(byteCount).
  public init(byteCount: Int, reading read: (_ offset: Int, _ count: Int) throws -> [UInt8]) throws {
    func bytes(_ place: Range<Int>) throws -> [UInt8] {
      let bytes = try read(place.lowerBound, place.count)
      guard bytes.count == place.count else {
        throw ModelError.safetensors(.fileCut(expected: place.upperBound, found: place.lowerBound + bytes.count))
      }
      return bytes
    }
    let file: Safetensors.Header
    do {
      let beginning = try bytes(0..<min(8, byteCount))
      let headerByteCount = try Safetensors.Header.byteCount(beginning, fileByteCount: byteCount)
      // The text, and the values that it is decoded to.
      try Self.checkMemory(6 * headerByteCount)
      file = try Safetensors.Header(parsing: bytes(8..<8 + headerByteCount), fileByteCount: byteCount)
    } catch let error as SafetensorsError {
      throw ModelError.safetensors(error)
    }

    func text(_ key: String) throws(ModelError) -> String {
      guard let text = file.metadata[key] else { throw .metadataMissing(key: key) }
      return text
    }
    func unusable(_ key: String, _ found: String) -> ModelError {
      .metadataUnusable(key: key, found: found.beginning)
    }
    func value<Value>(_ key: String, _ parse: (String) -> Value?) throws(ModelError) -> Value {
      let text = try text(key)
      guard let value = parse(text) else { throw unusable(key, text) }
      return value
    }
    let format = try value("format") { [Self.format, Self.firstFormat].contains($0) ? $0 : nil }
    // A longer list of node counts could not fit the tensors.
    let architecture = try value("architecture") { text in
      text.utf8.count(where: { $0 == UInt8(ascii: ",") }) > max(1000, file.entries.count)
        ? nil : try? Architecture(parsing: text)
    }
    var form = NetworkForm(architecture)
    form.activation = try value("activation") { Activation(rawValue: $0) }
    if format != Self.firstFormat {
      form.outputActivation = try value("output_activation") { OutputActivation(rawValue: $0) }
      form.biases = try value("biases") { NetworkForm.Biases(rawValue: $0) }
      form.precision = try value("precision") { Precision(rawValue: $0) }
    }
    let training: TrainingSettings? =
      file.metadata["training"] == nil ? nil : try value("training") { Self.decode($0, maximumValueCount: 100) }
    do throws(TrainerError) {
      try training?.validate()
    } catch {
      throw unusable("training", error.description)
    }
    // Models of before say nothing of it.
    let largestPixel: UInt8? =
      file.metadata["largest_pixel"] == nil
      ? nil : try value("largest_pixel") { UInt8($0).flatMap { $0 > 0 ? $0 : nil } }
    let rowCount = try value("image_rows") { Int($0) }
    let columnCount = try value("image_columns") { Int($0) }
    let (pixelCount, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard rowCount > 0, columnCount > 0, !overflow, pixelCount == architecture.inputCount else {
      throw unusable("image_rows", "\(rowCount), with \(columnCount) image_columns")
    }
    try Self.check(file.entries, against: form)
    // A scaler has at most three numbers for each pixel.
    let normalizer: Normalizer = try value("normalizer") { Self.decode($0, maximumValueCount: 3 * pixelCount + 100) }
    guard normalizer.featureCount ?? pixelCount == pixelCount else {
      throw unusable("normalizer", "one for \(normalizer.featureCount ?? 0) features")
    }
    if let fitted = normalizer.fittedRange, fitted.lowerBound < 0 || fitted.upperBound > 255 {
      throw unusable("normalizer", "it was fitted to values of \(fitted), expected pixels of 0 to 255")
    }
    let largest = normalizer.largestMagnitudeOfPixels
    guard largest <= Self.maximumScaledPixel else {
      throw unusable(
        "normalizer", "it scales a pixel to a magnitude of \(largest), expected at most \(Self.maximumScaledPixel)")
    }
    let classNames: [String] = try value("class_names") {
      Self.decode($0, maximumValueCount: architecture.outputCount + 1)
    }
    guard classNames.count == architecture.outputCount else {
      throw unusable("class_names", "\(classNames.count) names")
    }
    var seen: Set<String> = []
    for name in classNames where !seen.insert(name).inserted {
      throw unusable("class_names", "the name \(Self.json(name)) twice, expected each once")
    }
    let datasetName = try text("dataset")

    // The weights as float64, and a copy of them for predictions.
    try Self.checkMemory(16 * form.weightShapes.reduce(0) { $0 + $1.inputs * $1.outputs })
    var weights: [Matrix<Double>] = []
    for (layer, shape) in form.weightShapes.enumerated() {
      let name = Self.tensorName(layer)
      guard let entry = file.entries[name],
        let elements = Safetensors.Tensor(entry, bytes: try bytes(entry.place)).elements
      else { throw ModelError.tensorMissing(name) }
      let matrix = Matrix(rowCount: shape.inputs, columnCount: shape.outputs, elements: elements)
      guard matrix.isFinite else { throw ModelError.weightNotFinite(tensor: name) }
      weights.append(matrix)
    }
    self.init(
      network: NeuralNetwork(form, weights: weights), normalizer: normalizer, rowCount: rowCount,
      columnCount: columnCount, classNames: classNames, datasetName: datasetName,
      training: training, largestPixel: largestPixel)
  }

  private static func checkMemory(_ byteCount: Int) throws(ModelError) {
    if let error = AvailableMemory.shortage(of: byteCount) { throw .memory(error) }
  }

  /// Checks that a file has the tensors of a network's weights and no others.
  private static func check(
    _ entries: [String: Safetensors.Header.Entry], against form: NetworkForm
  ) throws(ModelError) {
    let elementType = form.precision == .float32 ? "F32" : "F64"
    let shapes = form.weightShapes
    for (layer, shape) in shapes.enumerated() {
      let name = tensorName(layer)
      guard let entry = entries[name] else { throw .tensorMissing(name) }
      guard entry.shape == [shape.inputs, shape.outputs], entry.elementType == elementType else {
        let sizes = entry.shape.prefix(8).map(String.init).joined(separator: ", ")
        throw .tensorMisshapen(
          name, expected: "\(elementType) [\(shape.inputs), \(shape.outputs)]",
          found: "\(entry.elementType) [\(sizes)\(entry.shape.count > 8 ? ", ..." : "")]")
      }
    }
    guard entries.count == shapes.count else {
      let known = Set(shapes.indices.map(tensorName))
      throw .tensorUnknown(entries.keys.filter { !known.contains($0) }.sorted()[0])
    }
  }

  /// How the outputs come from the pixels, as Python would say it.
  private static func forward(_ form: NetworkForm) -> String {
    let input = form.biases == .units ? "x" : "[x, 1]"
    let start = form.biases == .units ? "x = [normalized pixels, 1]" : "x = normalized pixels"
    return "\(start); for each weights.i in turn: x = \(form.activation.rawValue)(\(input) @ weights.i), "
      + "the last time \(form.outputActivation.rawValue)"
  }

  private static func json(_ value: some Encodable) -> String {
    // Scalers and names hold finite numbers and texts only, which always encode.
    (try? sortedJSON(value)) ?? ""
  }

  /// Returns the value of a JSON text; nil if it is malformed, or has more values than any that is expected.
  private static func decode<Value: Decodable>(_ text: String, maximumValueCount: Int) -> Value? {
    guard JSONExtent(of: Array(text.utf8)).valueCount <= maximumValueCount else { return nil }
    return try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
}

extension TrainedModel {
  /// The largest pixel value of the data set that the model was trained on, which a pixel full of ink has. Where the model
  /// does not say, it is the largest that the scaling of pixels was fitted to; otherwise 16 for the digits of 8x8, and 255.
  public var largestPixel: UInt8 {
    if let knownLargestPixel { return knownLargestPixel }
    if case .minMax(let scaler) = normalizer, let largest = scaler.maximum.max(), largest >= 1, largest <= 255 {
      return UInt8(largest)
    }
    return datasetName == "digits" && rowCount == 8 && columnCount == 8 ? 16 : 255
  }
}
