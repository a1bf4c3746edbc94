internal import DigitPreparation
internal import Experiments
internal import Foundation
internal import Matrices
internal import NeuralNetwork

/// The prediction of a model for one picture.
struct PictureAnswer {
  /// The picture's name on the command line.
  let file: String
  /// The network's input, and the preparation that produced this input.
  let digit: PreparedDigit
  /// The predicted class.
  let label: Int
  /// The name of the predicted class.
  let className: String
  /// The network's outputs, `[classCount]`.
  let outputs: [Double]
  let outputActivation: OutputActivation

  /// A picture's name on the command line, with the answer or the error that prevented an answer.
  typealias Named = (file: String, result: Result<PictureAnswer, CommandFailure>)

  /// Returns the answer or the failure for each picture, in the order of the pictures.
  ///
  /// If an output of the network is not a finite number, the class is undefined, and the result is a failure.
  ///
  /// - Parameters:
  ///   - digits: The prepared pictures. A picture that could not be read has a failure instead.
  ///   - model: The model that predicts the classes.
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

  /// All classes except the predicted class, in decreasing order of their outputs.
  private var runnersUp: [Int] {
    outputs.indices.filter { $0 != label }.sorted { (outputs[$1], $0) < (outputs[$0], $1) }
  }

  /// Returns one line with the predicted class, its output, the next two classes, and the preparation of the picture.
  func line(classNames: [String]) -> String {
    let kind = outputActivation == .softmax ? "probability" : "output"
    let next = runnersUp.prefix(2).map { "\(classNames[$0]) \(Self.short(outputs[$0]))" }
    return "\(file): \(className), \(kind) \(Self.short(outputs[label]))"
      + (next.isEmpty ? "" : "; then " + next.joined(separator: ", ")) + " (\(digit.treatment.summary))"
  }

  /// Returns an output with three decimals. An output below 0.001 gets two significant digits instead.
  private static func short(_ value: Double) -> String {
    if !value.isFinite { return "\(value)" }
    return value >= 0.001 || value == 0 ? String(format: "%.3f", value) : String(format: "%.1e", value)
  }
}

extension PreparedDigit.Treatment {
  /// A short description of the picture's preparation.
  var summary: String {
    switch self {
    case .taken(let enlargement):
      return enlargement == 1 ? "used as it is" : "used as it is, reduced \(enlargement) times"
    case .prepared(let preparation):
      func whole(_ value: Double) -> Int { Int(value.rounded()) }
      let box = preparation.box
      return "\(preparation.polarity.rawValue) ink, \(whole(box.width))x\(whole(box.height)) at "
        + "\(whole(box.x)),\(whole(box.y))\(preparation.isPaperUneven ? " on uneven paper" : "")"
    }
  }
}

/// The JSON object that `mnist-predict --json` writes for a picture.
enum PictureRecord: Encodable {
  case answer(PictureAnswer)
  /// The error that prevented an answer.
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

/// The JSON object for a picture's preparation.
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
