internal import NeuralNetwork

/// The tables of a run folder as CSV: numbers at full precision, a comma between them, a line feed behind each line.
enum TextTables {
  static let predictionColumns = ["index", "actual", "predicted", "confidence"]
  /// Behind them; earlier versions' files lack it, and it is empty where the loss is no finite number.
  static let lossColumn = "loss"

  static func history(_ history: TrainingHistory, hasValidation: Bool) -> String {
    var text =
      "epoch,cost,seconds,accuracy,learning_rate" + (hasValidation ? ",validation_cost,validation_accuracy" : "")
    text += "\n"
    for epoch in history.epochs {
      var cells = [epoch.cost, epoch.seconds, epoch.training.accuracy, epoch.learningRate]
      if let validation = epoch.validation { cells += [validation.cost, validation.accuracy] }
      text += "\(epoch.epoch)," + cells.map { "\($0)" }.joined(separator: ",") + "\n"
    }
    return text
  }

  static func predictions(_ predictions: [Prediction]) -> String {
    (predictionColumns + [lossColumn]).joined(separator: ",") + "\n"
      + predictions.map {
        "\($0.index),\($0.actual),\($0.predicted),\($0.confidence),\($0.loss.map { "\($0)" } ?? "")\n"
      }.joined()
  }

  /// Reads predictions. Further columns behind the known ones are passed over.
  ///
  /// - Parameters:
  ///   - text: the file's content.
  ///   - indices: the samples that must be predicted, each once, in any order.
  ///   - labels: those of the data set, which the actual classes must equal.
  ///   - classCount: what predicted classes must be below.
  static func parsePredictions(
    _ text: String, of indices: [Int], labels: [UInt8], classCount: Int
  ) throws(CommandFailure) -> [Prediction] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    func failure(_ line: Int, _ expected: String, _ found: some StringProtocol) -> CommandFailure {
      CommandFailure(.badData, "line \(line): expected \(expected), found \"\(found.prefix(60))\"")
    }
    guard lines.last?.isEmpty == true else {
      throw failure(lines.count, "a line feed behind the last line", lines.last ?? "")
    }
    lines.removeLast()
    let header = predictionColumns.joined(separator: ",")
    guard let first = lines.first, first == header || first.hasPrefix(header + ",") else {
      throw failure(1, "the columns \(header)", lines.first ?? "")
    }
    let hasLoss = first == header + "," + lossColumn || first.hasPrefix(header + "," + lossColumn + ",")
    var missing = Set(indices)
    var predictions: [Prediction] = []
    predictions.reserveCapacity(indices.count)
    for (offset, line) in lines.enumerated().dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count >= 4, let index = Int(cells[0]), let actual = Int(cells[1]), let predicted = Int(cells[2]),
        let confidence = Double(cells[3])
      else { throw failure(offset + 1, "an index, two classes and a confidence", line) }
      guard missing.remove(index) != nil else {
        throw failure(offset + 1, "the index of a test sample, each once", cells[0])
      }
      guard actual == labels[index] else {
        throw failure(offset + 1, "the actual class \(labels[index]) of sample \(index)", cells[1])
      }
      guard predicted >= 0, predicted < classCount else {
        throw failure(offset + 1, "a class from 0 to \(classCount - 1)", cells[2])
      }
      guard confidence.isFinite else { throw failure(offset + 1, "a finite confidence", cells[3]) }
      var loss: Double?
      if hasLoss {
        guard cells.count > 4, cells[4].isEmpty || Double(cells[4])?.isFinite == true else {
          throw failure(offset + 1, "a finite loss or nothing", cells.count > 4 ? cells[4] : line)
        }
        loss = Double(cells[4])
      }
      predictions.append(
        Prediction(index: index, actual: actual, predicted: predicted, confidence: confidence, loss: loss))
    }
    guard missing.isEmpty else {
      throw failure(lines.count, "\(indices.count) predictions", "\(predictions.count)")
    }
    return predictions
  }
}
