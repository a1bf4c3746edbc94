internal import Matrices

/// The way from a batch of samples to the sums that enter the outputs.
///
/// With `a` the activations of a layer (for the first one the samples), and `W` the weights out of it, matrices of a row a
/// sample:
///
///     z = a · W,  a[next] = activation(z)
///
/// Each call does a rectangle of it, some samples and some panels of units, so that workers can share a layer.
///
/// Most of the units of a ReLU layer are 0 for a sample, as most of its pixels are. Where the next layer is wide, what is not
/// 0 is listed first, and the rest is left out.
final class BatchForward<Scalar: KernelScalar> {
  /// The batch under way.
  private(set) var input: BatchInput<Scalar>
  /// Room for the next one, which is loaded meanwhile.
  private(set) var nextInput: BatchInput<Scalar>
  let layers: [WeightPanels<Scalar>]
  let kernels: BatchKernels<Scalar>
  private let form: NetworkForm
  private let activation: KernelActivation
  private let workspace = Workspace()
  /// What each layer of weights leads to, `[capacity, padded units]`: activations; for the last one, sums. Where the next
  /// layer has a constant input it stands behind the units.
  let results: [RowsPointer<Scalar>]
  /// For each layer of weights what is not 0 in its input, sample by sample; nil where all of it is multiplied.
  private let activeUnits: [SegmentedLists<Scalar>?]

  init(
    _ form: NetworkForm, weights: [WeightPanels<Scalar>], memory: SampleMemory, capacity: Int,
    loadsAhead: Bool = false, kernels: BatchKernels<Scalar>
  ) {
    self.form = form
    layers = weights
    self.kernels = kernels
    activation = form.activation.kernel
    input = BatchInput(memory, capacity: capacity, kernels: kernels, in: workspace)
    nextInput = loadsAhead ? BatchInput(memory, capacity: capacity, kernels: kernels, in: workspace) : input
    var results: [RowsPointer<Scalar>] = []
    for (layer, panels) in weights.enumerated() {
      let hasConstant = layer + 1 < weights.count && form.hasConstant(layer + 1)
      results.append(
        workspace.allocateRows(
          count: capacity, columnCount: max(panels.paddedOutputCount, panels.outputCount + (hasConstant ? 1 : 0))))
    }
    self.results = results
    let workspace = workspace
    activeUnits = weights.enumerated().map { layer, panels in
      guard layer > 0, form.activation == .relu, panels.panelCount > 1 else { return nil }
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
      units.fill(place, from: results[layer - 1].from(row: place).start, count: units.columnCount, kernels)
    }
  }

  /// Makes the next batch the one under way.
  func advance() { swap(&input, &nextInput) }

  /// One layer, for some samples and panels of units; its input has been listed where it is to be.
  func run(layer: Int, places: Range<Int>, panels: Range<Int>) {
    guard !places.isEmpty, !panels.isEmpty else { return }
    let weights = layers[layer]
    for panel in panels {
      let sums = results[layer].from(row: places.lowerBound, column: panel * weights.width)
      if layer == 0 {
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
    if form.hasConstant(layer + 1), panels.upperBound == weights.panelCount {
      for place in places { results[layer].from(row: place, column: weights.outputCount).start.pointee = 1 }
    }
  }

  /// All layers for some samples.
  func run(places: Range<Int>) {
    for layer in layers.indices {
      list(layer: layer, places: places)
      run(layer: layer, places: places, panels: 0..<layers[layer].panelCount)
    }
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
