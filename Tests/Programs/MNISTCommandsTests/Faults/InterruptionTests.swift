import Foundation
import NeuralNetwork
import TestFixtures
import Testing

/// `tools/interruptions/run` sends signals at random moments; these tests send them at known ones.
@Suite struct InterruptionTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Runs a shell command in the folder, with the built programs on its path.
  private func shell(_ command: String, started: @Sendable @escaping (Process) -> Void = { _ in }) throws -> ProgramRun
  {
    try ProgramRun("/bin/sh", ["-c", command], in: folder.path, started: started)
  }

  @Test(
    "a training that a signal ends saves the epochs that it has completed",
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func training(_ signal: Int32, _ status: Int32) throws {
    let run = try ProgramRun(
      "mnist-train", ["--epochs", "\(Int.max)", "--output", "run", "--quiet"], in: folder.path
    ) { process in
      DispatchQueue.global().asyncAfter(deadline: .now() + 0.7) { kill(process.processIdentifier, signal) }
    }
    #expect(run.status == status)
    #expect(run.errorLines.count == 1 && run.errors.contains("saved in run"), "\(run.errors)")
    let epochs = try folder.text("run/history.csv").split(separator: "\n").count - 1
    #expect(epochs > 1)
    struct Config: Decodable { var completedEpochs: Int, end: String }
    let config = try JSONDecoder().decode(Config.self, from: Data(folder.bytes("run/config.json")))
    #expect(config.completedEpochs == epochs && config.end == "stopped")
    #expect(try TrainedModel(parsing: folder.bytes("run/model.safetensors")).rowCount == 8)
    #expect(folder.names == ["run"])
  }

  @Test("a SIGHUP that is ignored at the start, as nohup does, stays ignored")
  func ignoredHangup() throws {
    let run = try shell("trap '' HUP; exec mnist-train --epochs 60 --output run --quiet") { process in
      DispatchQueue.global().async {
        for _ in 0..<20 {
          usleep(20_000)
          if process.isRunning { kill(process.processIdentifier, SIGHUP) }
        }
      }
    }
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.names == ["run"])
  }

  @Test("the same signal sent twice at once counts once")
  func repeated() throws {
    let once = try shell("exec mnist-train --epochs \(Int.max) --output run --quiet") { process in
      DispatchQueue.global().asyncAfter(deadline: .now() + 0.5) {
        kill(process.processIdentifier, SIGINT)
        usleep(1000)
        kill(process.processIdentifier, SIGINT)
      }
    }
    #expect(once.status == 130 && once.errors.contains("saved in run"), "\(once.errors)")
  }

  @Test("a training goes on where the reader of its progress has gone")
  func progressWithoutReader() throws {
    let run = try shell("mnist-train --epochs 200 --output run 2>&1 >/dev/null | head -1")
    #expect(run.output.split(separator: "\n").count == 1)
    #expect(folder.names(in: "run").contains("report.html"))
    #expect(try folder.text("run/history.csv").split(separator: "\n").count == 201)
  }

  @Test("a program whose results nobody reads any more ends quietly by SIGPIPE, and the run is saved")
  func resultsWithoutReader() throws {
    // The reader takes the first line and leaves; the results come only after the training.
    let run = try shell(
      "{ mnist-train --epochs 500 --quiet --output run; echo $? >status; } | { read line; exec <&-; sleep 3; }")
    #expect(run.errors == "")
    #expect(try folder.text("status") == "141\n")
    #expect(folder.names(in: "run").contains("report.html"))
  }
}
