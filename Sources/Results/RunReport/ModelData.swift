internal import DigitPreparation
internal import DisplayText
private import Foundation
internal import Matrices
public import NeuralNetwork
internal import Normalization

/// A trained model as the page's script takes it: all that an answer to a drawing needs, as JSON.
///
/// ```swift
/// let json = ModelData(model)?.json
/// ```
///
/// Weights are 32-bit floating-point numbers, little-endian, in base 64, row after row. The scaling of pixels is one factor
/// and one offset for all of them, or one for each.
public struct ModelData: Sendable {
  /// The most weights that a page carries; at 16 characters for each three of them they make 8 MB.
  public static let maximumWeightCount = 1_500_000

  /// The JSON's text.
  public let json: String

  /// The data of a model; nil where it has more weights than a page should carry, or one that is too large for 32 bits.
  ///
  /// - Complexity: O(weightCount).
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
    // The weights are a megabyte in which nothing has to be escaped, for which the encoder would look at each character.
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

  /// `pixel * factor + offset`, of all pixels or of each.
  private struct Scaling: Encodable {
    let factors: [Double]
    let offsets: [Double]

    init?(_ model: TrainedModel) {
      let count = model.normalizer.featureCount ?? 1
      // All scalings are straight lines, so that two points tell them.
      let ends = [UInt8](repeating: 0, count: count) + [UInt8](repeating: 255, count: count)
      guard let values = try? model.normalizer.transform(ends, featureCount: count).matrix() else { return nil }
      offsets = values.row(0)
      factors = zip(values.row(0), values.row(1)).map { ($1 - $0) / 255 }
      guard (offsets + factors).allSatisfy(\.isFinite) else { return nil }
    }
  }

  /// Each layer's size and weights as a JSON object.
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
