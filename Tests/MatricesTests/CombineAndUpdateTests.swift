import Matrices
import RandomSources
import Testing

/// Gradients by lists, and the update by them, in one.
@Suite struct CombineAndUpdateTests {
  static let rules: [KernelUpdate.Rule] = [
    .sgd, .momentum(0.9), .nesterov(0.8),
    .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 0.19, correction2: 0.001999),
    .adamW(beta1: 0.8, beta2: 0.99, epsilon: 1e-3, correction1: 0.36, correction2: 0.0199),
  ]

  /// How many moments an optimizer has.
  static func momentCount(_ rule: KernelUpdate.Rule) -> Int {
    switch rule {
    case .sgd: 0
    case .momentum, .nesterov: 1
    case .adam, .adamW: 2
    }
  }

  @Test(
    "an update by lists is, bit for bit, combine and then an update, and leaves other rows as they were",
    arguments: rules, [1, 2, 3])
  func bothInOne(_ rule: KernelUpdate.Rule, panelCount: Int) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      for width in [Scalar.panelWidth / 2, Scalar.panelWidth] {
        for sampleCount in [1, 4, 61] {
          var source = SplittableRandomSource(seed: UInt64(sampleCount))
          let (rowCount, range, columnCount) = (7, 2..<6, panelCount * width)
          let inputs: [[Scalar]] = (0..<rowCount).map { row in
            // One list is empty.
            SegmentedListsTests.scalars(sampleCount, zeros: row == 3 ? 1 : 0.5, using: &source)
          }
          let deltas: [Scalar] = source.scalars(sampleCount * columnCount)
          // Weights and moments, panel after panel, with a gap between the panels.
          let panelStride = rowCount * width + 16
          let parts: [[Scalar]] = (0..<3).map { part in
            source.scalars(panelCount * panelStride, in: part == 2 ? 0...1 : -1...1)
          }
          let update = KernelUpdate(rule, rate: 0.3, decay: 0.02)
          func results(isInOne: Bool) -> [[Scalar]] {
            resultsInAllSets { kernels, workspace in
              let lists = SparseLists<Scalar>(count: rowCount, length: sampleCount, in: workspace)
              for row in 0..<rowCount {
                lists.fill(row, from: workspace.rows(inputs[row], stride: 0).start, count: sampleCount, kernels)
              }
              let memory = parts.map { workspace.rows($0, stride: panelStride) }
              let first = Self.momentCount(rule) > 0 ? memory[1].start : nil
              let second = Self.momentCount(rule) > 1 ? memory[2].start : nil
              let matrix = workspace.rows(deltas, stride: columnCount)
              if isInOne {
                kernels.combineAndUpdate(
                  update, weights: memory[0].start, first: first, second: second, panelStride: panelStride,
                  width: width, by: lists, range, matrix: matrix, columnCount: columnCount)
              } else {
                let gradients = workspace.untouchedRows(
                  Scalar.self, rowCount: panelCount, stride: range.count * width)
                kernels.combine(
                  lists, range, matrix: matrix, columnCount: columnCount,
                  into: RowsPointer(gradients.start, stride: width), panelStride: gradients.stride, width: width)
                for panel in 0..<panelCount {
                  let offset = panel * panelStride + range.lowerBound * width
                  kernels.update(
                    update, weights: memory[0].start + offset, first: first.map { $0 + offset },
                    second: second.map { $0 + offset }, gradients: gradients.from(row: panel).start,
                    count: range.count * width)
                }
              }
              return memory.flatMap { $0.elements(rowCount: panelCount) }
            }
          }
          let (inOne, apart) = (results(isInOne: true), results(isInOne: false))
          #expect(inOne.map(bits) == apart.map(bits), "\(sampleCount) samples, panels of \(width)")
          #expect(bits(inOne[0]) != bits(parts.flatMap { $0 }))
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "an update by lists of bytes is, bit for bit, combine and then an update, however bytes are scaled",
    arguments: rules,
    ByteListTests.scales)
  func bytes(_ rule: KernelUpdate.Rule, _ scale: ByteListTests.Scale) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 9)
      for panelCount in [1, 2, 3] {
        let (rowCount, range, width, sampleCount) = (9, 1..<8, Scalar.panelWidth, 61)
        let columnCount = panelCount * width
        // One list is empty.
        let inputs = (0..<rowCount).map { source.bytes(sampleCount, blank: scale.blank, share: $0 == 4 ? 1 : 0.6) }
        let deltas: [Scalar] = source.scalars(sampleCount * columnCount)
        let panelStride = rowCount * width
        let parts: [[Scalar]] = (0..<3).map { source.scalars(panelCount * panelStride, in: $0 == 2 ? 0...1 : -1...1) }
        let update = KernelUpdate(rule, rate: 0.3, decay: 0.02)
        func results(isInOne: Bool) -> [[Scalar]] {
          resultsInAllSets { kernels, workspace in
            let lists = ByteLists<Scalar>(
              count: rowCount, length: sampleCount, scale: scale.byteScale(Scalar.self, in: workspace), in: workspace)
            for row in 0..<rowCount { lists.fill(row, from: inputs[row], count: sampleCount, kernels) }
            let memory = parts.map { workspace.rows($0, stride: panelStride) }
            let first = Self.momentCount(rule) > 0 ? memory[1].start : nil
            let second = Self.momentCount(rule) > 1 ? memory[2].start : nil
            let matrix = workspace.rows(deltas, stride: columnCount)
            if isInOne {
              kernels.combineAndUpdate(
                update, weights: memory[0].start, first: first, second: second, panelStride: panelStride, width: width,
                by: lists, range, matrix: matrix, columnCount: columnCount)
            } else {
              let gradients = workspace.untouchedRows(Scalar.self, rowCount: panelCount, stride: range.count * width)
              kernels.combine(
                lists, range, matrix: matrix, columnCount: columnCount,
                into: RowsPointer(gradients.start, stride: width), panelStride: gradients.stride, width: width)
              for panel in 0..<panelCount {
                let offset = panel * panelStride + range.lowerBound * width
                kernels.update(
                  update, weights: memory[0].start + offset, first: first.map { $0 + offset },
                  second: second.map { $0 + offset }, gradients: gradients.from(row: panel).start,
                  count: range.count * width)
              }
            }
            return memory.flatMap { $0.elements(rowCount: panelCount) }
          }
        }
        let (inOne, apart) = (results(isInOne: true), results(isInOne: false))
        #expect(inOne.map(bits) == apart.map(bits), "\(panelCount) panels")
        #expect(bits(inOne[0]) != bits(parts.flatMap { $0 }))
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
