public import Datasets
internal import DurableFiles
internal import Foundation

/// A fetcher that downloads, verifies and unpacks published data sets in a data folder.
///
/// A file gets its final name only after it is verified. Faults of servers and networks therefore leave no wrong file
/// under a final name.
///
/// ```swift
/// let fetcher = DatasetFetcher(
///   dataFolder: "data", surroundings: FetchSurroundings(transport: CurlTransport(userAgent: "app/1.0")))
/// var generator = SystemRandomNumberGenerator()
/// try fetcher.fetch(DatasetCatalogue.full, using: &generator)
/// let mnist = try ImageDataset.named("full", dataFolder: "data")
/// ```
///
/// The fetcher tries the sources one after the other. It writes the bytes to `.fetch/NAME.partial` in the folder of the
/// data set, and checks their size and checksum. A file that differs from the published file is deleted.
///
/// A broken download is resumed where it ended, even by a later process. The server must confirm that the file has not
/// changed. Processes that fetch into the same folder take turns.
public struct DatasetFetcher {
  /// The installer that unpacks and verifies the files.
  public let installer: DatasetInstaller
  private let sources: [FetchSource]?
  fileprivate let settings: FetchSettings
  fileprivate let surroundings: FetchSurroundings
  private let isOffline: Bool
  fileprivate let replaces: Bool

  /// Creates a fetcher for a data folder. The folder need not exist yet.
  ///
  /// - Parameters:
  ///   - dataFolder: the folder that holds a folder for each data set.
  ///   - sources: the sources to try, in this order; nil to try the mirrors of the data set.
  ///   - settings: the limits for attempts, pauses and rates.
  ///   - surroundings: the network, the clocks and the interruption flag.
  ///   - isOffline: whether mirrors are skipped, so that only local folders are used.
  ///   - replaces: whether existing files are fetched again and replaced.
  public init(
    dataFolder: String, sources: [FetchSource]? = nil, settings: FetchSettings = FetchSettings(),
    surroundings: FetchSurroundings, isOffline: Bool = false, replaces: Bool = false
  ) {
    installer = DatasetInstaller(dataFolder: dataFolder)
    self.sources = sources
    self.settings = settings
    self.surroundings = surroundings
    self.isOffline = isOffline
    self.replaces = replaces
  }

  /// Fetches and installs the missing files of a data set.
  ///
  /// - Parameters:
  ///   - description: the data set.
  ///   - generator: the random number generator that varies the pauses.
  ///   - report: the closure that receives every event.
  /// - Throws: ``FetchError``. After an error, the files of the data set are unchanged, except for partial downloads
  ///   in `.fetch`.
  /// - Complexity: O(bytes). Downloads are not kept in memory.
  public func fetch(
    _ description: DatasetDescription, using generator: inout some RandomNumberGenerator,
    report: (FetchEvent) -> Void = { _ in }
  ) throws(FetchError) {
    if description.isEmbedded { return }
    try withoutActuallyEscaping(report) { (report) throws(FetchError) in
      let fetch = SingleFetch(self, description, report: report)
      defer { fetch.cleanUp() }
      if !replaces, installer.isComplete(description) { return fetch.removeDownloads() }
      let all = sources ?? description.mirrors.compactMap { FetchSource($0) }
      try fetch.fetch(
        from: isOffline ? all.filter { if case .folder = $0 { true } else { false } } : all, using: &generator)
    }
  }
}

/// The fetch of one data set. It tries the sources in order, locks the folder during downloads, and cleans up at the
/// end.
private final class SingleFetch {
  private let fetcher: DatasetFetcher
  private let description: DatasetDescription
  private let report: (FetchEvent) -> Void
  private let downloadFolder: String
  private var lock: FolderLock?

  init(_ fetcher: DatasetFetcher, _ description: DatasetDescription, report: @escaping (FetchEvent) -> Void) {
    self.fetcher = fetcher
    self.description = description
    self.report = report
    downloadFolder = fetcher.installer.downloadFolder(of: description)
  }

  func fetch(from sources: [FetchSource], using generator: inout some RandomNumberGenerator) throws(FetchError) {
    var located: [String: String] = [:]
    for file in fetcher.replaces ? description.published : fetcher.installer.neededFiles(of: description) {
      guard let path = try find(file, in: sources, using: &generator) else { return }
      located[file.name] = path
    }
    do throws(DatasetError) {
      try fetcher.installer.install(
        description, replacing: fetcher.replaces,
        locate: { (file) throws(DatasetError) in
          guard let path = located[file.name] else { throw .missing(folder: downloadFolder, file: file.name) }
          return path
        }, report: { report(.installer($0)) })
    } catch {
      throw .dataset(error)
    }
    removeDownloads()
  }

