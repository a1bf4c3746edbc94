public import ArgumentParser
public import NeuralNetwork

/// The options that say how the learning rate changes.
struct ScheduleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the learning rate changes. (default: by preset)",
      discussion: """
        step: by --step-factor after every --step-epochs; cosine: down to 0; one-cycle: up from a 25th, then down to \
        nearly 0.
        """))
  var learningRateSchedule: LearningRateSchedule.Name?

  @Option(
    parsing: .unconditional, help: "How many epochs a step of the learning rate lasts; only with step, which needs it.")
  var stepEpochs: Int?

  @Option(
    parsing: .unconditional,
    help: "What a step multiplies the learning rate by; only with step. (default: \(Self.usualStepFactor))")
  var stepFactor: Double?

  @Option(
    parsing: .unconditional,
    help:
      "The share of the training in which the learning rate rises; only with one-cycle. (default: by preset, else 0.3)")
  var warmUp: Double?

  /// PyTorch's.
  private static let usualStepFactor = 0.1

  /// The schedule that these options and a preset make.
  ///
  /// - Throws: where an option contradicts another one or the preset, or is out of its range.
  func schedule(over preset: LearningRateSchedule) throws(ValidationError) -> LearningRateSchedule {
    let name = learningRateSchedule ?? preset.name
    func expect(_ kind: LearningRateSchedule.Name, for option: String, _ isGiven: Bool) throws(ValidationError) {
      guard isGiven, name != kind else { return }
      throw ValidationError("\(option) goes with --learning-rate-schedule \(kind.rawValue), not with \(name.rawValue)")
    }
    try expect(.step, for: "--step-epochs", stepEpochs != nil)
    try expect(.step, for: "--step-factor", stepFactor != nil)
    try expect(.oneCycle, for: "--warm-up", warmUp != nil)
    switch name {
    case .constant: return .constant
    case .cosine: return .cosine
    case .step:
      guard let stepEpochs else { throw ValidationError("--learning-rate-schedule step needs --step-epochs") }
      guard stepEpochs >= 1 else { throw ValidationError("--step-epochs is \(stepEpochs), expected at least 1") }
      let factor = stepFactor ?? Self.usualStepFactor
      guard factor > 0, factor.isFinite else {
        throw ValidationError("--step-factor is \(factor), expected a finite number above 0")
      }
      return .step(everyEpochs: stepEpochs, factor: factor)
    case .oneCycle:
      guard let warmUp else { return name == preset.name ? preset : .oneCycle() }
      guard warmUp > 0, warmUp < 1 else { throw ValidationError("--warm-up is \(warmUp), expected between 0 and 1") }
      return .oneCycle(warmUp: warmUp)
    }
  }
}

extension LearningRateSchedule.Name: ExpressibleByArgument {}
