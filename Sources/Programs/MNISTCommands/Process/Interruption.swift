internal import DurableFiles
internal import Foundation
internal import Synchronization
internal import Workers

/// The handling of SIGINT (Control-C), SIGTERM and SIGHUP for all programs.
///
/// All threads block these signals, and one thread waits for the signals. No code runs inside a signal handler.
///
/// By default, a signal removes the unfinished outputs and ends the process with a one-line message. After an output
/// has been committed, the signal does not end the process. The command then reports the output and ends by itself. A
/// command that saves its progress calls ``continueAfterSignals()`` and polls ``signal``.
package enum Interruption {
  private enum Mode {
    /// A signal ends the process if the number of committed outputs is still `committedCount`.
    case endProcess(committedCount: Int)
    /// The command polls ``Interruption/signal``. A second SIGINT ends the process anyway.
    case continueAfterSignals
    /// The command has finished, and signals have no effect.
    case ignore
  }

  private static let mode = Mutex(Mode.endProcess(committedCount: 0))
  /// The number of the first signal; 0 before any signal.
  private static let firstSignal = Atomic<Int32>(0)

  /// The time within which a second SIGINT counts as a duplicate of the first SIGINT. The command `timeout` sends its
  /// signal twice.
  private static let repetitionTime = Duration.milliseconds(500)

  /// Starts the handling of signals for the whole process. This function must be called before a second thread exists.
  ///
  /// If SIGHUP is ignored at the start, as under `nohup`, it stays ignored. SIGINT and SIGTERM are always handled. A
  /// shell script starts its background jobs with SIGINT ignored, but `kill -INT` must end a training run in the
  /// background too.
  ///
  /// - Parameter program: The program's name. The message on standard error begins with this name.
  static func handle(as program: String) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    // The signals are blocked first, so that no signal can end the process while this function runs.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    // `sigwait` never returns a signal that is ignored.
    for number in [SIGINT, SIGTERM] { _ = Foundation.signal(number, SIG_DFL) }
    if isIgnored(SIGHUP) { sigdelset(&signals, SIGHUP) }
    // The stack is small, so that the thread starts even with a low `ulimit -v`.
    guard startDetachedThread(stackByteCount: 1 << 19, { [signals] in wait(for: signals, program) }) else {
      // Without the waiting thread, signals have to end the process directly.
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
    // The lock is held until the process ends. A command that fails or finishes in the meantime waits in
    // `ignoreSignals`.
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

  /// The number of the first signal; nil before any signal.
  package static var signal: Int32? {
    let number = firstSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Lets the command continue after a signal. The command must poll ``signal`` and end by itself.
  package static func continueAfterSignals() {
    mode.withLock { $0 = .continueAfterSignals }
  }

  /// Lets a signal end the process, from now on until the next output is committed.
  ///
  /// - Throws: A failure if a signal has already been received.
  package static func endProcessOnSignal() throws(CommandFailure) {
    let committedCount = UnfinishedOutputs.committedCount
    mode.withLock { $0 = .endProcess(committedCount: committedCount) }
    if signal != nil { throw failure("interrupted") }
  }

  /// Creates the failure of a command that ends because of a signal.
  package static func failure(_ message: String) -> CommandFailure {
    CommandFailure(ExitStatus(signal: signal ?? SIGINT), message)
  }

  /// Ignores all further signals. This function is called after a command has finished or failed.
  ///
  /// If a signal is already ending the process, this function waits for the end of the process. The signal's thread may
  /// have removed the outputs of the command, and the command may have failed only for this reason.
  static func ignoreSignals() {
    mode.withLock { $0 = .ignore }
  }
}
