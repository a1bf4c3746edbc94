public import DurableFiles

extension DumpKind {
  /// The name of something in a folder that no dump of this kind wrote; nil where there is nothing of it, so that the
  /// folder may be replaced.
  ///
  /// Other programs write lists and pictures of such names too. What tells a dump is that it has nothing else, and that its
  /// lists begin as they are written here; earlier versions' dumps count too. What file browsers leave is nobody's.
  ///
  /// - Throws: `FileError` where something in the folder cannot be read.
  public func unownedItem(in folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    let entries = names.filter { !FilePaths.isLitter($0) }
    for name in entries {
      let path = FilePaths.join(folder, name)
      guard isOwnName(name), FilePaths.isRegularFile(path) else { return name }
      if name == listName, try !Self.begins(path, with: ErrorDump.listStart) { return name }
      if name == documentName, try !Self.begins(path, with: ErrorDump.documentStart(self)) { return name }
    }
    // Pictures without their list are somebody's selection.
    return entries.isEmpty || entries.contains(listName) ? nil : entries[0]
  }

  private func isOwnName(_ name: String) -> Bool {
    name == listName || name == documentName || Self.isSheet(name) || DumpFileName.isOwn(name, kind: self)
  }

  private static func isSheet(_ name: String) -> Bool {
    guard name.hasPrefix(ErrorDump.sheetNameStart), name.hasSuffix(DumpFileName.fileExtension) else { return false }
    let number = name.dropFirst(ErrorDump.sheetNameStart.count).dropLast(DumpFileName.fileExtension.count)
    return number.isEmpty
      || number.hasPrefix("-") && number.count > 1 && number.dropFirst().utf8.allSatisfy { (48...57).contains($0) }
  }

  private static func begins(_ path: String, with text: String) throws(FileError) -> Bool {
    try FileReader(path).read(at: 0, count: text.utf8.count).elementsEqual(text.utf8)
  }
}
