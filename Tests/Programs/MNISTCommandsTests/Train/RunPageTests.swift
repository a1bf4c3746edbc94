import Foundation
import TestFixtures
import Testing

/// Tests of the page `report.html` that mnist-train writes.
@Suite struct RunPageTests {
  /// Returns the arguments of the command on a report page, split by a shell.
  private static func command(in html: String) throws -> [String] {
    let start = try #require(html.range(of: "<code>"))
    let end = try #require(html.range(of: "</code>"))
    let text = html[start.upperBound..<end.lowerBound].replacing("&#39;", with: "'").replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&amp;", with: "&")
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "printf '%s\\n' \(text)"]
    let output = Pipe()
    shell.standardOutput = output
    try shell.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    shell.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Returns the configuration in a run's `config.json` as JSON with sorted keys.
  private static func configuration(_ folder: ScratchFolder, _ run: String) throws -> String {
    let record = try JSONSerialization.jsonObject(with: Data(folder.bytes(run + "/config.json"))) as? [String: Any]
    let configuration = try #require(record?["configuration"] as? [String: Any])
    let data = try JSONSerialization.data(withJSONObject: configuration, options: .sortedKeys)
    return String(decoding: data, as: UTF8.self)
  }

  @Test(
    "the command on the page gives the same configuration and the same weights",
    arguments: [
      "", "--seed 4294967295 --architecture 64,9,10 --epochs 2", "--preset fast --epochs 3",
      "--preset fast --epochs 2 --optimizer adam", "--preset fast --epochs 2 --optimizer adamw --learning-rate 0.3",
      "--epochs 1 --optimizer momentum --batch-size 7", "--preset fast --epochs 2 --momentum 0.55",
      "--preset accurate --architecture 64,20,10 --epochs 1 --learning-rate-schedule step --step-epochs 2",
      "--preset fast --epochs 2 --learning-rate-schedule cosine --no-shuffle --activation tanh",
      "--preset fast --epochs 2 --warm-up 0.1 --weight-decay 1e-05 --dropout 0.25 --label-smoothing 0",
      "--epochs 3 --validation-size 0.125 --early-stopping 2 --stratify --shuffle",
      "--epochs 1 --validation-size 100 --test-size 300 --normalization standard --initializer he",
      "--epochs 1 --loss binary-cross-entropy --biases weights --precision float32 --instruction-set plain",
      "--dataset FIXTURE --epochs 1 --architecture 784,8,10",
      "--dataset FIXTURE --epochs 1 --architecture 784,8,10 --split random",
      "--dataset FIXTURE --epochs 1 --architecture 784,8,10 --test-size 50",
      "--dataset FIXTURE --epochs 1 --preset article --split canonical",
    ])
  func repeatsTheRun(_ options: String) throws {
    let folder = try ScratchFolder()
    let arguments = options.split(separator: " ").map { $0 == "FIXTURE" ? Fixture("mnist-subset").path : String($0) }
    let first = try ProgramRun("mnist-train", arguments + ["--quiet", "--output", "first"], in: folder.path)
    #expect(first.status == 0, "\(first.errors)")
    let command = try Self.command(in: folder.text("first/report.html"))
    #expect(command.first == "mnist-train")
    let again = try ProgramRun("mnist-train", command.dropFirst() + ["--quiet", "--output", "again"], in: folder.path)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try Self.configuration(folder, "first") == Self.configuration(folder, "again"))
    #expect(try folder.bytes("first/model.safetensors") == folder.bytes("again/model.safetensors"))
  }

  @Test("the page shows the errors in predictions.csv in decreasing order of loss")
  func errors() throws {
    let folder = try ScratchFolder()
    let run = try ProgramRun("mnist-train", ["--quiet", "--epochs", "20", "--output", "run"], in: folder.path)
    #expect(run.status == 0)
    let errors = try folder.text("run/predictions.csv").split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",") }.filter { $0[1] != $0[2] }
    let worst = try errors.sorted {
      try #require(Double($0[4])) > #require(Double($1[4]))
    }.map { String($0[0]) }
    let html = try folder.text("run/report.html")
    let shown = html.split(separator: " data-index=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    #expect(shown == worst && !worst.isEmpty)
    #expect(html.contains("All \(worst.count) errors"))
    #expect(!html.contains(folder.path), "the page of a known data set contains no path")
  }

  @Test("a run folder of an earlier version, without a page, can be replaced and dumped")
  func older() throws {
    let folder = try ScratchFolder()
    let arguments = ["--quiet", "--epochs", "1", "--output", "run"]
    #expect(try ProgramRun("mnist-train", arguments, in: folder.path).status == 0)
    try FileManager.default.removeItem(atPath: folder("run/report.html"))
    #expect(try ProgramRun("mnist-dump-errors", ["run"], in: folder.path).status == 0)
    #expect(try ProgramRun("mnist-train", arguments, in: folder.path).status == 0)
    #expect(folder.names(in: "run").contains("report.html"))
  }

  @Test("if the training diverges, the page says so")
  func diverged() throws {
    let folder = try ScratchFolder()
    let run = try ProgramRun(
      "mnist-train", ["--preset", "fast", "--loss", "squared-error", "--learning-rate", "1e300", "--output", "run"],
      in: folder.path)
    #expect(run.status == 65)
    let html = try folder.text("run/report.html")
    #expect(html.contains("<p class=\"remark\">The training diverged: in epoch 1"))
    #expect(html.contains("no epoch was completed"))
  }
}
