internal import DigitPreparation
internal import NeuralNetwork

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