  /// Deletes the downloaded files of an installed data set, including files that a killed process left behind.
  func removeDownloads() {
    // Keep files that several data sets use.
    guard description.sharedFolder == nil, FilePaths.exists(downloadFolder) else { return }
    if lock == nil { lock = try? FolderLock(FilePaths.parent(of: downloadFolder)) }
    if lock != nil { FilePaths.remove(downloadFolder) }
  }

  /// Removes empty folders and releases the lock, so that the next process can begin.
  func cleanUp() {
    if lock != nil {
      FilePaths.removeEmptyFolder(downloadFolder)
      FilePaths.removeEmptyFolder(FilePaths.parent(of: downloadFolder))
    }
    lock = nil
  }

  /// Returns the path of a verified published file. Returns nil if another process has installed the data set in the
  /// meantime.
  private func find(
    _ file: PublishedFile, in sources: [FetchSource], using generator: inout some RandomNumberGenerator
  ) throws(FetchError) -> String? {
    if !fetcher.replaces, let path = earlierDownload(of: file) { return path }
    var failures: [SourceFailure] = []
    for (place, source) in sources.enumerated() {
      let result: Result<String, SourceFailure>
      switch source {
      case .folder(let folder):
        result = localFile(file, in: folder)
      case .mirror:
        if lock == nil, try !lockFolder() { return nil }
        if !fetcher.replaces, let path = earlierDownload(of: file) { return path }
        result = try download(file, from: source, using: &generator)
      }
      switch result {
      case .success(let path):
        return path
      case .failure(let failure):
        failures.append(failure)
        // The final error reports the failure of the last source.
        if place < sources.count - 1 { report(.sourceFailed(file: file.name, failure)) }
      }
    }
    if failures.isEmpty {
      throw .offline(dataset: description.name, folder: fetcher.installer.folder(of: description))
    }
    throw .noSource(file: file.name, failures: failures)
  }

  /// Returns the path of a complete file that an earlier run fetched but did not install; nil if there is no such file.
  private func earlierDownload(of file: PublishedFile) -> String? {
    let path = FilePaths.join(downloadFolder, file.name)
    guard FilePaths.exists(path), file.problem(at: path) == nil else { return nil }
    return path
  }

  private func localFile(_ file: PublishedFile, in folder: String) -> Result<String, SourceFailure> {
    func failure(_ kind: SourceFailure.Kind, _ location: String, _ reason: String) -> Result<String, SourceFailure> {
      .failure(SourceFailure(kind: kind, location: location, reason: reason))
    }
    guard FilePaths.isFolder(folder) else { return failure(.missing, folder, "there is no such folder") }
    let path = FilePaths.join(folder, file.name)
    guard FilePaths.exists(path) else { return failure(.missing, folder, "the file \(file.name) is missing") }
    guard let problem = file.problem(at: path) else { return .success(path) }
    let text = problem.description
    let reason = text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text
    switch problem {
    case .checksum, .wrongArray: return failure(.wrongContent, path, reason)
    default: return failure(.unavailable, path, reason)
    }
  }

  /// Waits until this process has locked the folder.
  ///
  /// - Returns: false if another process has completed the data set in the meantime.
  private func lockFolder() throws(FetchError) -> Bool {
    let folder = FilePaths.parent(of: downloadFolder)
    lock = try rethrow(FolderLock(folder), as: FetchError.file)
    if lock == nil { report(.waiting(folder: folder)) }
    while lock == nil {
      fetcher.surroundings.sleep(.milliseconds(100))
      if fetcher.surroundings.isInterrupted() { throw .interrupted(file: description.name) }
      lock = try rethrow(FolderLock(folder), as: FetchError.file)
    }
    // Another process may have completed the data set just before this process got the lock.
    if !fetcher.replaces, fetcher.installer.isComplete(description) { return false }
    try rethrow(FilePaths.makeFolder(downloadFolder), as: FetchError.file)
    return true
  }

  private func download(
    _ file: PublishedFile, from source: FetchSource, using generator: inout some RandomNumberGenerator
  ) throws(FetchError) -> Result<String, SourceFailure> {
    let partial = try rethrow(PartialFile(file, in: downloadFolder), as: FetchError.file)
    // An empty partial download cannot be resumed.
    defer { if partial.byteCount == 0 { partial.discard() } }
    // The partial download may already be complete, if an earlier process was killed before it renamed the file.
    if partial.byteCount == 0 || !partial.isComplete {
      let fetch = MirrorFetch(
        published: file, source: source, settings: fetcher.settings, surroundings: fetcher.surroundings,
        report: report)
      if let failure = try fetch.complete(partial, using: &generator) { return .failure(failure) }
    }
    let path = try rethrow(partial.commit(), as: FetchError.file)
    report(.fetched(file: file.name, source: source, byteCount: partial.byteCount))
    return .success(path)
  }
}
