/// What a network is, all but its weights' values.
public struct NetworkForm: Hashable, Codable, Sendable {
  /// How units get their biases.
  public enum Biases: String, CaseIterable, Codable, Sendable {
    /// As in the article: a constant 1 is appended to the input, and each hidden layer has one more unit than its node
    /// count says, an ordinary one with weights of its own.
    case units
    /// As everywhere else: each unit of every layer has a bias, which is the weight of a constant 1 appended to the
    /// layer before; it stands in the last row of a weight matrix.
    case weights
  }

  /// The node counts of the layers.
  public var architecture: Architecture
  /// How units get their biases.
  public var biases: Biases
  /// What hidden units make of their sums.
  public var activation: Activation
  /// What output units make of their sums.
  public var outputActivation: OutputActivation
  /// The numbers that the weights are.
  public var precision: Precision

  /// A form; what is not given is the article's.
  public init(
    _ architecture: Architecture, biases: Biases = .units, activation: Activation = .sigmoid,
    outputActivation: OutputActivation = .sigmoid, precision: Precision = .float64
  ) {
    self.architecture = architecture
    self.biases = biases
    self.activation = activation
    self.outputActivation = outputActivation
    self.precision = precision
  }

  /// Whether it is the article's kind of network, whatever its size.
  public var isArticle: Bool { self == NetworkForm(architecture) }

  /// The shape of each weight matrix, `[inputs, outputs]`, with constants and extra units counted.
  public var weightShapes: [(inputs: Int, outputs: Int)] {
    switch biases {
    case .units: architecture.weightShapes
    case .weights:
      zip(architecture.nodeCounts, architecture.nodeCounts.dropFirst()).map { (inputs: $0 + 1, outputs: $1) }
    }
  }

  /// Whether a constant 1 is appended to what feeds a layer of weights, the first one being 0.
  func hasConstant(_ layer: Int) -> Bool { layer == 0 || biases == .weights }
}

/// What a hidden unit makes of the sum that enters it.
public enum Activation: String, CaseIterable, Codable, Sendable {
  /// 1 / (1 + exp(-x)), the article's.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// The rectified linear unit: the larger one of x and 0.
  case relu
}

/// What the output units make of their sums.
public enum OutputActivation: String, CaseIterable, Codable, Sendable {
  /// Each output on its own, 1 / (1 + exp(-x)).
  case sigmoid
  /// exp(x) over the sum of all outputs' exp(x): probabilities that add up to 1.
  case softmax
}

/// The floating-point numbers that a network's weights are, and are trained with.
public enum Precision: String, CaseIterable, Codable, Sendable {
  /// 32 bits, about 7 digits: half the memory and twice the speed.
  case float32
  /// 64 bits, about 16 digits: the article's.
  case float64
}
