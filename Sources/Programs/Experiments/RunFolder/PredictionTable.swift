internal import Evaluation

/// The format of `predictions.csv`: one line for each test sample, with numbers at full precision.
enum PredictionTable {
  /// One line of `predictions.csv`.
  struct Row {
    let index: Int
    let predicted: Int
    let confidence: Double
    /// The loss; nil if the cell is empty. An empty cell stands for a loss that is not finite.
    let loss: Double?
  }

  private static let columns = "index,actual,predicted,confidence"
  /// The name of the fifth column. Files of earlier versions do not have this column.
  private static let lossColumn = "loss"

  static func text(_ samples: [PredictedSample]) -> String {
    samples.reduce(into: "\(columns),\(lossColumn)\n") { text, sample in
      text += "\(sample.index),\(sample.actual),\(sample.predicted),\(sample.confidence),"
      text += (sample.loss.map { "\($0)" } ?? "") + "\n"
    }
  }

  /// The largest accepted average length of a line, in bytes. Actual lines are less than a tenth as long.
  private static let maximumBytesPerPrediction = 1024

  /// Returns the largest accepted size of a file in bytes, for a given number of predictions.
  static func maximumByteCount(predictionCount: Int) -> Int {
    (predictionCount + 1) * maximumBytesPerPrediction
  }

  /// Parses the text of a file and checks it against the data set.
  ///
  /// Columns after the known columns are ignored.
  ///
  /// - Parameters:
  ///   - text: The content of the file.
  ///   - indices: The indices of the test samples. Each index must be in the file exactly once, in any order.
  ///   - labels: The labels of the whole data set. The actual classes in the file must be equal to these labels.
  ///   - classCount: The number of classes. Each predicted class must be smaller than this number.
  /// - Complexity: O(*n*), where *n* is the length of the text.
  static func parse(
    _ text: String, of indices: [Int], labels: [UInt8], classCount: Int
  ) throws(ExperimentError) -> [Row] {
    var rest = Substring(text)
    var lineNumber = 0
    func failure(_ expected: String, _ found: some StringProtocol) -> ExperimentError {
      ExperimentError(.badData, "line \(lineNumber): expected \(expected), found \"\(found.prefix(60))\"")
    }
    func nextLine() throws(ExperimentError) -> Substring? {
      guard !rest.isEmpty else { return nil }
      lineNumber += 1
      guard let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) else {
        throw failure("a line feed after the last line", rest)
      }
      var line = rest[..<end]
      if line.utf8.last == UInt8(ascii: "\r") { line = line[..<line.utf8.index(before: end)] }
      rest = rest[rest.utf8.index(after: end)...]
      return line
    }
    let first = try nextLine() ?? ""
    guard first == columns || first.hasPrefix(columns + ",") else {
      lineNumber = 1
      throw failure("the columns \(columns)", first)
    }
    let hasLoss = (first + ",").hasPrefix("\(columns),\(lossColumn),")
    var missing = Set(indices)
    var predictions: [Row] = []
    predictions.reserveCapacity(indices.count)
    while let line = try nextLine() {
      let cells = line.split(separator: ",", maxSplits: 5, omittingEmptySubsequences: false)
      guard cells.count >= 4, let index = Int(cells[0]), let actual = Int(cells[1]), let predicted = Int(cells[2]),
        let confidence = Double(cells[3])
      else { throw failure("an index, two classes and a confidence", line) }
      guard missing.remove(index) != nil else {
        throw failure("the index of a test sample that no earlier line has", cells[0])
      }
      guard actual == labels[index] else {
        throw failure("the actual class \(labels[index]) of sample \(index)", cells[1])
      }
      guard predicted >= 0, predicted < classCount else {
        throw failure("a class from 0 to \(classCount - 1)", cells[2])
      }
      guard confidence.isFinite else { throw failure("a finite confidence", cells[3]) }
      var loss: Double?
      if hasLoss {
        guard cells.count > 4, cells[4].isEmpty || Double(cells[4])?.isFinite == true else {
          throw failure("a finite loss or an empty cell", cells.count > 4 ? cells[4] : line)
        }
        loss = Double(cells[4])
      }
      predictions.append(Row(index: index, predicted: predicted, confidence: confidence, loss: loss))
    }
    guard missing.isEmpty else {
      throw failure("\(indices.count) predictions", "\(predictions.count)")
    }
    return predictions
  }
}
