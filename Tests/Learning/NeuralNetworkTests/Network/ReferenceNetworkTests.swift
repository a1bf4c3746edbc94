import Matrices
import NeuralNetwork
import RandomSources
import Testing

extension ReferenceNetwork {
  /// Returns the mean cost of some samples.
  func cost(_ loss: ReferenceLoss, samples: Matrix<Double>, targets: Matrix<Double>) -> Double {
    let values = forward(samples)
    return loss.evaluate(values[values.count - 1], targets).costs.reduce(0, +) / Double(samples.rowCount)
  }
}

/// The reference's gradients, compared with central differences of its costs.
@Suite struct ReferenceNetworkTests {
  static let samples = matrix(6, 5, seed: 1)
  static let targets = Matrix(rows: (0..<6).map { sample in (0..<3).map { $0 == sample % 3 ? 1.0 : 0 } })

  static func matrix(_ rowCount: Int, _ columnCount: Int, seed: UInt64) -> Matrix<Double> {
    var source = SplittableRandomSource(seed: seed)
    return Matrix(
      rowCount: rowCount, columnCount: columnCount,
      elements: (0..<rowCount * columnCount).map { _ in source.standardNormal() * 0.7 })
  }

  static func network(_ activation: Activation) -> ReferenceNetwork {
    var mask = matrix(6, 4, seed: 2)
    for sample in 0..<6 { for unit in 0..<4 { mask[sample, unit] = mask[sample, unit] > 0.4 ? 0 : 1.25 } }
    return ReferenceNetwork(layers: [
      .dense(matrix(5, 4, seed: 3), bias: matrix(1, 4, seed: 4).row(0)), .activation(activation), .dropout(mask: mask),
      .dense(matrix(4, 6, seed: 5), bias: nil), .activation(activation),
      .dense(matrix(6, 3, seed: 6), bias: matrix(1, 3, seed: 7).row(0)),
    ])
  }

  @Test(
    "gradients of weights and biases are those of central differences",
    arguments: Activation.allCases, [Loss.squaredError, .binaryCrossEntropy, .categoricalCrossEntropy])
  func gradients(_ activation: Activation, _ loss: Loss) throws {
    let (network, loss) = (Self.network(activation), ReferenceLoss(loss, labelSmoothing: 0.1))
    let values = network.forward(Self.samples)
    let delta = loss.evaluate(values[values.count - 1], Self.targets).delta
    let gradients = network.backward(values, from: delta)
    let places = network.layers.indices.filter { if case .dense = network.layers[$0] { true } else { false } }
    #expect(gradients.count == places.count)
    let width = 1e-5
    for (gradient, place) in zip(gradients, places) {
      guard case .dense(let weights, let bias) = network.layers[place] else { continue }
      /// Returns the slope of the cost as one number of the layer changes, given as a change of weights and bias.
      func slope(_ change: (inout Matrix<Double>, inout [Double], Double) -> Void) -> Double {
        func cost(_ distance: Double) -> Double {
          var (weights, changed, moved) = (weights, network, bias ?? [])
          change(&weights, &moved, distance)
          changed.layers[place] = .dense(weights, bias: bias == nil ? nil : moved)
          return changed.cost(loss, samples: Self.samples, targets: Self.targets)
        }
        return (cost(width) - cost(-width)) / (2 * width)
      }
      for row in 0..<weights.rowCount {
        for column in 0..<weights.columnCount {
          let expected = slope { weights, _, distance in weights[row, column] += distance }
          #expect(abs(gradient.weights[row, column] - expected) < 1e-8, "weight [\(row), \(column)] of layer \(place)")
        }
      }
      guard bias != nil else { continue }
      for unit in 0..<weights.columnCount {
        let expected = slope { _, bias, distance in bias[unit] += distance }
        #expect(abs(gradient.bias[unit] - expected) < 1e-8, "bias \(unit) of layer \(place)")
      }
    }
    #expect(gradients[0].weights.elements.contains { abs($0) > 0.01 }, "there is a gradient to compare")
  }

  @Test("the article's gradient is that of the binary cross-entropy, and its cost the squared error")
  func article() {
    let sums = Self.matrix(6, 3, seed: 8)
    let article = ReferenceLoss(.article).evaluate(sums, Self.targets)
    #expect(article.delta == ReferenceLoss(.binaryCrossEntropy).evaluate(sums, Self.targets).delta)
    #expect(article.costs == ReferenceLoss(.squaredError).evaluate(sums, Self.targets).costs)
  }
}
