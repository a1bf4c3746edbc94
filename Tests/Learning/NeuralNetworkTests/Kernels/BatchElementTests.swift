import Foundation
import NeuralNetwork
import RandomSources
import Testing

/// What is done to each number on its own, against formulas in float64.
@Suite struct BatchElementTests {
  static let activations: [KernelActivation] = [.sigmoid, .tanh, .relu]

  /// How far a result may be from its formula, as a share of it.
  static func share<Scalar: KernelScalar>(_: Scalar.Type) -> Double { Scalar.isFloat32 ? 1e-6 : 1e-14 }

  static func formula(_ activation: KernelActivation, _ x: Double) -> Double {
    switch activation {
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    case .relu: x.isNaN ? x : max(x, 0)
    }
  }

  @Test("activate gives the activation, also of huge numbers and of what is no number", arguments: activations)
  func activate(_ activation: KernelActivation) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      let extremes: [Scalar] = [
        0, -0.0, 1e4, -1e4, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, 87, -87, 88.5, -88.5, 1e-5, -1e-5,
      ]
      let values = extremes + (0..<1008).map { Scalar(Double($0 - 504) / 12) }
      let columnCount = 64
      let expected: [Expected] = values.enumerated().flatMap { index, value in
        let result = Self.formula(activation, Double(value))
        // tanh is a difference from 1 and as exact as that; what the sigmoid makes of very negative sums is nearly 0.
        let least = activation == .tanh ? Self.share(Scalar.self) : Double(Scalar.leastNormalMagnitude) * 100
        let tolerance = activation == .relu ? 0 : abs(result) * Self.share(Scalar.self) + least
        let isLast = index % columnCount == columnCount - 1
        return [Expected(value: result, tolerance: tolerance)]
          + (isLast ? [Expected](repeating: .untouched, count: columnCount) : [])
      }
      let results = resultsInAllSets { kernels, workspace in
        let rowCount = values.count / columnCount
        let rows = workspace.untouchedRows(Scalar.self, rowCount: rowCount, stride: 2 * columnCount)
        for (index, value) in values.enumerated() {
          rows.from(row: index / columnCount, column: index % columnCount).start.pointee = value
        }
        kernels.activate(activation, rows, rowCount: rowCount, columnCount: columnCount)
        return rows.elements(rowCount: rowCount)
      }
      for result in results { #expect(deviation(of: result, from: expected) == nil) }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "multiplyBack is the product of rows with a panel, times what was kept and the slope", arguments: activations,
    [1, 2.5])
  func multiplyBack(_ activation: KernelActivation, _ scale: Double) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 6)
      for (rowCount, depth, width) in [
        (29, 10, Scalar.panelWidth), (5, 37, Scalar.panelWidth / 2), (12, 1, Scalar.panelWidth),
      ] {
        let (stride, outStride) = (depth + 3, width + Scalar.panelWidth)
        let a: [Scalar] = source.scalars(rowCount * stride)
        let panel: [Scalar] = source.scalars(depth * width)
        // What an activation can give, its limits among them, and scaled or dropped.
        let kept = (0..<rowCount * outStride).map { Scalar($0 % 7 == 0 && scale != 1 ? 0 : scale) }
        let results = source.scalars(rowCount * outStride, in: -8...8, Double.self).enumerated().map { place, x in
          place % 11 == 0 ? 0 : Scalar(Self.formula(activation, x)) * kept[place]
        }
        var expected = [Expected](repeating: .untouched, count: (rowCount + 1) * outStride)
        for row in 0..<rowCount {
          for column in 0..<width {
            let place = row * outStride + column
            let product = BatchProductTests.sum((0..<depth).map { (a[row * stride + $0], panel[$0 * width + column]) })
            let result = Double(results[place]) / scale
            let slope: Double =
              switch activation {
              case .sigmoid: result * (1 - result)
              case .tanh: 1 - result * result
              case .relu: result > 0 ? 1 : 0
              }
            let value = product.value * Double(kept[place])
            expected[place] = Expected(
              value: value * slope, tolerance: product.tolerance * scale + abs(value) * Self.share(Scalar.self))
          }
        }
        let found = resultsInAllSets { kernels, workspace in
          let out = workspace.untouchedRows(Scalar.self, rowCount: rowCount + 1, stride: outStride)
          kernels.multiplyBack(
            through: activation, results: workspace.rows(results, stride: outStride),
            kept: scale == 1 ? nil : workspace.rows(kept, stride: outStride), scale: scale,
            workspace.rows(a, stride: stride), panel: workspace.rows(panel, stride: width).start, width: width,
            rowCount: rowCount, depth: depth, into: out)
          return out.elements(rowCount: rowCount + 1)
        }
        for found in found { #expect(deviation(of: found, from: expected) == nil) }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("multiplyElements gives products, and changes nothing behind the columns")
  func multiplyElements() {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 7)
      let (rowCount, stride) = (6, 64)
      let values: [Scalar] = source.scalars(rowCount * stride)
      let factors: [Scalar] = source.scalars(rowCount * stride)
      for columnCount in [0, 16, 32, 48, 64] {
        let results = resultsInAllSets { kernels, workspace in
          let rows = workspace.rows(values, stride: stride)
          kernels.multiplyElements(
            rows, by: workspace.rows(factors, stride: stride), rowCount: rowCount - 1, columnCount: columnCount)
          return rows.elements(rowCount: rowCount)
        }
        let expected = values.indices.map { place in
          let isInside = place % stride < columnCount && place / stride < rowCount - 1
          return isInside ? values[place] * factors[place] : values[place]
        }
        for result in results { #expect(result == expected) }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "update changes weights and moments as the optimizer's formula says",
    arguments: [
      KernelUpdate.Rule.sgd, .momentum(0.9), .nesterov(0.8),
      .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 0.19, correction2: 0.001999),
      .adamW(beta1: 0.8, beta2: 0.99, epsilon: 1e-3, correction1: 0.36, correction2: 0.0199),
    ], [0, 0.02])
  func update(_ rule: KernelUpdate.Rule, _ decay: Double) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 8)
      let (count, rate) = (80, 0.3)
      let (weights, gradients): ([Scalar], [Scalar]) = (source.scalars(count), source.scalars(count))
      let (first, second): ([Scalar], [Scalar]) = (source.scalars(count), source.scalars(count, in: 0...1))
      var expected = [Expected](repeating: .untouched, count: 3 * (count + 16))
      for index in 0..<count {
        let changed = Self.formula(
          rule, rate: rate, decay: decay, weight: Double(weights[index]), first: Double(first[index]),
          second: Double(second[index]), gradient: Double(gradients[index]))
        for (part, value) in [changed.weight, changed.first, changed.second].enumerated() {
          expected[part * (count + 16) + index] = Expected(value: value, tolerance: 10 * Self.share(Scalar.self))
        }
      }
      let results = resultsInAllSets { kernels, workspace in
        let behind = [Scalar](repeating: Scalar(untouched), count: 16)
        let parts = [weights, first, second].map { workspace.rows($0 + behind, stride: count + 16) }
        kernels.update(
          KernelUpdate(rule, rate: rate, decay: decay), weights: parts[0].start, first: parts[1].start,
          second: parts[2].start, gradients: workspace.rows(gradients, stride: 0).start, count: count)
        return parts.flatMap { $0.elements(rowCount: 1) }
      }
      for result in results { #expect(deviation(of: result, from: expected) == nil) }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "a momentum that would change no weight becomes 0", arguments: [KernelUpdate.Rule.momentum(0.9), .nesterov(0.8)])
  func tinyMomentum(_ rule: KernelUpdate.Rule) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      let tiny = Scalar.leastNormalMagnitude
      let first: [Scalar] = [tiny, -tiny * 100, tiny / 8, 0, 1e-6, -1e-6, .nan, -.infinity]
      let padding = [Scalar](repeating: 0, count: 8)
      let results = resultsInAllSets { kernels, workspace in
        let moments = workspace.rows(first + padding, stride: 16)
        kernels.update(
          KernelUpdate(rule, rate: 0.5, decay: 0),
          weights: workspace.rows([Scalar](repeating: 1, count: 16), stride: 16).start, first: moments.start,
          second: nil, gradients: workspace.rows([Scalar](repeating: 0, count: 16), stride: 0).start, count: 16)
        return moments.elements(rowCount: 1)
      }
      for result in results {
        #expect(result[0..<4].allSatisfy { $0 == 0 })
        #expect(result[4] > 0 && result[5] == -result[4])
        // What diverges is not hidden.
        #expect(result[6].isNaN && result[7] == -.infinity)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// One weight and its moments after an update.
  static func formula(
    _ rule: KernelUpdate.Rule, rate: Double, decay: Double, weight: Double, first: Double, second: Double,
    gradient: Double
  ) -> (weight: Double, first: Double, second: Double) {
    let decayed = gradient + decay * weight
    switch rule {
    case .sgd:
      return (weight - rate * decayed, first, second)
    case .momentum(let momentum):
      let velocity = momentum * first + decayed
      return (weight - rate * velocity, velocity, second)
    case .nesterov(let momentum):
      let velocity = momentum * first + decayed
      return (weight - rate * (decayed + momentum * velocity), velocity, second)
    case .adam(let beta1, let beta2, let epsilon, let correction1, let correction2):
      let mean = beta1 * first + (1 - beta1) * decayed
      let square = beta2 * second + (1 - beta2) * decayed * decayed
      return (weight - rate * mean / correction1 / (sqrt(square / correction2) + epsilon), mean, square)
    case .adamW(let beta1, let beta2, let epsilon, let correction1, let correction2):
      let mean = beta1 * first + (1 - beta1) * gradient
      let square = beta2 * second + (1 - beta2) * gradient * gradient
      let kept = weight * (1 - rate * decay)
      return (kept - rate * mean / correction1 / (sqrt(square / correction2) + epsilon), mean, square)
    }
  }
}
