import Foundation
import NeuralNetwork
import RandomSources
import Testing

/// From sums to outputs, deltas and costs, against the losses' formulas in float64.
@Suite struct BatchLossTests {
  static let losses: [KernelLoss] = [.article, .squaredError, .binaryCrossEntropy, .categoricalCrossEntropy]

  /// Rows of sums with their targets, for the kernel and for the formulas.
  struct Rows<Scalar: KernelScalar> {
    var sums: [[Scalar]]
    var targets: [[Scalar]]
    var scale = 0.25
    var smoothing = 0.0

    var outputCount: Int { sums[0].count }

    /// Whether the largest sum, the first one of several, stands where the largest target does.
    func isRight(_ row: Int) -> Bool {
      sums[row].firstIndex(of: sums[row].max() ?? 0) == targets[row].firstIndex(of: targets[row].max() ?? 0)
    }

    /// The class that each row's targets are, if all are 1 for one and 0 for the others.
    var classes: [UInt16]? {
      let classes = targets.compactMap { row -> UInt16? in
        row.allSatisfy { $0 == 0 || $0 == 1 } && row.reduce(0, +) == 1 ? row.firstIndex(of: 1).map { UInt16($0) } : nil
      }
      return classes.count == targets.count ? classes : nil
    }

    /// What the kernel makes of them: outputs, deltas, costs and what is right, each a row after the other.
    ///
    /// - Parameter wanted: the classes that the targets are, to be given instead of them.
    func finished(
      _ loss: KernelLoss, atOnce: Int? = nil, classes wanted: [UInt16]? = nil
    ) -> [(outputs: [[Scalar]], deltas: [[Scalar]], costs: [Double], right: [UInt8])] {
      var results: [(outputs: [[Scalar]], deltas: [[Scalar]], costs: [Double], right: [UInt8])] = []
      let (rowCount, stride) = (sums.count, Scalar.paddedLength(outputCount))
      _ = resultsInAllSets { kernels, workspace in
        func padded(_ rows: [[Scalar]], _ filler: Scalar) -> [Scalar] {
          rows.flatMap { $0 + [Scalar](repeating: filler, count: stride - outputCount) }
        }
        let out = workspace.rows(padded(sums, 0), stride: stride)
        let targets = workspace.rows(padded(targets, 7), stride: stride)
        let classes: UnsafeMutablePointer<UInt16> = workspace.allocate(count: rowCount)
        for (row, wanted) in (wanted ?? []).enumerated() { classes[row] = wanted }
        let deltas = workspace.untouchedRows(Scalar.self, rowCount: rowCount, stride: stride)
        var (costs, right) = ([Double](repeating: .nan, count: rowCount), [UInt8](repeating: 9, count: rowCount))
        for row in Swift.stride(from: 0, to: rowCount, by: atOnce ?? rowCount) {
          costs.withUnsafeMutableBufferPointer { costs in
            right.withUnsafeMutableBufferPointer { right in
              kernels.finish(
                loss, sums: out.from(row: row),
                targets: wanted == nil ? .rows(targets.from(row: row)) : .classes(classes + row),
                deltas: deltas.from(row: row), scale: scale, smoothing: smoothing,
                rowCount: min(atOnce ?? rowCount, rowCount - row), outputCount: outputCount,
                costs: costs.baseAddress! + row, right: right.baseAddress! + row)
            }
          }
        }
        func rows(_ rows: RowsPointer<Scalar>) -> [[Scalar]] {
          (0..<rowCount).map { Array(rows.from(row: $0).elements(rowCount: 1)) }
        }
        // What stands behind the outputs is anybody's.
        let outputs = rows(out).map { Array($0.prefix(outputCount)) }
        results.append((outputs, rows(deltas), costs, right))
        return outputs.flatMap { $0 } + deltas.elements(rowCount: rowCount) + costs.map { Scalar($0) }
      }
      return results
    }
  }

  /// One row by the formulas, and how far from them the kernel may be.
  static func expected<Scalar: KernelScalar>(
    _ loss: KernelLoss, _ rows: Rows<Scalar>, _ row: Int
  ) -> (outputs: [Expected], deltas: [Expected], cost: Expected) {
    let share = BatchElementTests.share(Scalar.self)
    let z = rows.sums[row].map { Double($0) }
    let t = rows.targets[row].map { Double($0) * (1 - rows.smoothing) + rows.smoothing / Double(rows.outputCount) }
    let top = z.max() ?? 0
    let total = z.reduce(0) { $0 + exp($1 - top) }
    let a = z.map { loss == .categoricalCrossEntropy ? exp($0 - top) / total : 1 / (1 + exp(-$0)) }
    var (cost, magnitude) = (0.0, 1.0)
    var deltas: [Double] = []
    for k in z.indices {
      switch loss {
      case .article, .squaredError:
        cost += (a[k] - t[k]) * (a[k] - t[k])
        deltas.append(loss == .article ? a[k] - t[k] : 2 * (a[k] - t[k]) * a[k] * (1 - a[k]))
      case .binaryCrossEntropy:
        // -t log a - (1 - t) log(1 - a), with log a = -log(1 + exp(-z)) and log(1 - a) = -log(1 + exp(z)).
        cost += t[k] * softplus(-z[k]) + (1 - t[k]) * softplus(z[k])
        deltas.append(a[k] - t[k])
      case .categoricalCrossEntropy:
        cost -= t[k] * (z[k] - top - log(total))
        deltas.append(a[k] * t.reduce(0, +) - t[k])
      }
      magnitude += abs(z[k]) * (abs(t[k]) + 1)
    }
    let least = Double(Scalar.leastNormalMagnitude) * 100
    let outputs = zip(a, z).map { a, z in
      // The difference from the largest sum is rounded before it is an exponent.
      let exponent = loss == .categoricalCrossEntropy ? min(top - z, 1000) : 0
      return Expected(value: a, tolerance: a * share * (2 + exponent) + least)
    }
    return (
      outputs, deltas.map { Expected(value: $0 * rows.scale, tolerance: 4 * share) },
      Expected(value: cost, tolerance: magnitude * share)
    )
  }

