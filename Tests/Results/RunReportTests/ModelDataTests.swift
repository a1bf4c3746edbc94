import Foundation
import Matrices
import NeuralNetwork
import Normalization
import RandomSources
import RunReport
import Testing

@Suite struct ModelDataTests {
  static func model(
    _ form: NetworkForm, _ normalizer: Normalizer, rows: Int, columns: Int, dataset: String = "test",
    weight: Double? = nil
  ) -> TrainedModel {
    var source = NumPyRandomSource(seed: 4)
    var network = NeuralNetwork(form, initializer: .he, using: &source)
    if let weight {
      let weights = network.weights.map {
        Matrix(rowCount: $0.rowCount, columnCount: $0.columnCount, elements: $0.elements.map { _ in weight })
      }
      network = NeuralNetwork(form, weights: weights)
    }
    return TrainedModel(
      network: network, normalizer: normalizer, rowCount: rows, columnCount: columns,
      classNames: (0..<form.architecture.outputCount).map { "<\($0)>" }, datasetName: dataset)
  }

  static func object(_ model: TrainedModel) throws -> [String: Any] {
    let json = try #require(ModelData(model)).json
    return try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
  }

  @Test("weights are 32-bit numbers in base 64")
  func weights() throws {
    let form = NetworkForm(
      try Architecture([6, 4, 3]), biases: .weights, activation: .tanh, outputActivation: .softmax)
    let model = Self.model(form, .minMax(try MinMaxScaler.fit([0, 16])), rows: 2, columns: 3)
    let object = try Self.object(model)
    #expect(object["biases"] as? String == "weights" && object["activation"] as? String == "tanh")
    #expect(object["outputActivation"] as? String == "softmax")
    #expect(object["classNames"] as? [String] == ["<0>", "<1>", "<2>"])
    let layers = try #require(object["layers"] as? [[String: Any]])
    for (layer, matrix) in zip(layers, model.network.weights) {
      #expect(layer["inputs"] as? Int == matrix.rowCount && layer["outputs"] as? Int == matrix.columnCount)
      let bytes = try #require((layer["weights"] as? String).flatMap { Data(base64Encoded: $0) })
      let numbers = stride(from: 0, to: bytes.count, by: 4).map { place in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) })
      }
      #expect(numbers == matrix.elements.map(Float.init))
    }
    let digit = try #require(object["form"] as? [String: Any])
    #expect(digit["rowCount"] as? Int == 2 && digit["columnCount"] as? Int == 3 && digit["largestPixel"] as? Int == 16)
  }

  @Test("the scaling has one factor and one offset, either for all pixels together or for each pixel")
  func scaling() throws {
    let form = NetworkForm(try Architecture([2, 2]))
    func scaling(_ normalizer: Normalizer) throws -> (factors: [Double], offsets: [Double]) {
      let scaling = try #require(
        try Self.object(Self.model(form, normalizer, rows: 1, columns: 2))["scaling"] as? [String: [Double]])
      return (try #require(scaling["factors"]), try #require(scaling["offsets"]))
    }
    #expect(try scaling(.none) == ([1], [0]))
    let whole = try scaling(.minMax(try MinMaxScaler.fit([10, 60])))
    #expect(abs(whole.factors[0] - 1.0 / 50) < 1e-15 && abs(whole.offsets[0] + 0.2) < 1e-15)
    let each = try scaling(.standard(try StandardScaler.fit(Matrix(rows: [[0, 5], [4, 5]]))))
    #expect(each.factors == [0.5, 1] && each.offsets == [-1, -5])
  }

  @Test("a model with a weight too large for 32 bits, or with too many weights, gives no data")
  func refused() throws {
    let form = NetworkForm(try Architecture([2, 2]))
    #expect(ModelData(Self.model(form, .none, rows: 1, columns: 2, weight: 1e39)) == nil)
    #expect(ModelData(Self.model(form, .none, rows: 1, columns: 2, weight: 1e38)) != nil)
    let large = NetworkForm(try Architecture([1600, 1000, 2]))
    #expect(ModelData(Self.model(large, .none, rows: 40, columns: 40)) == nil)
  }
}
