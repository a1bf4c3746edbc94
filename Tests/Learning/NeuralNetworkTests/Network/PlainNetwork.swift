import Foundation
import Matrices
import NeuralNetwork

/// A network in plain Swift: the cost of one sample after the other, by the formulas that ``Loss`` names.
struct PlainNetwork {
  var form: NetworkForm
  var weights: [Matrix<Double>]

  /// The sums that enter the outputs for one sample.
  func sums(_ sample: [Double]) -> [Double] {
    var activations = sample + [1]
    for (layer, weights) in weights.enumerated() {
      let sums = (0..<weights.columnCount).map { unit in
        activations.indices.reduce(0) { $0 + activations[$1] * weights[$1, unit] }
      }
      if layer == self.weights.count - 1 { return sums }
      activations = sums.map { activation($0) } + (form.biases == .weights ? [1] : [])
    }
    return activations
  }

  /// The mean of a loss over samples; for the article's the loss that its gradient is of.
  func cost(_ loss: Loss, samples: Matrix<Double>, targets: Matrix<Double>, smoothing: Double = 0) -> Double {
    let costs = (0..<samples.rowCount).map { row in
      let z = sums(samples.row(row))
      let t = targets.row(row).map { $0 * (1 - smoothing) + smoothing / Double(targets.columnCount) }
      return z.indices.reduce(0) { cost, k in
        let a = 1 / (1 + exp(-z[k]))
        switch loss {
        case .squaredError: return cost + (a - t[k]) * (a - t[k])
        case .article, .binaryCrossEntropy: return cost - t[k] * log(a) - (1 - t[k]) * log(1 - a)
        case .categoricalCrossEntropy: return cost - t[k] * log(exp(z[k]) / z.reduce(0) { $0 + exp($1) })
        }
      }
    }
    return costs.reduce(0, +) / Double(costs.count)
  }

  private func activation(_ x: Double) -> Double {
    switch form.activation {
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    case .relu: max(x, 0)
    }
  }
}
