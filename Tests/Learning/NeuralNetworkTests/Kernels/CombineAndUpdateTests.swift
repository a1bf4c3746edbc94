import NeuralNetwork
import RandomSources
import Testing

/// Gradients by lists, and the update by them, in one.
@Suite struct CombineAndUpdateTests {
  static let rules: [KernelUpdate.Rule] = [
    .sgd, .momentum(0.9), .nesterov(0.8),
    .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 0.19, correction2: 0.001999),
    .adamW(beta1: 0.8, beta2: 0.99, epsilon: 1e-3, correction1: 0.36, correction2: 0.0199),
  ]

  /// A layer's weights and moments, panel after panel, and the gradients' deltas.
  struct Layer<Scalar: KernelScalar> {
    let panelCount: Int
    let panelStride: Int
    let width: Int
    let parts: [[Scalar]]
    let deltas: [Scalar]

    init(
      rowCount: Int, width: Int, panelCount: Int, gap: Int = 0, sampleCount: Int,
      using source: inout SplittableRandomSource
    ) {
      (self.width, self.panelCount) = (width, panelCount)
      let panelStride = rowCount * width + gap
      self.panelStride = panelStride
      parts = (0..<3).map { source.scalars(panelCount * panelStride, in: $0 == 2 ? 0...1 : -1...1) }
      deltas = source.scalars(sampleCount * panelCount * width)
    }

    /// Weights and moments after an update of some rows by lists, with the kernels of each instruction set.
    func updated<Lists: KernelLists<Scalar>>(
      by rule: KernelUpdate.Rule, rows range: Range<Int>, isInOne: Bool,
      lists makeLists: (BatchKernels<Scalar>, Workspace) -> Lists
    ) -> [[Scalar]] {
      let update = KernelUpdate(rule, rate: 0.3, decay: 0.02)
      return resultsInAllSets { kernels, workspace in
        let lists = makeLists(kernels, workspace)
        let memory = parts.map { workspace.rows($0, stride: panelStride) }
        let first = momentCount(rule) > 0 ? memory[1].start : nil
        let second = momentCount(rule) > 1 ? memory[2].start : nil
        let matrix = workspace.rows(deltas, stride: panelCount * width)
        if isInOne {
          kernels.combineAndUpdate(
            update, weights: memory[0].start, first: first, second: second, panelStride: panelStride, width: width,
            by: lists, range, matrix: matrix, columnCount: panelCount * width)
        } else {
          let gradients = workspace.untouchedRows(Scalar.self, rowCount: panelCount, stride: range.count * width)
          kernels.combine(
            lists, range, matrix: matrix, columnCount: panelCount * width,
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

    /// Whether an update in one is, bit for bit, combine and then an update, and changes something.
    func isSameInOne<Lists: KernelLists<Scalar>>(
      by rule: KernelUpdate.Rule, rows range: Range<Int>, lists: (BatchKernels<Scalar>, Workspace) -> Lists
    ) -> Bool {
      let inOne = updated(by: rule, rows: range, isInOne: true, lists: lists)
      let apart = updated(by: rule, rows: range, isInOne: false, lists: lists)
      return inOne.map(bits) == apart.map(bits) && bits(inOne[0]) != bits(parts.flatMap { $0 })
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
          let inputs: [[Scalar]] = (0..<7).map { row in
            // One list is empty.
            SegmentedListsTests.scalars(sampleCount, zeros: row == 3 ? 1 : 0.5, using: &source)
          }
          let layer = Layer<Scalar>(
            rowCount: inputs.count, width: width, panelCount: panelCount, gap: 16, sampleCount: sampleCount,
            using: &source)
          let isSame = layer.isSameInOne(by: rule, rows: 2..<6) { kernels, workspace in
            let lists = SparseLists<Scalar>(count: inputs.count, length: sampleCount, in: workspace)
            for (row, input) in inputs.enumerated() {
              lists.fill(row, from: workspace.rows(input, stride: 0).start, count: sampleCount, kernels)
            }
            return lists
          }
          #expect(isSame, "\(sampleCount) samples, panels of \(width)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("the same by lists of bytes, however they are scaled", arguments: rules, ByteListTests.scales)
  func bytes(_ rule: KernelUpdate.Rule, _ scale: ByteListTests.Scale) {
    func check<Scalar: KernelScalar>(_: Scalar.Type) {
      var source = SplittableRandomSource(seed: 9)
      let sampleCount = 61
      for panelCount in [1, 2, 3] {
        // One list is empty.
        let inputs = (0..<9).map { source.bytes(sampleCount, blank: scale.blank, share: $0 == 4 ? 1 : 0.6) }
        let layer = Layer<Scalar>(
          rowCount: inputs.count, width: Scalar.panelWidth, panelCount: panelCount, sampleCount: sampleCount,
          using: &source)
        let isSame = layer.isSameInOne(by: rule, rows: 1..<8) { kernels, workspace in
          let lists = ByteLists<Scalar>(
            count: inputs.count, length: sampleCount, scale: scale.byteScale(Scalar.self, in: workspace), in: workspace)
          for (row, input) in inputs.enumerated() { lists.fill(row, from: input, count: sampleCount, kernels) }
          return lists
        }
        #expect(isSame, "\(panelCount) panels")
      }
    }
    check(Float.self)
    check(Double.self)
  }
}

/// How many moments an optimizer has.
private func momentCount(_ rule: KernelUpdate.Rule) -> Int {
  switch rule {
  case .sgd: 0
  case .momentum, .nesterov: 1
  case .adam, .adamW: 2
  }
}