  static func softplus(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }

  static func check<Scalar: KernelScalar>(_ loss: KernelLoss, _ rows: Rows<Scalar>) {
    let zeros = Scalar.paddedLength(rows.outputCount) - rows.outputCount
    let found = rows.finished(loss)
    if let classes = rows.classes {
      // Classes are short for the same targets.
      #expect(zip(found, rows.finished(loss, classes: classes)).allSatisfy { $0 == $1 })
    }
    for found in found {
      for row in rows.sums.indices {
        let expected = expected(loss, rows, row)
        #expect(deviation(of: found.outputs[row], from: expected.outputs) == nil)
        // 0 behind the outputs, to the row's end.
        let nothing = [Expected](repeating: Expected(value: 0, tolerance: 0), count: zeros)
        #expect(deviation(of: found.deltas[row], from: expected.deltas + nothing) == nil)
        #expect(deviation(of: [found.costs[row]], from: [expected.cost]) == nil)
        #expect(found.right[row] == (rows.isRight(row) ? 1 : 0))
      }
    }
  }

  /// Random sums, and for each row the class that is wanted.
  static func rows<Scalar: KernelScalar>(_ rowCount: Int, _ outputCount: Int, _: Scalar.Type) -> Rows<Scalar> {
    var source = SplittableRandomSource(seed: UInt64(outputCount))
    return Rows(
      sums: (0..<rowCount).map { _ in source.scalars(outputCount, in: -6...6) },
      targets: (0..<rowCount).map { _ in
        let wanted = Int(source.integer(through: UInt64(outputCount - 1)))
        return (0..<outputCount).map { $0 == wanted ? 1 : 0 }
      })
  }

  @Test("outputs, deltas and costs are those of the formulas, with and without smoothing", arguments: losses, [0, 0.1])
  func formulas(_ loss: KernelLoss, _ smoothing: Double) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      for outputCount in Array(1...20) + [32, 33, 40, 70] {
        var rows = Self.rows(5, outputCount, Scalar.self)
        rows.smoothing = smoothing
        Self.check(loss, rows)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("targets may be any numbers, also such that do not add up to 1", arguments: losses)
  func anyTargets(_ loss: KernelLoss) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 9)
      var rows = Self.rows(6, 5, Scalar.self)
      rows.targets = rows.targets.map { _ in source.scalars(5, in: 0...1) }
      Self.check(loss, rows)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("sums of 10,000 give finite costs, the formulas'", arguments: losses)
  func hugeSums(_ loss: KernelLoss) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      let sums: [[Scalar]] = [
        [1e4, -1e4, 0], [-1e4, -1e4, -1e4], [1e4, 1e4, 9990], [-1e4, 1e4, 1e4], [0, -1e4, 50],
      ]
      for wanted in 0..<3 {
        let targets: [Scalar] = (0..<3).map { $0 == wanted ? 1 : 0 }
        let rows = Rows(sums: sums, targets: sums.map { _ in targets })
        Self.check(loss, rows)
        for result in rows.finished(loss) {
          #expect(result.costs.allSatisfy { $0.isFinite && $0 >= 0 })
          #expect(result.outputs.joined().allSatisfy { $0 >= 0 && $0 <= 1 })
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a sum that is no number makes the cost none", arguments: losses)
  func notANumber(_ loss: KernelLoss) {
    for place in 0..<3 {
      var rows = Self.rows(2, 3, Float.self)
      rows.sums[0][place] = .nan
      for result in rows.finished(loss) { #expect(result.costs[0].isNaN && result.costs[1].isFinite) }
    }
  }

  @Test("a row comes out the same alone and among others", arguments: losses)
  func alone(_ loss: KernelLoss) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      let rows = Self.rows(9, 13, Scalar.self)
      let whole = rows.finished(loss)
      for atOnce in [1, 2, 4] {
        for (found, expected) in zip(rows.finished(loss, atOnce: atOnce), whole) { #expect(found == expected) }
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
