import Datasets
import Fetching
import Foundation
import RandomSources
import Synchronization
import TestFixtures
import Testing

@Suite struct RandomFaultTests {
  /// The mirrors for all sequences of faults. The first part of a request's path selects the mirror.
  private final class Mirrors: Sendable {
    private let mirrors = Mutex<[String: FaultyMirror]>([:])
    func add(_ mirror: FaultyMirror, as name: String) { mirrors.withLock { $0[name] = mirror } }
    func respond(_ request: FaultServer.Request) -> [FaultServer.Step] {
      let name = request.path.split(separator: "/").first.map(String.init) ?? ""
      guard let mirror = mirrors.withLock({ $0[name] }) else { return [.close] }
      return mirror.respond(request)
    }
  }

  @Test("after each of 1,000 random sequences of faults, the data folder is complete and correct, or unchanged")
  func sequences() throws {
    let mirrors = Mirrors()
    let server = try FaultServer(mirrors.respond)
    let transport = CurlTransport(userAgent: "test")
    let counts = Mutex<(complete: Int, failed: Int)>((0, 0))

    @Sendable func sequence(_ seed: UInt64) throws {
      var source = SplittableRandomSource(seed: seed)
      let set = SyntheticSet(seed: seed)
      let (other, folder) = (SyntheticSet(seed: seed &+ 1), try ScratchFolder())
      var trial = try Trial(set, in: folder, transport: transport, sources: [])
      for number in 0..<Int.random(in: 1...3, using: &source) {
        let faults = (0..<Int.random(in: 0...8, using: &source)).map { _ in Fault.random(using: &source) }
        // One mirror in eight has the files of another data set under the same names.
        let isOther = Int.random(in: 0..<8, using: &source) == 0
        mirrors.add(
          FaultyMirror(
            isOther ? other.files : set.files, faults: faults, repeatsLast: Bool.random(using: &source),
            knowsRanges: Bool.random(using: &source), saysValidator: Int.random(in: 0..<4, using: &source) > 0),
          as: "\(seed)-\(number)")
        trial.sources.append(try #require(FetchSource(server.url("\(seed)-\(number)"))))
      }
      trial.beImpatient()
      // A later run finds the partial downloads of the earlier runs and may succeed.
      for _ in 0..<Int.random(in: 1...3, using: &source) {
        let isComplete = trial.run(seed: seed).error == nil
        counts.withLock { if isComplete { $0.complete += 1 } else { $0.failed += 1 } }
        if isComplete { break }
      }
      mirrors.add(FaultyMirror(set.files), as: "\(seed)-good")
      trial.sources = [try #require(FetchSource(server.url("\(seed)-good")))]
      trial.settings = FetchSettings()
      #expect(trial.run(seed: seed).error == nil)
      // Faults must not harm a data set that is already complete.
      mirrors.add(
        FaultyMirror(set.files, faults: (0..<6).map { _ in Fault.random(using: &source) }), as: "\(seed)-good")
      trial.beImpatient()
      trial.replaces = true
      trial.run(seed: seed, hadAll: true)
    }

    let next = Mutex<UInt64>(0)
    let group = DispatchGroup()
    let failures = Mutex<[String]>([])
    for _ in 0..<8 {
      group.enter()
      Thread {
        while case let seed = next.withLock({ next in
          defer { next += 1 }; return next
        }), seed < 1000 {
          do { try sequence(seed) } catch { failures.withLock { $0.append("seed \(seed): \(error)") } }
        }
        group.leave()
      }.start()
    }
    group.wait()
    #expect(failures.withLock { $0 } == [])
    // Many runs must succeed, and many runs must fail.
    let (complete, failed) = counts.withLock { $0 }
    print("random faults: \(complete) runs complete, \(failed) failed, \(server.requests.count) requests")
    #expect(complete > 200 && failed > 200)
  }
}
