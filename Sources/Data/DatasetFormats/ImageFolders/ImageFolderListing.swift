internal import Datasets
internal import DurableFiles

/// The paths and labels of the image files of a data set. Creating a listing does not open the image files.
struct ImageFolderListing {
  struct File {
    let path: String
    let name: Substring
    let label: Int
  }

  /// The files of the training part in order, then the files of the test part in order.
  private(set) var files: [File] = []
  private(set) var trainingCount = 0
  let classNames: [String]

  private typealias ClassFolder = (path: String, name: String)

  /// Lists the image files of a folder. The folder holds `train`, `test` or both. Without these subfolders, it holds
  /// the class folders of a training part.
  init(_ path: String) throws(ConversionError) {
    let names = try Self.names(in: path)
    let partNames = DataPart.published.map(\.rawValue)
    let hasParts = names.contains { partNames.contains($0) }
    if hasParts, let other = names.first(where: { !partNames.contains($0) }) {
      throw Self.unexpected(FilePaths.join(path, other), "only the folders train and test")
    }
    var parts: [(isTraining: Bool, folders: [ClassFolder])] = []
    for part in hasParts ? partNames.filter(names.contains) : [""] {
      let folders = try Self.classFolders(in: part.isEmpty ? path : FilePaths.join(path, part))
      parts.append((part != DataPart.test.rawValue, folders))
    }
    let folders = parts.flatMap(\.folders)
    let areNumbered = folders.allSatisfy { ImageFolder.number($0.name) != nil }
    // Both parts share one list of class names, so that a class has the same label in both parts.
    let sortedNames = Set(folders.map(\.name)).sorted()
    guard areNumbered || sortedNames.count <= ImageFolder.maximumClassCount else {
      throw .tooManyClasses(path: path, found: sortedNames.count, maximum: ImageFolder.maximumClassCount)
    }
    for part in parts {
      if areNumbered {
        try Self.checkDifferent(part.folders, by: Self.number(of:))
      } else {
        // File names with different bytes can be equal as text, for example with a composed and a decomposed accent.
        try Self.checkDifferent(part.folders) { $0.name }
      }
    }
    let labels = Dictionary(uniqueKeysWithValues: sortedNames.enumerated().map { ($1, $0) })
    let largest = folders.compactMap { ImageFolder.number($0.name) }.max() ?? -1
    classNames = areNumbered ? (0..<(largest + 1)).map(String.init) : sortedNames

    for (isTraining, folders) in parts {
      var files: [File] = []
      for folder in folders {
        let label = areNumbered ? ImageFolder.number(folder.name) : labels[folder.name]
        files += try Self.files(in: folder.path, label: label ?? 0)
      }
      // Each file needs memory for its path, name, label and number. Sorting copies the lists with this data.
      try rethrow(FileError.checkMemory(512 * files.count, for: path), as: ConversionError.file)
      self.files += Self.inOrder(files)
      if isTraining { trainingCount = files.count }
    }
    guard !self.files.isEmpty else {
      throw .unexpected(path: path, expected: "class folders with PNG files in them", found: "no images")
    }
  }

  /// Returns the files in the order of the images.
  ///
  /// If all names are different numbers, the files are sorted by number. Otherwise, the files are sorted by class, then
  /// by name.
  private static func inOrder(_ files: [File]) -> [File] {
    let numbers = files.compactMap { ImageFolder.number($0.name) }
    if numbers.count == files.count, Set(numbers).count == files.count {
      return zip(numbers, files).sorted { $0.0 < $1.0 }.map(\.1)
    }
    return files.sorted { ($0.label, $0.name) < ($1.label, $1.name) }
  }

  /// Checks that no two folders stand for the same class.
  private static func checkDifferent<Class: Hashable>(
    _ folders: [ClassFolder], by classOf: (ClassFolder) throws(ConversionError) -> Class
  ) throws(ConversionError) {
    var paths: [Class: String] = [:]
    for folder in folders {
      if let other = paths.updateValue(folder.path, forKey: try classOf(folder)) {
        throw .sameClass(path: folder.path, other: other)
      }
    }
  }

  /// Returns the label that the name of a class folder states.
  private static func number(of folder: ClassFolder) throws(ConversionError) -> Int {
    guard let label = ImageFolder.number(folder.name), label < ImageFolder.maximumClassCount else {
      throw .labelOutOfRange(path: folder.path, maximum: ImageFolder.maximumClassCount - 1)
    }
    return label
  }

  private static func classFolders(in path: String) throws(ConversionError) -> [ClassFolder] {
    guard FilePaths.isFolder(path) else { throw unexpected(path, "a folder") }
    var folders: [ClassFolder] = []
    for name in try names(in: path) {
      let folder = FilePaths.join(path, name)
      guard FilePaths.isFolder(folder) else { throw unexpected(folder, "only class folders") }
      folders.append((folder, name))
    }
    return folders
  }

  private static func files(in path: String, label: Int) throws(ConversionError) -> [File] {
    var files: [File] = []
    for name in try names(in: path) {
      let file = FilePaths.join(path, name)
      guard name.lowercased().hasSuffix(ImageFolder.fileExtension) else {
        throw unexpected(
          file, "only files whose names end in \(ImageFolder.fileExtension) (convert other images to PNG)")
      }
      files.append(File(path: file, name: name.dropLast(ImageFolder.fileExtension.count), label: label))
    }
    return files
  }

  private static func names(in path: String) throws(ConversionError) -> [String] {
    try rethrow(FilePaths.names(in: path), as: ConversionError.file).filter { !ImageFolder.isIgnored($0) }
  }

  private static func unexpected(_ path: String, _ expected: String) -> ConversionError {
    let found =
      if FilePaths.isFolder(path) {
        "a folder"
      } else if FilePaths.exists(path) {
        "a file"
      } else {
        FilePaths.isLink(path)
          ? "a symbolic link without a target"
          : path.unicodeScalars.contains("\u{FFFD}") ? "a name that is not valid UTF-8" : "nothing"
      }
    return .unexpected(path: path, expected: expected, found: found)
  }
}
