/// How a gradient `g` changes a weight `w`, with the learning rate `r`; all as in PyTorch.
///
/// `BatchUpdate` applies it to the weights, by the arithmetic in `CKernels/batch_updates.inc`. The article's own update is in `Article/SampleStep.swift`.
public enum Optimizer: Hashable, Sendable {
  /// w -= r g.
  case sgd
  /// v = momentum v + g; w -= r v.
  case momentum(Double)
  /// v = momentum v + g; w -= r (g + momentum v).
  case nesterov(Double)
  /// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; w -= r m' / (sqrt(v') + epsilon), where m' and v' are m and
  /// v over 1 - beta1^step and 1 - beta2^step (Kingma and Ba, 2015).
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  /// ``adam(beta1:beta2:epsilon:)`` with the weight decay taken from the weight itself and not added to the gradient
  /// (Loshchilov and Hutter, 2019).
  case adamW(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)

  /// The optimizers' names.
  public enum Name: String, CaseIterable, Codable, Sendable {
    /// ``Optimizer/sgd``.
    case sgd
    /// ``Optimizer/momentum(_:)``.
    case momentum
    /// ``Optimizer/nesterov(_:)``.
    case nesterov
    /// ``Optimizer/adam(beta1:beta2:epsilon:)``.
    case adam
    /// ``Optimizer/adamW(beta1:beta2:epsilon:)``.
    case adamW = "adamw"
  }

  /// The name.
  public var name: Name {
    switch self {
    case .sgd: .sgd
    case .momentum: .momentum
    case .nesterov: .nesterov
    case .adam: .adam
    case .adamW: .adamW
    }
  }

  /// The optimizer of a name, with the usual constants where none are given.
  ///
  /// - Parameters:
  ///   - name: which one.
  ///   - momentum: for ``momentum(_:)`` and ``nesterov(_:)``.
  public init(_ name: Name, momentum: Double = 0.9) {
    self =
      switch name {
      case .sgd: .sgd
      case .momentum: .momentum(momentum)
      case .nesterov: .nesterov(momentum)
      case .adam: .adam()
      case .adamW: .adamW()
      }
  }

  /// The momentum; nil for an optimizer without one.
  public var momentum: Double? {
    switch self {
    case .momentum(let momentum), .nesterov(let momentum): momentum
    case .sgd, .adam, .adamW: nil
    }
  }

  /// Whether it gives each weight a step of its own size: Adam and AdamW.
  public var isAdaptive: Bool { stateCount == 2 }

  /// How many numbers it keeps for each weight.
  public var stateCount: Int {
    switch self {
    case .sgd: 0
    case .momentum, .nesterov: 1
    case .adam, .adamW: 2
    }
  }

  /// Whether its constants are in range: momentum and betas from 0 to below 1, epsilon above 0.
  var isValid: Bool {
    switch self {
    case .sgd: true
    case .momentum(let momentum), .nesterov(let momentum): momentum >= 0 && momentum < 1
    case .adam(let beta1, let beta2, let epsilon), .adamW(let beta1, let beta2, let epsilon):
      beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && epsilon.isFinite
    }
  }
}

extension Optimizer: Codable {
  private enum CodingKeys: String, CodingKey { case name, momentum, beta1, beta2, epsilon }

  /// Writes the name and the constants.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    switch self {
    case .sgd: break
    case .momentum(let momentum), .nesterov(let momentum): try container.encode(momentum, forKey: .momentum)
    case .adam(let beta1, let beta2, let epsilon), .adamW(let beta1, let beta2, let epsilon):
      try container.encode(beta1, forKey: .beta1)
      try container.encode(beta2, forKey: .beta2)
      try container.encode(epsilon, forKey: .epsilon)
    }
  }

  /// Reads what ``encode(to:)`` writes, and refuses constants out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func number(_ key: CodingKeys) throws -> Double { try container.decode(Double.self, forKey: key) }
    switch try container.decode(Name.self, forKey: .name) {
    case .sgd: self = .sgd
    case .momentum: self = .momentum(try number(.momentum))
    case .nesterov: self = .nesterov(try number(.momentum))
    case .adam: self = .adam(beta1: try number(.beta1), beta2: try number(.beta2), epsilon: try number(.epsilon))
    case .adamW: self = .adamW(beta1: try number(.beta1), beta2: try number(.beta2), epsilon: try number(.epsilon))
    }
    guard isValid else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "a constant of the optimizer is out of range")
    }
  }
}

extension Optimizer {
  /// One update of the weights, as the kernels are told of it.
  ///
  /// - Parameters:
  ///   - step: the update's number, from 1 on.
  func update(learningRate: Double, weightDecay: Double, step: Int) -> KernelUpdate {
    func correction(_ beta: Double) -> Double { 1 - power(beta, step) }
    let rule: KernelUpdate.Rule =
      switch self {
      case .sgd: .sgd
      case .momentum(let momentum): .momentum(momentum)
      case .nesterov(let momentum): .nesterov(momentum)
      case .adam(let beta1, let beta2, let epsilon):
        .adam(
          beta1: beta1, beta2: beta2, epsilon: epsilon, correction1: correction(beta1), correction2: correction(beta2))
      case .adamW(let beta1, let beta2, let epsilon):
        .adamW(
          beta1: beta1, beta2: beta2, epsilon: epsilon, correction1: correction(beta1), correction2: correction(beta2))
      }
    return KernelUpdate(rule, rate: learningRate, decay: weightDecay)
  }

  /// base^exponent by squaring: the same bits on every system, unlike the C library's.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
