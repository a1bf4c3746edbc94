/// What the page's address says, behind its `#`, where the gallery shows the errors of some classes only.
enum PairAddress {
  static func actual(_ label: Int) -> String { "actual=\(label)" }

  static func predicted(_ label: Int) -> String { "predicted=\(label)" }

  static func pair(actual: Int, predicted: Int) -> String { "actual=\(actual)&predicted=\(predicted)" }
}
