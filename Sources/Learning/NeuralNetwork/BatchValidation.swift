internal import Workers

/// The validation part of a training, and the network as it is.
struct BatchValidation<Scalar: KernelScalar> {
  private let evaluation: BatchEvaluation<Scalar>
  private let targets: Targets
  private let settings: TrainingSettings

  /// Nil where there is no validation part.
  init?(
    _ form: NetworkForm, weights: [WeightPanels<Scalar>], _ memory: SampleMemory?, targets: Targets?,
    settings: TrainingSettings, pool: WorkerPool, kernels: BatchKernels<Scalar>
  ) {
    guard let memory, let targets else { return nil }
    evaluation = BatchEvaluation(form, weights: weights, memory: memory, pool: pool, kernels: kernels)
    (self.targets, self.settings) = (targets, settings)
  }

  /// The network's cost and accuracy.
  var costAndAccuracy: CostAndAccuracy {
    evaluation.costAndAccuracy(settings.loss, targets: targets, smoothing: settings.labelSmoothing)
  }
}
