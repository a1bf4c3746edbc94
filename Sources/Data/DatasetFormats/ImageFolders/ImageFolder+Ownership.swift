public import DurableFiles
internal import Images

extension ImageFolder {
  /// The path, below a folder, of something that ``write(_:to:parts:compressionLevel:pool:)`` did not write there; nil
  /// where there is none, so that the folder may be replaced.
  ///
  /// Other programs write pictures into folders of such names too. What tells an export is that it has nothing else, that
  /// the indices in each part are complete and padded as they are written, and that each file begins as
  /// ``/Export/PNGEncoder`` begins one. What file browsers leave counts as nobody's.
  ///
  /// - Throws: `FileError` where something in the folder cannot be read.
  public static func unownedItem(in folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    for name in names where !FilePaths.isLitter(name) {
      let path = FilePaths.join(folder, name)
      guard Part(rawValue: name) != nil, isOwnFolder(path) else { return name }
      if let foreign = try unownedItem(inPart: path) { return FilePaths.join(name, foreign) }
    }
    return nil
  }

  private static func unownedItem(inPart folder: String) throws(FileError) -> String? {
    let names = try FilePaths.names(in: folder)
    let classNames = names.filter { !FilePaths.isLitter($0) }
    var files: [(path: String, name: String)] = []
    for (label, name) in classNames.enumerated() {
      let path = FilePaths.join(folder, name)
      guard name == paddedName(label, largest: classNames.count - 1), isOwnFolder(path) else { return name }
      files += try FilePaths.names(in: path).filter { !FilePaths.isLitter($0) }.map { (FilePaths.join(name, $0), $0) }
    }
    // Names of one width sort by their numbers.
    files.sort { $0.name < $1.name }
    for (index, file) in files.enumerated() {
      let expected = paddedName(index, largest: files.count - 1) + fileExtension
      guard file.name == expected, try isOwnFile(FilePaths.join(folder, file.path)) else { return file.path }
    }
    return nil
  }

  private static func isOwnFolder(_ path: String) -> Bool {
    FilePaths.isFolder(path) && !FilePaths.isLink(path)
  }

  private static func isOwnFile(_ path: String) throws(FileError) -> Bool {
    guard FilePaths.isRegularFile(path) else { return false }
    return PNGEncoder.isStart(try FileReader(path).read(at: 0, count: PNGEncoder.startByteCount))
  }
}
