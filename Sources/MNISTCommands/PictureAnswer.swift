internal import DigitPreparation
internal import Matrices
internal import NeuralNetwork

/// What a model says of a picture.
struct PictureAnswer {
  /// The picture's name on the command line.
  let file: String
  let digit: PreparedDigit
  /// The class that is named.
  let label: Int
  let className: String
  /// The network's outputs, `[classCount]`.
  let outputs: [Double]
  let outputActivation: OutputActivation

  /// The model's answers to some digits, in their order.
  static func answers(
    to digits: [(file: String, digit: PreparedDigit)], by model: TrainedModel
  ) throws -> [PictureAnswer] {
    guard !digits.isEmpty else { return [] }
    let pixels = digits.flatMap { $0.digit.pixels }
    let outcomes = try model.outcomes(for: pixels)
    return zip(digits, outcomes.classes).enumerated().map { row, answer in
      let (digit, label) = answer
      return PictureAnswer(
        file: digit.file, digit: digit.digit, label: label, className: model.classNames[label],
        outputs: outcomes.outputs.row(row), outputActivation: model.network.form.outputActivation)
    }
  }

  /// The classes behind the first, by falling output.
  private var runnersUp: [Int] {
    outputs.indices.filter { $0 != label }.sorted { (outputs[$1], $0) < (outputs[$0], $1) }
  }

  /// One line: the class, how sure the network is, and what comes next.
  func line(classNames: [String]) -> String {
    let kind = outputActivation == .softmax ? "probability" : "output"
    let next = runnersUp.prefix(2).map { "\(classNames[$0]) \(NumberText.short(outputs[$0]))" }
    return "\(file): \(className), \(kind) \(NumberText.short(outputs[label]))"
      + (next.isEmpty ? "" : "; then " + next.joined(separator: ", ")) + " (\(digit.treatment.summary))"
  }
}

extension PreparedDigit.Treatment {
  /// What was done, in a few words.
  var summary: String {
    switch self {
    case .taken(let enlargement):
      return enlargement == 1 ? "taken as it is" : "taken as it is, enlarged \(enlargement) times"
    case .prepared(let preparation):
      func whole(_ value: Double) -> Int { Int(value.rounded()) }
      let box = preparation.box
      return "\(preparation.polarity.rawValue) ink, \(whole(box.width))x\(whole(box.height)) at "
        + "\(whole(box.x)),\(whole(box.y))\(preparation.isPaperUneven ? " on uneven paper" : "")"
    }
  }
}
