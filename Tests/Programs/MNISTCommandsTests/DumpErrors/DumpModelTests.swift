import Foundation
import TestFixtures
import Testing

/// Tests of `mnist-dump-errors --model FILE --dataset NAME|PATH`.
@Suite struct DumpModelTests {
  @Test("a model is evaluated on the test part of a data set, or on the whole data set if it has none")
  func otherData() throws {
    let folder = try DumpErrorsCommandTests.trained(["--epochs", "2"])
    let digits = try ProgramRun(
      "mnist-dump-errors", ["--model", "run/model.safetensors", "--dataset", "digits", "--all"], in: folder.path)
    #expect(digits.status == 0, "\(digits.errors)")
    #expect(digits.output.hasPrefix("1797 of 1797 training samples of digits\n"))
    #expect(folder.names == ["errors", "run"])
    // For the test samples, the predictions of the model are equal to the predictions of the run.
    let all = try DumpErrorsCommandTests.rows(folder, "errors/errors.csv")
    let recorded = try DumpErrorsCommandTests.rows(folder, "run/predictions.csv")
    let byIndex = Dictionary(uniqueKeysWithValues: all.map { ($0[0], $0) })
    for row in recorded { #expect(byIndex[row[0]]?.prefix(4) == row.prefix(4)) }

    let subset = Fixture("mnist-subset").path
    let train = ["--dataset", subset, "--epochs", "1", "--quiet", "--output", "other"]
    #expect(try ProgramRun("mnist-train", train, in: folder.path).status == 0)
    let test = try ProgramRun(
      "mnist-dump-errors", ["--model", "other/model.safetensors", "--dataset", subset, "--output", "there"],
      in: folder.path)
    #expect(test.status == 0, "\(test.errors)")
    #expect(test.output.contains("of 100 test samples of mnist-subset"))
  }

  @Test("a model and a data set that do not fit together give a one-line error")
  func broken() throws {
    let folder = try DumpErrorsCommandTests.trained(["--epochs", "1"])
    func expect(_ status: Int32, _ text: String, _ arguments: String...) throws {
      try BadInputTests.expect(status, text, "mnist-dump-errors", arguments, in: folder)
    }
    let model = "run/model.safetensors"
    let subset = Fixture("mnist-subset").path
    try expect(64, "takes images of 8x8 pixels", "--model", model, "--dataset", subset)
    try expect(66, "nowhere", "--model", "nowhere", "--dataset", "digits")
    try expect(65, "config.json", "--model", "run/config.json", "--dataset", "digits")
    try expect(66, "no such data set", "--model", model, "--dataset", "nonesuch")
    try expect(64, "no test part", "--model", model, "--dataset", "digits", "--split", "test")
    try expect(64, "no validation part", "--model", model, "--dataset", "digits", "--split", "validation")
    try expect(64, "cannot be combined", "run", "--model", model, "--dataset", "digits")
    try expect(64, "needs a run folder", "--model", model, "--dataset", "digits", "--suspects")
  }
}
