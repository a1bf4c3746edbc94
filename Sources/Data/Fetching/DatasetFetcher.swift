public import Datasets
internal import DurableFiles
internal import Foundation

/// Brings published data sets into a data folder, so that what is there in the end is complete and verified, whatever
/// servers and networks do on the way.
///
/// ```swift
/// let fetcher = DatasetFetcher(
///   dataFolder: "data", surroundings: FetchSurroundings(transport: CurlTransport(userAgent: "app/1.0")))
/// var generator = SystemRandomNumberGenerator()
/// try fetcher.fetch(DatasetCatalogue.full, using: &generator)
/// let mnist = try ImageDataset.named("full", dataFolder: "data")
/// ```
///
/// Sources are asked one after the other. Size and checksum are taken while the bytes arrive in `.fetch/NAME.partial` in
/// the set's folder; a file that is not the published one is thrown away and never gets near its final name. A broken
/// download is gone on with where it broke off, also by a later process, as long as the server says that the file is
/// the same. Processes that fetch into one folder take turns.
public struct DatasetFetcher {
  /// What unpacks and verifies.
  public let installer: DatasetInstaller
  private let sources: [FetchSource]?
  fileprivate let settings: FetchSettings
  fileprivate let surroundings: FetchSurroundings
  private let isOffline: Bool
  fileprivate let replaces: Bool

  /// A fetcher for a data folder, which need not exist yet.
  ///
  /// - Parameters:
  ///   - dataFolder: the folder that holds a folder for each data set.
  ///   - sources: what is asked, in this order, instead of a data set's own mirrors.
  ///   - settings: how patient it is.
  ///   - surroundings: the network and the clocks.
  ///   - isOffline: whether the network is left alone.
  ///   - replaces: whether files that are there already are fetched anew.
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

  /// Fetches and installs what is missing of a data set.
  ///
  /// - Parameters:
  ///   - description: the data set.
  ///   - generator: makes pauses irregular.
  ///   - report: called as things go on.
  /// - Throws: ``FetchError``. The data set's files are then as they were before, but for partial files in `.fetch`.
  /// - Complexity: O(bytes); of a download, nothing is kept in memory.
  public func fetch(
    _ description: DatasetDescription, using generator: inout some RandomNumberGenerator,
    report: (FetchEvent) -> Void = { _ in }
  ) throws(FetchError) {
    if description.isEmbedded { return }
    try withoutActuallyEscaping(report) { (report) throws(FetchError) in
      let visit = FetchVisit(self, description, report: report)
      defer { visit.leave() }
      if !replaces, installer.isComplete(description) { return visit.removeDownloads() }
      let all = sources ?? description.mirrors.compactMap { FetchSource($0) }
      try visit.fetch(
        from: isOffline ? all.filter { if case .folder = $0 { true } else { false } } : all, using: &generator)
    }
  }
}

/// One data set being fetched: what is tried in which order, the folder's lock, and what is tidied up in the end.
private final class FetchVisit {
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

  /// Removes what was fetched, once the set is installed; also where a process was killed before it came to that.
  func removeDownloads() {
    // What several sets are made of stays for the others.
    guard description.sharedFolder == nil, FilePaths.exists(downloadFolder) else { return }
    if lock == nil { lock = try? FolderLock(FilePaths.parent(of: downloadFolder)) }
    if lock != nil { FilePaths.remove(downloadFolder) }
  }

  /// Leaves no empty folder behind, and lets the next process in.
  func leave() {
    if lock != nil {
      FilePaths.removeEmptyFolder(downloadFolder)
      FilePaths.removeEmptyFolder(FilePaths.parent(of: downloadFolder))
    }
    lock = nil
  }

  /// The path of a published file, which is verified; nil where another process has installed all in the meantime.
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
        if lock == nil, try !enter() { return nil }
        if !fetcher.replaces, let path = earlierDownload(of: file) { return path }
        result = try download(file, from: source, using: &generator)
      }
      switch result {
      case .success(let path):
        return path
      case .failure(let failure):
        failures.append(failure)
        // The last one's failure is part of the error.
        if place < sources.count - 1 { report(.sourceFailed(file: file.name, failure)) }
      }
    }
    if failures.isEmpty {
      throw .offline(dataset: description.name, folder: fetcher.installer.folder(of: description))
    }
    throw .noSource(file: file.name, failures: failures)
  }

  /// A file that an earlier run fetched whole but did not come to install.
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

  /// Waits for the folder. False where it is complete by then.
  private func enter() throws(FetchError) -> Bool {
    let folder = FilePaths.parent(of: downloadFolder)
    lock = try rethrow(FolderLock(folder), as: FetchError.file)
    if lock == nil { report(.waiting(folder: folder)) }
    while lock == nil {
      fetcher.surroundings.sleep(.milliseconds(100))
      if fetcher.surroundings.isInterrupted() { throw .interrupted(file: description.name) }
      lock = try rethrow(FolderLock(folder), as: FetchError.file)
    }
    // Another process may have ended between the look at the folder and the lock.
    if !fetcher.replaces, fetcher.installer.isComplete(description) { return false }
    try rethrow(FilePaths.makeFolder(downloadFolder), as: FetchError.file)
    return true
  }

  private func download(
    _ file: PublishedFile, from source: FetchSource, using generator: inout some RandomNumberGenerator
  ) throws(FetchError) -> Result<String, SourceFailure> {
    let partial = try rethrow(PartialFile(file, in: downloadFolder), as: FetchError.file)
    // What is empty is no beginning.
    defer { if partial.byteCount == 0 { partial.discard() } }
    // It is right already where a process was killed between the last byte and the name.
    if partial.byteCount == 0 || !partial.isRight {
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
