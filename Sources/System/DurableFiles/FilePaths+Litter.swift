extension FilePaths {
  /// Whether a name in a folder is nobody's work: what an interrupted process or a file browser leaves.
  package static func isLitter(_ name: String) -> Bool {
    TemporaryName.matches(name) || name == ".DS_Store" || name.lowercased() == "thumbs.db"
  }
}
