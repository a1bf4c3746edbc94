internal import DurableFiles

/// A data set's one file, and what may be replaced by it.
enum OutputFile {
  /// Begins a file. Folders above it are made; a link is followed, and stays.
  ///
  /// - Parameters:
  ///   - path: where it will be.
  ///   - isOwn: whether an ordinary file that is there may be replaced; an empty one may always.
  /// - Throws: `FileError` where the file cannot be made, or something else is there.
  static func writer(for path: String, isOwn: (String) throws(FileError) -> Bool) throws(FileError) -> FileWriter {
    var path = path
    if FilePaths.isLink(path) {
      guard let target = FilePaths.resolved(path) else { throw refusal(path, "a link to nothing is there") }
      path = target
    }
    if FilePaths.exists(path) {
      guard !FilePaths.isFolder(path) else { throw refusal(path, "a folder is there") }
      var isReplaceable = FilePaths.isRegularFile(path)
      if isReplaceable, try FileReader(path).byteCount > 0 { isReplaceable = try isOwn(path) }
      guard isReplaceable else {
        throw refusal(path, "what is there was not written by this program; choose another name, or remove it")
      }
    }
    try FilePaths.makeFolder(FilePaths.parent(of: path))
    return try FileWriter(for: path)
  }

  private static func refusal(_ path: String, _ reason: String) -> FileError {
    FileError(kind: .cannotCreate, path: path, action: "cannot write", reason: reason)
  }
}
