internal import DurableFiles

/// An installer that verifies the published files of data sets and unpacks them into the data folder.
///
/// ```swift
/// let installer = DatasetInstaller(dataFolder: "data")
/// try installer.install(DatasetCatalogue.full, from: "downloads")
/// ```
///
/// The catalogue lacks the checksums of some unpacked files. When the installer writes such a file, it records the
/// checksum of the file. The recorded checksums are in `checksums.sha256` in the data set's folder, and later
/// verifications use them.
public struct DatasetInstaller: Sendable {
  /// The path of the data folder, which holds one folder for each data set.
  public let dataFolder: String

  /// A step in the installation of one file.
  public enum Event: Equatable, Sendable {
    /// The unpacked file already exists and has the right checksum.
    case present(path: String)
    /// The published file was found and has the right checksum.
    case verified(path: String)
    /// The unpacked file was written.
    case written(path: String, byteCount: Int)
  }

  /// The presence of a data set's files: all files, some files, or no files.
  public enum Presence: String, Equatable, Sendable {
    /// All files of the data set exist.
    case complete
    /// Only some files of the data set exist, or only downloaded files exist.
    case partial
    /// No file of the data set exists.
    case absent
  }

  /// Creates an installer for a data folder. The folder need not exist yet.
  public init(dataFolder: String) {
    self.dataFolder = dataFolder
  }

  /// Returns the path of a data set's folder.
  public func folder(of description: DatasetDescription) -> String {
    FilePaths.join(dataFolder, description.name)
  }

  /// Returns the path of the folder that holds published files until the data set is installed.
  ///
  /// The folder is `.fetch` in the data set's folder. If several data sets are made from the same published files, the
  /// folder is `.fetch` in their shared folder.
  public func downloadFolder(of description: DatasetDescription) -> String {
    FilePaths.join(FilePaths.join(dataFolder, description.sharedFolder ?? description.name), ".fetch")
  }

  /// Returns whether all, some or none of a data set's files exist.
  ///
  /// The method checks only the names of the files. To verify the contents of the files, use ``isComplete(_:)``.
  public func presence(of description: DatasetDescription) -> Presence {
    if description.isEmbedded { return .complete }
    let there = presentCount(of: description)
    if there == description.files.count { return .complete }
    if there > 0 { return .partial }
    // A downloaded archive that several data sets share does not count as a file of this data set.
    guard description.sharedFolder == nil else { return .absent }
    let downloads = (try? FilePaths.names(in: downloadFolder(of: description))) ?? []
    return downloads.isEmpty ? .absent : .partial
  }

  /// Returns the number of a data set's files that exist.
  package func presentCount(of description: DatasetDescription) -> Int {
    description.files.count { FilePaths.exists(FilePaths.join(folder(of: description), $0.name)) }
  }

  /// Returns whether all files of a data set exist and have the right checksums.
  ///
  /// - Complexity: O(*n*) in the size of all files, because the checksums of the files are computed.
  public func isComplete(_ description: DatasetDescription) -> Bool { problems(with: description).isEmpty }

  /// Returns an error for each file of a data set that is missing, is unreadable, or has a wrong or unknown checksum.
  ///
  /// - Complexity: O(*n*) in the size of all files, because the checksums of the files are computed.
  public func problems(with description: DatasetDescription) -> [DatasetError] {
    wrongFiles(of: description).map(\.problem)
  }

  /// Returns the published files that are needed to replace missing files and files with wrong checksums.
  ///
  /// - Complexity: O(*n*) in the size of all installed files, because the checksums of the files are computed.
  package func neededFiles(of description: DatasetDescription) -> [PublishedFile] {
    let wrong = wrongFiles(of: description).map(\.file)
    return description.published.filter { $0.parts.contains(where: wrong.contains) }
  }

  private func wrongFiles(of description: DatasetDescription) -> [(file: InstalledFile, problem: DatasetError)] {
    let folder = folder(of: description)
    let recorded = RecordedChecksums(in: folder)
    func problem(_ file: InstalledFile) -> DatasetError? {
      let path = FilePaths.join(folder, file.name)
      guard FilePaths.exists(path) else { return .missing(folder: folder, file: file.name) }
      guard let expected = file.sha256 ?? recorded.sha256[file.name] else { return .unjudged(path: path) }
      do throws(FileError) {
        let found = try Checksum.ofFile(path).sha256
        return found == expected
          ? nil : .checksum(path: path, expected: .sha256(expected), found: .sha256(found), content: nil)
      } catch {
        return .file(error)
      }
    }
    return description.files.compactMap { file in problem(file).map { (file, $0) } }
  }

  /// Installs a data set from a local folder that contains the published files.
  ///
  /// Existing files with the right checksum are kept. All new files are verified and unpacked under temporary names.
  /// Then all new files get their final names.
  ///
  /// - Parameters:
  ///   - description: The description of the data set.
  ///   - source: The path of the folder with the published files.
  ///   - report: A closure that is called for each file after each step.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(*n*) in the size of all files. Only one published file and its unpacked content are in memory at
  ///   the same time.
  public func install(
    _ description: DatasetDescription, from source: String, report: (Event) -> Void = { _ in }
  ) throws(DatasetError) {
    try install(
      description,
      locate: { (file) throws(DatasetError) in
        let path = FilePaths.join(source, file.name)
        guard FilePaths.exists(path) else { throw .missing(folder: source, file: file.name) }
        return path
      }, report: report)
  }

