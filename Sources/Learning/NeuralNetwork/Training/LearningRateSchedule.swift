#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// How the learning rate changes in the course of a training; all as in PyTorch.
public enum LearningRateSchedule: Hashable, Sendable {
  /// The same all the time.
  case constant
  /// Times `factor` after every so many epochs.
  case step(everyEpochs: Int, factor: Double)
  /// Down to 0 along half a cosine, from update to update.
  case cosine
  /// From a 25th of the rate up to it over the share `warmUp` of all updates, then down to a 250,000th of it, both along
  /// half a cosine (Smith and Topin, 2018).
  case oneCycle(warmUp: Double = 0.3)

  /// The schedules' names.
  public enum Name: String, CaseIterable, Codable, Sendable {
    /// ``LearningRateSchedule/constant``.
    case constant
    /// ``LearningRateSchedule/step(everyEpochs:factor:)``.
    case step
    /// ``LearningRateSchedule/cosine``.
    case cosine
    /// ``LearningRateSchedule/oneCycle(warmUp:)``.
    case oneCycle = "one-cycle"
  }

  /// The name.
  public var name: Name {
    switch self {
    case .constant: .constant
    case .step: .step
    case .cosine: .cosine
    case .oneCycle: .oneCycle
    }
  }

  /// What the learning rate is multiplied by for one update.
  ///
  /// - Parameters:
  ///   - update: the update's number in the whole training, counted from 0.
  ///   - updatesPerEpoch: how many updates an epoch has, at least 1.
  ///   - epochs: how many epochs the training has, at least 1.
  public func factor(update: Int, updatesPerEpoch: Int, epochs: Int) -> Double {
    // Not a whole number, which could overflow where somebody asks for epochs without end.
    let count = Double(updatesPerEpoch) * Double(epochs)
    switch self {
    case .constant:
      return 1
    case .step(let everyEpochs, let factor):
      return pow(factor, Double(update / updatesPerEpoch / everyEpochs))
    case .cosine:
      return Self.anneal(from: 1, to: 0, share: Double(update) / count)
    case .oneCycle(let warmUp):
      let (start, end) = (1.0 / 25, 1.0 / 25 / 1e4)
      // PyTorch's: the update at which the peak stands may lie between two.
      let peak = warmUp * count - 1
      let last = count - 1
      if Double(update) <= peak {
        return peak > 0 ? Self.anneal(from: start, to: 1, share: Double(update) / peak) : 1
      }
      return last > peak ? Self.anneal(from: 1, to: end, share: (Double(update) - peak) / (last - peak)) : 1
    }
  }

  /// From one value to another along half a cosine.
  private static func anneal(from start: Double, to end: Double, share: Double) -> Double {
    end + (start - end) / 2 * (1 + cos(Double.pi * share))
  }

  /// Whether its numbers are in range.
  var isValid: Bool {
    switch self {
    case .constant, .cosine: true
    case .step(let everyEpochs, let factor): everyEpochs >= 1 && factor > 0 && factor.isFinite
    case .oneCycle(let warmUp): warmUp > 0 && warmUp < 1
    }
  }
}

extension LearningRateSchedule: Codable {
  private enum CodingKeys: String, CodingKey { case name, everyEpochs, factor, warmUp }

  /// Writes the name and the numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    switch self {
    case .constant, .cosine: break
    case .step(let everyEpochs, let factor):
      try container.encode(everyEpochs, forKey: .everyEpochs)
      try container.encode(factor, forKey: .factor)
    case .oneCycle(let warmUp):
      try container.encode(warmUp, forKey: .warmUp)
    }
  }

  /// Reads what ``encode(to:)`` writes, and refuses numbers out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Name.self, forKey: .name) {
    case .constant: self = .constant
    case .cosine: self = .cosine
    case .step:
      self = .step(
        everyEpochs: try container.decode(Int.self, forKey: .everyEpochs),
        factor: try container.decode(Double.self, forKey: .factor))
    case .oneCycle: self = .oneCycle(warmUp: try container.decode(Double.self, forKey: .warmUp))
    }
    guard isValid else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "a number of the schedule is out of range")
    }
  }
}
