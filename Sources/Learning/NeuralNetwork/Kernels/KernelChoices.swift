public import CKernels

// What the kernels are told; the names that users know are those of NeuralNetwork.

/// A hidden layer's activation.
@usableFromInline
package enum KernelActivation: Sendable {
  case sigmoid, tanh, relu

  @inlinable
  package var tag: mnist_activation {
    switch self {
    case .sigmoid: MNIST_SIGMOID
    case .tanh: MNIST_TANH
    case .relu: MNIST_RELU
    }
  }
}

/// A loss with its output activation.
@usableFromInline
package enum KernelLoss: Sendable {
  case article, squaredError, binaryCrossEntropy, categoricalCrossEntropy

  @inlinable
  package var tag: mnist_loss {
    switch self {
    case .article: MNIST_LOSS_ARTICLE
    case .squaredError: MNIST_LOSS_SQUARED_ERROR
    case .binaryCrossEntropy: MNIST_LOSS_BINARY_CROSS_ENTROPY
    case .categoricalCrossEntropy: MNIST_LOSS_CATEGORICAL_CROSS_ENTROPY
    }
  }
}

/// What is wanted of the outputs of some samples.
@usableFromInline
package enum KernelTargets<Scalar: KernelScalar> {
  /// Numbers for all outputs, a row for each sample.
  case rows(RowsPointer<Scalar>)
  /// For each sample 1 for its class, and 0 for the others.
  case classes(UnsafePointer<UInt16>)

  @inlinable
  package var tag: mnist_targets {
    switch self {
    case .rows(let rows): mnist_targets(rows: rows.start, row: rows.stride, classes: nil)
    case .classes(let classes): mnist_targets(rows: nil, row: 0, classes: classes)
    }
  }
}

/// One update's numbers.
@usableFromInline
package struct KernelUpdate: Sendable {
  /// The rule by which gradients change weights.
  @usableFromInline
  package enum Rule: Sendable {
    case sgd
    case momentum(Double)
    case nesterov(Double)
    /// The corrections are 1 - beta^step.
    case adam(beta1: Double, beta2: Double, epsilon: Double, correction1: Double, correction2: Double)
    case adamW(beta1: Double, beta2: Double, epsilon: Double, correction1: Double, correction2: Double)
  }

  @usableFromInline
  package var rule: Rule
  @usableFromInline
  package var rate: Double
  @usableFromInline
  package var decay: Double
  package init(_ rule: Rule, rate: Double, decay: Double) {
    self.rule = rule
    self.rate = rate
    self.decay = decay
  }

  @inlinable
  package var tag: mnist_update {
    var tag = mnist_update()
    tag.rate = rate
    tag.decay = decay
    (tag.correction1, tag.correction2) = (1, 1)
    switch rule {
    case .sgd:
      tag.optimizer = MNIST_SGD
    case .momentum(let momentum):
      (tag.optimizer, tag.momentum) = (MNIST_MOMENTUM, momentum)
    case .nesterov(let momentum):
      (tag.optimizer, tag.momentum) = (MNIST_NESTEROV, momentum)
    case .adam(let beta1, let beta2, let epsilon, let correction1, let correction2):
      tag.optimizer = MNIST_ADAM
      (tag.beta1, tag.beta2, tag.epsilon, tag.correction1, tag.correction2) =
        (beta1, beta2, epsilon, correction1, correction2)
    case .adamW(let beta1, let beta2, let epsilon, let correction1, let correction2):
      tag.optimizer = MNIST_ADAMW
      (tag.beta1, tag.beta2, tag.epsilon, tag.correction1, tag.correction2) =
        (beta1, beta2, epsilon, correction1, correction2)
    }
    return tag
  }
}
