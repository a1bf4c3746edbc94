internal import DigitPreparation
internal import DisplayText
private import Foundation
internal import Matrices
public import NeuralNetwork
internal import Normalization

/// A trained model as JSON for the script of the report page, which computes predictions for drawings.
///
/// ```swift
/// let json = ModelData(model)?.json
/// ```
///
/// The weights are little-endian 32-bit floating-point numbers, encoded in base 64. The matrix of each layer is stored
/// row after row. The pixel scaling has a factor and an offset, either for all pixels together or for each pixel.
public struct ModelData: Sendable {
  /// The maximum number of weights in a page. Base 64 needs 16 characters for three weights, so 1.5 million weights
  /// take 8 MB.
  public static let maximumWeightCount = 1_500_000

  /// The model as JSON text.
  public let json: String

  /// Creates the data of a model; nil if the model has too many weights, or a weight is too large for a 32-bit number.
  ///
  /// - Complexity: O(*n*), where *n* is the number of weights.
  public init?(_ model: TrainedModel) {
    guard model.network.architecture.weightCount <= Self.maximumWeightCount,
      let layers = Self.layers(of: model.network), let scaling = Scaling(model)
    else { return nil }
    let form = model.network.form
    let content = Content(
      form: DigitForm(rowCount: model.rowCount, columnCount: model.columnCount, largestPixel: model.largestPixel),
      classNames: model.classNames.map(\.escapedForDisplay), scaling: scaling, biases: form.biases,
      activation: form.activation, outputActivation: form.outputActivation)
    guard let start = try? sortedJSON(content) else { return nil }
    // The text of the weights can have megabytes and needs no escaping. The text is appended here, because the JSON
    // encoder would examine every character.
    json = start.dropLast() + ",\"layers\":[" + layers.joined(separator: ",") + "]}"
  }

  private struct Content: Encodable {
    let form: DigitForm
    let classNames: [String]
    let scaling: Scaling
    let biases: NetworkForm.Biases
    let activation: Activation
    let outputActivation: OutputActivation
  }

  /// The pixel scaling, `pixel * factor + offset`. The factor and the offset are given once for all pixels, or for each
  /// pixel.
  private struct Scaling: Encodable {
    let factors: [Double]
    let offsets: [Double]

    init?(_ model: TrainedModel) {
      let count = model.normalizer.featureCount ?? 1
      // All scalings are linear, so the results for the pixel values 0 and 255 determine the factor and the offset.
      let ends = [UInt8](repeating: 0, count: count) + [UInt8](repeating: 255, count: count)
      guard let values = try? model.normalizer.transform(ends, featureCount: count).matrix() else { return nil }
      offsets = values.row(0)
      factors = zip(values.row(0), values.row(1)).map { ($1 - $0) / 255 }
      guard (offsets + factors).allSatisfy(\.isFinite) else { return nil }
    }
  }

  /// Returns each layer's size and weights as a JSON object; nil if a weight becomes infinite or NaN as a 32-bit
  /// number.
  private static func layers(of network: NeuralNetwork) -> [String]? {
    var layers: [String] = []
    for matrix in network.weights {
      let numbers = matrix.elements.map(Float.init)
      guard numbers.allSatisfy({ $0.isFinite }) else { return nil }
      let bytes = numbers.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
      layers.append(
        "{\"inputs\":\(matrix.rowCount),\"outputs\":\(matrix.columnCount),"
          + "\"weights\":\"\(bytes.base64EncodedString())\"}")
    }
    return layers
  }
}