  /// Installs a data set from local files.
  ///
  /// Existing files with the right checksum are kept. All new files are verified and unpacked under temporary names.
  /// Then all new files get their final names. A file under its final name is therefore always complete.
  ///
  /// - Parameters:
  ///   - description: The description of the data set.
  ///   - replacing: Whether existing files are replaced even if they have the right checksum.
  ///   - locate: A closure that returns the path of a published file. The closure is called for all needed files before
  ///     anything is written.
  ///   - report: A closure that is called for each file after each step.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(*n*) in the size of all files. Only one published file and its unpacked content are in memory at
  ///   the same time.
  public func install(
    _ description: DatasetDescription, replacing: Bool = false,
    locate: (PublishedFile) throws(DatasetError) -> String, report: (Event) -> Void = { _ in }
  ) throws(DatasetError) {
    let folder = folder(of: description)
    let missing = replacing ? description.files : wrongFiles(of: description).map(\.file)
    for file in description.files where !missing.contains(file) {
      report(.present(path: FilePaths.join(folder, file.name)))
    }
    var located: [(file: PublishedFile, path: String)] = []
    for file in description.published where file.parts.contains(where: missing.contains) {
      let path = try locate(file)
      if let problem = file.problem(at: path) { throw problem }
      report(.verified(path: path))
      located.append((file, path))
    }
    if !located.isEmpty { try write(located, of: description, only: missing, report: report) }
  }

  private func write(
    _ located: [(file: PublishedFile, path: String)], of description: DatasetDescription, only missing: [InstalledFile],
    report: (Event) -> Void
  ) throws(DatasetError) {
    let folder = folder(of: description)
    var checksums = RecordedChecksums(in: folder).sha256
    var writers: [FileWriter] = []
    try rethrow(FilePaths.makeFolder(folder), as: DatasetError.file)
    for (file, path) in located {
      let content = try PublishedContent(file, at: path)
      for part in file.parts where missing.contains(part) {
        let bytes = try part.content(of: content.unpacked(part), path: path)
        checksums[part.name] = Checksum.sha256(of: bytes)
        if let expected = part.sha256, let found = checksums[part.name], found != expected {
          throw .checksum(path: path, expected: .sha256(expected), found: .sha256(found), content: nil)
        }
        let writer = try rethrow(FileWriter(for: FilePaths.join(folder, part.name)), as: DatasetError.file)
        try rethrow(writer.write(bytes), as: DatasetError.file)
        writers.append(writer)
      }
    }
    do throws(FileError) {
      for writer in writers {
        try writer.commit()
        report(.written(path: writer.path, byteCount: writer.byteCount))
      }
      if description.files.contains(where: { $0.sha256 == nil }) {
        let lines = description.files.compactMap { file in checksums[file.name].map { "\($0)  \(file.name)\n" } }
        try DurableFile.write(lines.joined().utf8, to: FilePaths.join(folder, RecordedChecksums.fileName))
      }
    } catch {
      throw .file(error)
    }
  }
}

/// The default location of the data folder, which holds the installed data sets.
public enum DataFolder {
  /// Returns the path of the data folder for the given environment variables; nil if no variable contains a usable
  /// path.
  ///
  /// `$MNIST_DATA_DIR` is used first, then `$XDG_CACHE_HOME/mnist-toolkit`, then `$HOME/.cache/mnist-toolkit`. Empty
  /// variables are ignored. Relative paths in `XDG_CACHE_HOME` and `HOME` are also ignored, because the data folder
  /// would depend on the current folder. The XDG Base Directory Specification has the same rule for `XDG_CACHE_HOME`.
  public static func path(environment: [String: String]) -> String? {
    func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    if let path = environment["MNIST_DATA_DIR"], !path.isEmpty { return path }
    let cache = absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { $0 + "/.cache" }
    return cache.map { $0 + "/mnist-toolkit" }
  }
}

/// The recorded checksums of the files in a folder. The installer records a checksum when it writes a file.
///
/// The file of checksums has the format of `sha256sum`, so `sha256sum -c checksums.sha256` can check the files too.
private struct RecordedChecksums {
  static let fileName = "checksums.sha256"

  /// The SHA-256 of each file. The keys are the names of the files.
  let sha256: [String: String]

  /// Reads the recorded checksums of a folder. If the file of checksums is missing, too large or unreadable, no
  /// checksums are known.
  init(in folder: String) {
    let bytes = (try? DurableFile.read(FilePaths.join(folder, Self.fileName), maximumByteCount: 1 << 16)) ?? []
    var found: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let digits = line.prefix(64)
      let rest = line.dropFirst(64)
      // Two spaces follow the digits, or a space and a star if `sha256sum` read the file in binary mode.
      guard digits.utf8.count == 64, rest.hasPrefix("  ") || rest.hasPrefix(" *") else { continue }
      found[String(rest.dropFirst(2))] = digits.lowercased()
    }
    sha256 = found
  }
}
