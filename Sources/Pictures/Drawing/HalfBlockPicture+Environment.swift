extension HalfBlockPicture.Colours {
  /// What a terminal shows, by the variables that it sets and that people set; nil where it shows no blocks at all.
  ///
  /// - Parameter environment: The process's variables: `TERM`, `COLORTERM`, `NO_COLOR`, and those of the locale, which has to
  ///   be one of UTF-8.
  public init?(environment: [String: String]) {
    func value(_ name: String) -> String { environment[name] ?? "" }
    let terminal = value("TERM")
    // The first of these that is set decides, as in the system's libraries.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(value).first { !$0.isEmpty } ?? ""
    let isUnicode = locale.lowercased().replacing("-", with: "").hasSuffix("utf8")
    guard !terminal.isEmpty, terminal != "dumb", isUnicode else { return nil }
    if !value("NO_COLOR").isEmpty {
      self = .none
    } else if ["truecolor", "24bit"].contains(value("COLORTERM")) || terminal.hasSuffix("-direct") {
      self = .trueColour
    } else {
      self = terminal.contains("256color") ? .palette256 : .none
    }
  }
}
