/// Which of ink and paper is the darker one.
public enum InkPolarity: String, CaseIterable, Codable, Sendable {
  /// Dark ink on light paper, as by a pen.
  case dark
  /// Light ink on a dark ground, as chalk on a board, and as the data sets have it.
  case light
}
