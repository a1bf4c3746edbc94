import Datasets
import Fetching
import Foundation
import RandomSources
import Synchronization
import TestFixtures
import Testing

/// A fetch for tests. Its pauses take no time.
struct Trial {
  let set: SyntheticSet
  let folder: ScratchFolder
  let transport: CurlTransport
  let slept = Slept()
  var sources: [FetchSource]
  var settings: FetchSettings
  var isInterrupted: @Sendable () -> Bool = { false }
  var replaces = false

  /// The list of the pauses that the fetch requested.
  final class Slept: Sendable {
    private let durations = Mutex<[Duration]>([])
    func add(_ duration: Duration) { durations.withLock { $0.append(duration) } }
    var all: [Duration] { durations.withLock { $0 } }
  }

  init(
    _ set: SyntheticSet, in folder: ScratchFolder, transport: CurlTransport? = nil, sources: [String]
  ) throws {
    self.set = set
    self.folder = folder
    self.transport = transport ?? CurlTransport(userAgent: "test")
    self.sources = try sources.map { try #require(FetchSource($0)) }
    settings = FetchSettings()
  }

  /// Lowers the time limits, so that stalled and slow responses fail soon.
  mutating func beImpatient() {
    settings.rateTime = .milliseconds(300)
    settings.minimumRate = 500
  }

  var fetcher: DatasetFetcher {
    let slept = slept
    return DatasetFetcher(
      dataFolder: folder.path, sources: sources, settings: settings,
      surroundings: FetchSurroundings(
        transport: transport,
        sleep: { duration in
          slept.add(duration)
          // A wait for another process must take real time.
          if duration == .milliseconds(100) { Thread.sleep(forTimeInterval: 0.01) }
        }, isInterrupted: isInterrupted),
      replaces: replaces)
  }

  /// Fetches the data set and checks the data folder.
  ///
  /// After the fetch, the folder must have the complete data set, or no file with a final name.
  @discardableResult
  func run(
    seed: UInt64 = 0, hadAll: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) -> (error: FetchError?, events: [FetchEvent]) {
    var events: [FetchEvent] = []
    var generator = SplittableRandomSource(seed: seed)
    var failure: FetchError?
    do throws(FetchError) {
      try fetcher.fetch(set.description, using: &generator) { events.append($0) }
    } catch {
      failure = error
      #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    }
    let name = set.description.name
    let names = folder.names(in: name)
    if failure == nil || hadAll {
      #expect(names.filter { $0 != ".fetch" } == set.unpacked.keys.sorted(), sourceLocation: sourceLocation)
      if failure == nil { #expect(!names.contains(".fetch"), sourceLocation: sourceLocation) }
      for (file, bytes) in set.unpacked {
        #expect((try? folder.bytes("\(name)/\(file)")) == bytes, sourceLocation: sourceLocation)
      }
    } else {
      #expect(names == [] || names == [".fetch"], sourceLocation: sourceLocation)
    }
    return (failure, events)
  }
}
