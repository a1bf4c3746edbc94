internal import Drawing
internal import Evaluation

/// The confusion matrix as a table whose cells lead to their errors.
struct HeatMap {
  /// Names up to so many characters stand upright over their columns.
  private static let shortNameLength = 2
  /// More classes than that leave no room for the gallery beside the matrix.
  private static let narrowClassCount = 12
  private static let shownPairCount = 6
  private static let levelCount = 5.0

  private let matrix: ConfusionMatrix
  private let classNames: [String]
  private let highestCount: Int

  init(_ matrix: ConfusionMatrix, classNames: [String]) {
    self.matrix = matrix
    self.classNames = classNames
    highestCount = matrix.confusedPairs.map(\.count).max() ?? 0
  }

  var values: PageTemplate.Values {
    let names = classNames.map(xmlEscaped)
    return [
      "isWide": classNames.count > Self.narrowClassCount,
      "hasLongNames": classNames.contains { $0.count > Self.shortNameLength },
      "hasErrors": highestCount > 0,
      "columns": classNames.indices.map { label in
        heading(label, hasErrors: matrix.falsePositives(of: label) > 0, address: PairAddress.predicted(label))
      },
      "rows": classNames.indices.map { label in
        heading(label, hasErrors: matrix.falseNegatives(of: label) > 0, address: PairAddress.actual(label))
          .merging(["cells": classNames.indices.map { cell(actual: label, predicted: $0, names: names) }]) { $1 }
      },
      "pairs": matrix.confusedPairs.prefix(Self.shownPairCount).map {
        [
          "hash": PairAddress.pair(actual: $0.actual, predicted: $0.predicted), "actual": classNames[$0.actual],
          "predicted": classNames[$0.predicted], "count": NumberText.count($0.count),
        ]
      },
    ]
  }

  private func heading(_ label: Int, hasErrors: Bool, address: String) -> PageTemplate.Values {
    var values: PageTemplate.Values = ["name": classNames[label]]
    if hasErrors { values["hash"] = address }
    return values
  }

  /// A cell as HTML: there are thousands where classes are many, most of them empty.
  private func cell(actual: Int, predicted: Int, names: [String]) -> String {
    let count = matrix[actual: actual, predicted: predicted]
    if actual == predicted { return #"<td class="d">\#(NumberText.count(count))</td>"# }
    if count == 0 { return "<td></td>" }
    let address = xmlEscaped(PairAddress.pair(actual: actual, predicted: predicted))
    let label = "\(names[actual]) taken for \(names[predicted]): \(NumberText.count(count, of: "error"))"
    return ##"<td class="h\##(level(count))"><a href="#\##(address)" aria-label="\##(label)">"##
      + "\(NumberText.count(count))</a></td>"
  }

  /// From 1 to 5, in proportion to the count, so that single errors are told from none.
  private func level(_ count: Int) -> Int {
    Int((Double(count) / Double(highestCount) * Self.levelCount).rounded(.up))
  }
}
