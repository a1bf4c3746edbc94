internal import Datasets
internal import DurableFiles
internal import Foundation

/// One data set being fetched: what is tried in which order, the folder's lock, and what is tidied up in the end.
final class FetchVisit {
  private let description: DatasetDescription
  private let installer: DatasetInstaller
  private let settings: FetchSettings
  private let surroundings: FetchSurroundings
  private let replaces: Bool
  private let report: (FetchEvent) -> Void
  private let downloadFolder: String
  private var lock: FolderLock?

  init(
    description: DatasetDescription, installer: DatasetInstaller, settings: FetchSettings,
    surroundings: FetchSurroundings, replaces: Bool, report: @escaping (FetchEvent) -> Void
  ) {
    self.description = description
    self.installer = installer
    self.settings = settings
    self.surroundings = surroundings
    self.replaces = replaces
    self.report = report
    downloadFolder = installer.downloadFolder(of: description)
  }

  /// Fetches and installs.
  func fetch(from sources: [FetchSource], using generator: inout some RandomNumberGenerator) throws(FetchError) {
    var located: [String: String] = [:]
    for file in replaces ? description.published : installer.neededFiles(of: description) {
      guard let path = try find(file, in: sources, using: &generator) else { return }
      located[file.name] = path
    }
    do throws(DatasetError) {
      try installer.install(
        description, replacing: replaces,
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
    if !replaces, let path = earlierDownload(of: file) { return path }
    var failures: [SourceFailure] = []
    for (place, source) in sources.enumerated() {
      let failure: SourceFailure?
      switch source {
      case .folder(let folder):
        failure = localFailure(file, in: folder)
        if failure == nil { return source.location(of: file.name) }
      case .mirror:
        if lock == nil, try !enter() { return nil }
        if !replaces, let path = earlierDownload(of: file) { return path }
        let result = try download(file, from: source, using: &generator)
        if let path = result.path { return path }
        failure = result.failure
      }
      if let failure {
        failures.append(failure)
        // The last one's failure is part of the error.
        if place < sources.count - 1 { report(.sourceFailed(file: file.name, failure)) }
      }
    }
    if failures.isEmpty {
      throw .offline(dataset: description.name, folder: installer.folder(of: description))
    }
    throw .noSource(file: file.name, failures: failures)
  }

  /// A file that an earlier run fetched whole but did not come to install.
  private func earlierDownload(of file: PublishedFile) -> String? {
    let path = FilePaths.join(downloadFolder, file.name)
    guard FilePaths.exists(path), installer.failure(of: file, at: path) == nil else { return nil }
    return path
  }

  private func localFailure(_ file: PublishedFile, in folder: String) -> SourceFailure? {
    guard FilePaths.isFolder(folder) else {
      return SourceFailure(.missing, location: folder, reason: "there is no such folder")
    }
    let path = FilePaths.join(folder, file.name)
    guard FilePaths.exists(path) else {
      return SourceFailure(.missing, location: folder, reason: "the file \(file.name) is missing")
    }
    guard let error = installer.failure(of: file, at: path) else { return nil }
    let text = error.description
    let reason = text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text
    switch error {
    case .checksum, .wrongArray: return SourceFailure(.wrongContent, location: path, reason: reason)
    default: return SourceFailure(.unavailable, location: path, reason: reason)
    }
  }

  /// Waits for the folder. False where it is complete by then.
  private func enter() throws(FetchError) -> Bool {
    let folder = FilePaths.parent(of: downloadFolder)
    do throws(FileError) {
      lock = try FolderLock(folder)
      guard lock == nil else {
        // Another process may have ended between the look at the folder and the lock.
        if !replaces, installer.isComplete(description) { return false }
        try FilePaths.makeFolder(downloadFolder)
        return true
      }
    } catch {
      throw .file(error)
    }
    report(.waiting(folder: folder))
    while lock == nil {
      surroundings.sleep(.milliseconds(100))
      if surroundings.isInterrupted() { throw .interrupted(file: description.name) }
      do throws(FileError) { lock = try FolderLock(folder) } catch { throw .file(error) }
    }
    if !replaces, installer.isComplete(description) { return false }
    do throws(FileError) { try FilePaths.makeFolder(downloadFolder) } catch { throw .file(error) }
    return true
  }

  private func download(
    _ file: PublishedFile, from source: FetchSource, using generator: inout some RandomNumberGenerator
  ) throws(FetchError) -> (path: String?, failure: SourceFailure?) {
    let partial: PartialFile
    do throws(FileError) { partial = try PartialFile(file, in: downloadFolder) } catch { throw .file(error) }
    // What is empty is no beginning.
    defer { if partial.byteCount == 0 { partial.discard() } }
    // It is right already where a process was killed between the last byte and the name.
    if partial.byteCount == 0 || !partial.isRight {
      let fetch = MirrorFetch(
        published: file, source: source, settings: settings, surroundings: surroundings, report: report)
      if let failure = try fetch.complete(partial, using: &generator) { return (nil, failure) }
    }
    let path: String
    do throws(FileError) { path = try partial.commit() } catch { throw .file(error) }
    report(.fetched(file: file.name, source: source, byteCount: partial.byteCount))
    return (path, nil)
  }
}
