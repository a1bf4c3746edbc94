/// The way from a batch of samples to the sums that enter the outputs.
///
/// With `a` the activations of a layer (for the first one the samples), and `W` the weights out of it, matrices of a row a
/// sample:
///
///     z = a · W,  a[next] = activation(z)
///
/// Each call does a rectangle of it, some samples and some panels of units, so that workers can share a layer.
///
/// Most of the units of a ReLU layer are 0 for a sample, as most of its pixels are. Where the next layer is a wide hidden one,
/// what is not 0 is listed first, and the rest is left out.
final class BatchForward<Scalar: KernelScalar> {
  /// The samples that there is room for.
  let capacity: Int
  let layers: [WeightPanels<Scalar>]
  let kernels: BatchKernels<Scalar>
  private let form: NetworkForm
  private let activation: KernelActivation
  private let workspace = Workspace()
  /// What each layer of weights leads to, `[capacity, padded units]`: activations; for the last one, sums. Where the next
  /// layer has a constant input it stands behind the units.
  let results: [RowsPointer<Scalar>]
  /// For each panel of the last hidden layer what it adds to the sums that enter the outputs, `[capacity, panels * padded
  /// outputs]`. The worker that has computed the panel's activations computes these sums too, so that
  /// no other core has to read the activations.
  private let outputParts: RowsPointer<Scalar>
  /// For each layer of weights what is not 0 in its input, sample by sample; nil where all of it is multiplied.
  private let activeUnits: [SegmentedLists<Scalar>?]

  init(
    _ form: NetworkForm, weights: [WeightPanels<Scalar>], capacity: Int, kernels: BatchKernels<Scalar>
  ) {
    self.form = form
    layers = weights
    self.kernels = kernels
    activation = form.activation.kernel
    self.capacity = capacity
    var results: [RowsPointer<Scalar>] = []
    for (layer, panels) in weights.enumerated() {
      let hasConstant = layer + 1 < weights.count && form.hasConstant(layer + 1)
      results.append(
        workspace.allocateRows(
          count: capacity, columnCount: max(panels.paddedOutputCount, panels.outputCount + (hasConstant ? 1 : 0))))
    }
    self.results = results
    let hiddenPanelCount = weights.count > 1 ? weights[weights.count - 2].panelCount : 0
    outputParts = workspace.allocateRows(
      count: capacity, columnCount: hiddenPanelCount * weights[weights.count - 1].paddedOutputCount)
    let workspace = workspace
    activeUnits = weights.enumerated().map { layer, panels in
      guard layer > 0, layer + 1 < weights.count, form.activation == .relu, panels.panelCount > 1 else { return nil }
      return SegmentedLists(
        rowCount: capacity, columnCount: panels.inputCount, width: panels.width, in: workspace)
    }
  }

  /// Whether a layer's input is listed before it is multiplied.
  func isListed(layer: Int) -> Bool { activeUnits[layer] != nil }

  /// Lists a layer's input for some samples, where it is listed. All units of the layer before have to be there.
  func list(layer: Int, places: Range<Int>) {
    guard let units = activeUnits[layer] else { return }
    for place in places {
      units.fill(
        place, isNext: place > places.lowerBound, from: results[layer - 1].from(row: place).start,
        count: units.columnCount, kernels)
    }
  }

  /// One layer, for some samples and panels of units; its input has been listed where it is to be. `input` is the first one's.
  func run(layer: Int, places: Range<Int>, panels: Range<Int>, input: BatchInput<Scalar>? = nil) {
    guard !places.isEmpty, !panels.isEmpty else { return }
    let weights = layers[layer]
    for panel in panels {
      let sums = results[layer].from(row: places.lowerBound, column: panel * weights.width)
      if let input {
        input.multiply(panel: weights[panel], width: weights.width, places: places, into: sums)
      } else if let units = activeUnits[layer] {
        kernels.combine(
          units, places, matrix: RowsPointer(weights[panel], stride: weights.width), columnCount: weights.width,
          into: sums, width: weights.width)
      } else {
        kernels.multiply(
          results[layer - 1].from(row: places.lowerBound), panel: weights[panel], width: weights.width,
          rowCount: places.count, depth: weights.inputCount, into: sums)
      }
    }
    guard layer + 1 < layers.count else { return }
    kernels.activate(
      activation, results[layer].from(row: places.lowerBound, column: panels.lowerBound * weights.width),
      rowCount: places.count, columnCount: panels.count * weights.width)
    writeConstant(layer: layer, places: places, panels: panels)
  }

  /// Puts the constant that enters the next layer behind a layer's units, if the last panel is among the panels.
  private func writeConstant(layer: Int, places: Range<Int>, panels: Range<Int>) {
    guard layer + 1 < layers.count, form.hasConstant(layer + 1), panels.upperBound == layers[layer].panelCount else {
      return
    }
    for place in places { results[layer].from(row: place, column: layers[layer].outputCount).start.pointee = 1 }
  }

  /// What some panels of the last hidden layer's units add to the sums that enter the outputs, for some samples.
  func addToOutputs(places: Range<Int>, panels: Range<Int>) {
    let columnCount = layers[layers.count - 1].paddedOutputCount
    for panel in panels {
      multiplyByOutputs(
        units: unitsBelow(panel: panel), places: places,
        into: outputParts.from(row: places.lowerBound, column: panel * columnCount))
    }
  }

  private func multiplyByOutputs(units: Range<Int>, places: Range<Int>, into sums: RowsPointer<Scalar>) {
    let weights = layers[layers.count - 1]
    for panel in 0..<weights.panelCount {
      kernels.multiply(
        results[layers.count - 2].from(row: places.lowerBound, column: units.lowerBound),
        panel: weights[panel] + units.lowerBound * weights.width, width: weights.width, rowCount: places.count,
        depth: units.count, into: sums.from(row: 0, column: panel * weights.width))
    }
  }

  /// The sums that enter the outputs, for some samples to which all panels have been added.
  func sumOutputs(places: Range<Int>) {
    let last = layers.count - 1
    let columnCount = layers[last].paddedOutputCount
    kernels.sumPanels(
      outputParts.from(row: places.lowerBound), panelCount: layers[last - 1].panelCount, panelStride: columnCount,
      rowCount: places.count, columnCount: columnCount, into: results[last].from(row: places.lowerBound))
  }

  /// The units of a panel of the last hidden layer, with the constant behind the last one.
  private func unitsBelow(panel: Int) -> Range<Int> {
    let hidden = layers[layers.count - 2]
    let end = panel + 1 == hidden.panelCount ? layers[layers.count - 1].inputCount : (panel + 1) * hidden.width
    return panel * hidden.width..<end
  }

  /// All layers for some samples.
  func run(places: Range<Int>, input: BatchInput<Scalar>) {
    let last = layers.count - 1
    for layer in 0..<max(last, 1) {
      list(layer: layer, places: places)
      run(layer: layer, places: places, panels: 0..<layers[layer].panelCount, input: layer == 0 ? input : nil)
    }
    guard last > 0 else { return }
    addToOutputs(places: places, panels: 0..<layers[last - 1].panelCount)
    sumOutputs(places: places)
  }
}

extension Activation {
  var kernel: KernelActivation {
    switch self {
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .relu: .relu
    }
  }
}

extension Loss {
  var kernel: KernelLoss {
    switch self {
    case .article: .article
    case .squaredError: .squaredError
    case .binaryCrossEntropy: .binaryCrossEntropy
    case .categoricalCrossEntropy: .categoricalCrossEntropy
    }
  }
}
