internal import DigitPreparation
internal import Experiments
internal import Foundation
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

  /// A picture's name, and the answer or why there is none.
  typealias Named = (file: String, result: Result<PictureAnswer, CommandFailure>)

  /// Returns a model's answers to the pictures that could be read, and the others' failures, in the pictures' order.
  ///
  /// Outputs that are not finite numbers are a failure, because no class follows from them.
  static func results(
    for digits: [(file: String, result: Result<PreparedDigit, CommandFailure>)], by model: TrainedModel
  ) throws -> [Named] {
    let readable = digits.compactMap { try? $0.result.get() }
    let outputsAndClasses = try model.outputsAndClasses(for: readable.flatMap(\.pixels))
    var row = 0
    return digits.map { file, result in
      (
        file,
        result.flatMap { digit in
          defer { row += 1 }
          let outputs = outputsAndClasses.outputs.row(row)
          if let wrong = outputs.firstIndex(where: { !$0.isFinite }) {
            return .failure(
              CommandFailure(
                .badData,
                "\(file): the model's output for the class \(model.classNames[wrong]) is \(outputs[wrong]), expected a "
                  + "finite number"))
          }
          let label = outputsAndClasses.classes[row]
          return .success(
            PictureAnswer(
              file: file, digit: digit, label: label, className: model.classNames[label], outputs: outputs,
              outputActivation: model.network.form.outputActivation))
        }
      )
    }
  }

  /// The classes behind the first, by falling output.
  private var runnersUp: [Int] {
    outputs.indices.filter { $0 != label }.sorted { (outputs[$1], $0) < (outputs[$0], $1) }
  }

  /// One line: the class, how sure the network is, and what comes next.
  func line(classNames: [String]) -> String {
    let kind = outputActivation == .softmax ? "probability" : "output"
    let next = runnersUp.prefix(2).map { "\(classNames[$0]) \(Self.short(outputs[$0]))" }
    return "\(file): \(className), \(kind) \(Self.short(outputs[label]))"
      + (next.isEmpty ? "" : "; then " + next.joined(separator: ", ")) + " (\(digit.treatment.summary))"
  }

  /// A number from 0 to 1 with three digits behind the point; with two that count where it is smaller than that shows.
  private static func short(_ value: Double) -> String {
    if !value.isFinite { return "\(value)" }
    return value >= 0.001 || value == 0 ? String(format: "%.3f", value) : String(format: "%.1e", value)
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

/// What `mnist-predict --json` says of a picture.
enum PictureRecord: Encodable {
  case answer(PictureAnswer)
  /// Why there is no answer.
  case failure(file: String, CommandFailure)

  private enum Key: String, CodingKey {
    case file, `class`, className, outputKind, outputs, preparation, error
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .failure(let file, let failure):
      try container.encode(file, forKey: .file)
      try container.encode(failure.message, forKey: .error)
    case .answer(let answer):
      try container.encode(answer.file, forKey: .file)
      try container.encode(answer.label, forKey: .class)
      try container.encode(answer.className, forKey: .className)
      try container.encode(
        answer.outputActivation == .softmax ? "probabilities" : "independent", forKey: .outputKind)
      try container.encode(answer.outputs, forKey: .outputs)
      try container.encode(TreatmentRecord(answer.digit.treatment), forKey: .preparation)
    }
  }
}

/// What was done to a picture, as JSON has it.
private struct TreatmentRecord: Encodable {
  var treatment: String
  var enlargement: Int?
  var ink: InkPolarity?
  var hasUnevenPaper: Bool?
  var box: PixelBox?
  var place: PixelBox?
  var speckCount: Int?

  init(_ treatment: PreparedDigit.Treatment) {
    switch treatment {
    case .taken(let factor):
      self.treatment = "as-is"
      enlargement = factor
    case .prepared(let preparation):
      self.treatment = "prepared"
      ink = preparation.polarity
      hasUnevenPaper = preparation.isPaperUneven
      box = preparation.box
      place = preparation.place
      speckCount = preparation.speckCount
    }
  }
}
