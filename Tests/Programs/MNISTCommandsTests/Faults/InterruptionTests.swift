import Foundation
import NeuralNetwork
import TestFixtures
import Testing

/// Tests of signals at known moments. The tool `tools/interruptions/run` sends signals at random moments.
@Suite struct InterruptionTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Runs a shell command in the folder. The variable PATH contains the folder of the built programs.
  private func shell(_ command: String, started: @Sendable @escaping (Process) -> Void = { _ in }) throws -> ProgramRun
  {
    try ProgramRun("/bin/sh", ["-c", command], in: folder.path, started: started)
  }

  @Test(
    "a training that is ended by a signal saves its completed epochs",
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

  @Test("if SIGHUP is ignored at the start, as under nohup, it stays ignored")
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

  @Test("a signal that is sent twice within a millisecond counts once")
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

  @Test("training continues after the reader of the progress has closed the pipe")
  func progressWithoutReader() throws {
    let run = try shell("mnist-train --epochs 200 --output run 2>&1 >/dev/null | head -1")
    #expect(run.output.split(separator: "\n").count == 1)
    #expect(folder.names(in: "run").contains("report.html"))
    #expect(try folder.text("run/history.csv").split(separator: "\n").count == 201)
  }

  @Test("if the reader of the results has closed the pipe, the run is saved and the program ends with SIGPIPE")
  func resultsWithoutReader() throws {
    // The reader closes the pipe after the first line. The results are written after the training.
    let run = try shell(
      "{ mnist-train --epochs 500 --quiet --output run; echo $? >status; } | { read line; exec <&-; sleep 3; }")
    #expect(run.errors == "")
    #expect(try folder.text("status") == "141\n")
    #expect(folder.names(in: "run").contains("report.html"))
  }
}
