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
