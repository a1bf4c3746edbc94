internal import DurableFiles

/// Verifies the published files of a data set and unpacks them into the data folder.
///
/// ```swift
/// let installer = DatasetInstaller(dataFolder: "data")
/// try installer.install(DatasetCatalogue.full, from: "downloads")
/// ```
///
/// Where the catalogue does not know the checksums of the unpacked files, those of what was written are noted in the
/// set's folder as `checksums.sha256`, and hold from then on.
public struct DatasetInstaller: Sendable {
  /// The folder that holds a folder for each data set.
  public let dataFolder: String

  /// What is told of each file as it is dealt with.
  public enum Event: Equatable, Sendable {
    /// The unpacked file is there already, and is the right one.
    case present(path: String)
    /// The published file was found and has the right checksum.
    case verified(path: String)
    /// The unpacked file was written.
    case written(path: String, byteCount: Int)
  }

  /// How much of a data set is in its folder.
  public enum Presence: String, Equatable, Sendable {
    /// Every file.
    case complete
    /// Some files, or the beginning of one that was being fetched.
    case partial
    /// Nothing.
    case absent
  }

  /// An installer for a data folder, which need not exist yet.
  public init(dataFolder: String) {
    self.dataFolder = dataFolder
  }

  /// The folder of a data set.
  public func folder(of description: DatasetDescription) -> String {
    FilePaths.join(dataFolder, description.name)
  }

  /// The folder in which published files lie until the set is installed: `.fetch` in the set's folder, or for files that
  /// several sets are made of, in the folder that these share.
  public func downloadFolder(of description: DatasetDescription) -> String {
    FilePaths.join(FilePaths.join(dataFolder, description.sharedFolder ?? description.name), ".fetch")
  }

  /// How much of a data set is there, by the files' names alone.
  public func presence(of description: DatasetDescription) -> Presence {
    if description.isEmbedded { return .complete }
    let there = presentCount(of: description)
    if there == description.files.count { return .complete }
    if there > 0 { return .partial }
    // An archive that several sets are made of is no part of one of them.
    guard description.sharedFolder == nil else { return .absent }
    let downloads = (try? FilePaths.names(in: downloadFolder(of: description))) ?? []
    return downloads.isEmpty ? .absent : .partial
  }

  /// The number of the data set's files that are there.
  package func presentCount(of description: DatasetDescription) -> Int {
    description.files.count { FilePaths.exists(FilePaths.join(folder(of: description), $0.name)) }
  }

  /// Whether all unpacked files are there and are the right ones.
  ///
  /// - Complexity: O(bytes): every file is read and its checksum taken.
  public func isComplete(_ description: DatasetDescription) -> Bool { problems(with: description).isEmpty }

  /// What is wrong with the files of a data set in the data folder: an error for each that is not there or not right.
  ///
  /// - Complexity: O(bytes): every file is read and its checksum taken.
  public func problems(with description: DatasetDescription) -> [DatasetError] {
    wrongFiles(of: description).map(\.problem)
  }

  /// The published files of which something is missing or not right.
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

  /// Takes a data set's files from a local folder.
  ///
  /// As ``install(_:replacing:locate:report:)``, with every published file in one folder.
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

  /// Installs a data set of local files.
  ///
  /// All files are verified and unpacked before the first takes its name; each then appears whole or not at all. Files
  /// that are there already and right are left alone.
  ///
  /// - Parameters:
  ///   - description: the data set.
  ///   - replacing: whether files that are there already are made anew.
  ///   - locate: gives the path of a published file. Called for all that are needed before anything is written.
  ///   - report: called as files are dealt with.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(bytes); holds one published file and what it unpacks to in memory.
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

/// Where data sets are kept between runs.
public enum DataFolder {
  /// Returns the data folder that an environment asks for: `$MNIST_DATA_DIR`, else `$XDG_CACHE_HOME/mnist-toolkit`, else
  /// `$HOME/.cache/mnist-toolkit`; nil where none of the three is set.
  ///
  /// Empty values count as absent. So do relative paths in the last two, as the XDG Base Directory Specification asks:
  /// the data would otherwise depend on the current folder.
  public static func path(environment: [String: String]) -> String? {
    func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    if let path = environment["MNIST_DATA_DIR"], !path.isEmpty { return path }
    let cache = absolute("XDG_CACHE_HOME") ?? absolute("HOME").map { $0 + "/.cache" }
    return cache.map { $0 + "/mnist-toolkit" }
  }
}

/// The checksums of a folder's files as they were noted when the files were written, in the format of `sha256sum`, which
/// can check them too: `sha256sum -c checksums.sha256`.
private struct RecordedChecksums {
  static let fileName = "checksums.sha256"

  let sha256: [String: String]

  /// Those noted in a folder; none where nothing is noted, or nothing that can be read.
  init(in folder: String) {
    let bytes = (try? DurableFile.read(FilePaths.join(folder, Self.fileName), maximumByteCount: 1 << 16)) ?? []
    var found: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let digits = line.prefix(64)
      let rest = line.dropFirst(64)
      // Two spaces, or a space and a star for a file read as binary.
      guard digits.utf8.count == 64, rest.hasPrefix("  ") || rest.hasPrefix(" *") else { continue }
      found[String(rest.dropFirst(2))] = digits.lowercased()
    }
    sha256 = found
  }
}
