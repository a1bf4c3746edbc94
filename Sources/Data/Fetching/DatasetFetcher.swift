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
  private let settings: FetchSettings
  private let surroundings: FetchSurroundings
  private let isOffline: Bool
  private let replaces: Bool

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
      let visit = FetchVisit(
        description: description, installer: installer, settings: settings, surroundings: surroundings,
        replaces: replaces, report: report)
      defer { visit.leave() }
      if !replaces, installer.isComplete(description) { return visit.removeDownloads() }
      try visit.fetch(from: try usableSources(description), using: &generator)
    }
  }

  private func usableSources(_ description: DatasetDescription) throws(FetchError) -> [FetchSource] {
    let all = sources ?? description.mirrors.compactMap { FetchSource($0) }
    guard isOffline else { return all }
    return all.filter { source in
      if case .folder = source { true } else { false }
    }
  }
}
