internal import DurableFiles
internal import Foundation
internal import Synchronization
internal import Workers

/// The handling of SIGINT (Control-C), SIGTERM and SIGHUP, in one place for all programs.
///
/// All threads block these signals, and one thread waits for them, so that no code runs inside a signal handler. By
/// default a signal removes the unfinished outputs and ends the process with one line. Once an output is in place, the
/// command reports it and ends by itself. A command that saves its progress calls ``continueAfterSignals()`` and polls
/// ``signal``.
package enum Interruption {
  private enum Mode {
    /// A signal ends the process, as long as this is the number of outputs that are in place.
    case endProcess(committedCount: Int)
    /// The command polls ``Interruption/signal``. A further SIGINT ends the process all the same.
    case continueAfterSignals
    /// The command is over.
    case ignore
  }

  private static let mode = Mutex(Mode.endProcess(committedCount: 0))
  /// 0 until a signal has come.
  private static let firstSignal = Atomic<Int32>(0)

  /// A SIGINT after another signal ends the process, unless it comes within this time: `timeout` sends each signal twice.
  private static let repetitionTime = Duration.milliseconds(500)

  /// Begins to handle signals, for the whole process. To be called before there is a second thread.
  ///
  /// A SIGHUP that is ignored, as `nohup` does, stays ignored. SIGINT and SIGTERM do not: a shell's script ignores SIGINT in
  /// its background jobs, and `kill -INT` has to end a training there as well.
  ///
  /// - Parameter program: The name that begins the line on standard error.
  static func handle(as program: String) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    // Blocked first, so that none can end the process while its handling is looked up.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    // An ignored signal would never become pending.
    for number in [SIGINT, SIGTERM] { _ = Foundation.signal(number, SIG_DFL) }
    if isIgnored(SIGHUP) { sigdelset(&signals, SIGHUP) }
    // A small stack, which even a tight `ulimit -v` allows.
    guard startDetachedThread(stackByteCount: 1 << 19, { [signals] in wait(for: signals, program) }) else {
      // Without a thread to wait for them, signals end the process as they always do.
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      return
    }
  }

  private static func wait(for signals: sigset_t, _ program: String) {
    var signals = signals
    var first: ContinuousClock.Instant?
    while true {
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      let now = ContinuousClock().now
      receive(number, program, isRepeated: number == SIGINT && first.map { now - $0 > repetitionTime } ?? false)
      first = first ?? now
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    let handler = Foundation.signal(number, SIG_DFL)
    let isIgnored = unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    if isIgnored { _ = Foundation.signal(number, SIG_IGN) }
    return isIgnored
  }

  private static func receive(_ number: Int32, _ program: String, isRepeated: Bool) {
    // Locked until the process ends: a command that is about to fail or finish waits in `ignoreSignals`.
    _ = firstSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
    mode.withLock { mode in
      func end() -> Never {
        StatusOutput(isQuiet: false).line("\(program): interrupted")
        _exit(ExitStatus(signal: number).rawValue)
      }
      switch mode {
      case .endProcess where isRepeated, .continueAfterSignals where isRepeated: UnfinishedOutputs.removeAll(then: end)
      case .endProcess(let committedCount): UnfinishedOutputs.removeAll(ifCommitted: committedCount, then: end)
      case .continueAfterSignals, .ignore: break
      }
    }
  }

  /// The first signal that has come; nil for none.
  package static var signal: Int32? {
    let number = firstSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Lets the command go on after a signal. The command has to poll ``signal`` and end by itself.
  package static func continueAfterSignals() {
    mode.withLock { $0 = .continueAfterSignals }
  }

  /// Lets a signal end the process until the next output is in place.
  ///
  /// - Throws: Where a signal has come already.
  package static func endProcessOnSignal() throws(CommandFailure) {
    let committedCount = UnfinishedOutputs.committedCount
    mode.withLock { $0 = .endProcess(committedCount: committedCount) }
    if signal != nil { throw failure("interrupted") }
  }

  /// Creates the failure of a command that a signal has ended.
  package static func failure(_ message: String) -> CommandFailure {
    CommandFailure(ExitStatus(signal: signal ?? SIGINT), message)
  }

  /// Ignores signals from here on, where a command has done its work or failed.
  ///
  /// Waits for the end where a signal is ending the process: the command may have failed because its outputs were removed.
  static func ignoreSignals() {
    mode.withLock { $0 = .ignore }
  }
}
