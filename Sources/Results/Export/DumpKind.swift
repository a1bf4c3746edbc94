/// What a dump shows, which decides its files' names and the words in it.
public enum DumpKind: String, CaseIterable, Sendable {
  /// What a network got wrong, or all that it was asked about.
  case errors
  /// Samples whose labels are in doubt, the most doubtful first.
  case suspects

  /// The list of all pictures.
  public var listName: String { rawValue + ".csv" }

  /// The same with the networks' outputs.
  public var documentName: String { rawValue + ".json" }

  /// What the document says that it is.
  public var format: String { "mnist-toolkit-\(rawValue)-1" }

  /// What a caption calls the class that the label says.
  var actualWord: String { self == .errors ? "actual" : "label" }
}
