import DatasetFormats
import Datasets
import Foundation
import RandomSources
import TestFixtures
import Testing

/// Tests of `mnist-dump-errors --suspects`, which finds samples whose labels are probably wrong.
@Suite struct SuspectsTests {
  /// Returns the digits with `count` labels changed to other classes, and the indices of these labels.
  static func corrupted(_ count: Int, seed: UInt64) throws -> (data: ImageDataset, wrong: Set<Int>) {
    let digits = try ImageDataset.digits()
    var source = SplittableRandomSource(seed: seed)
    var labels = digits.labels
    let wrong = Set((0..<digits.count).shuffled(using: &source).prefix(count))
    for index in wrong { labels[index] = (labels[index] + UInt8.random(in: 1...9, using: &source)) % 10 }
    return (
      ImageDataset(
        name: "corrupted", rowCount: 8, columnCount: 8, pixels: digits.pixels, labels: labels,
        trainingCount: digits.count,
        classNames: digits.classNames), wrong
    )
  }

  @Test("most of the changed labels are among the first suspects", arguments: [1, 2] as [UInt64])
  func found(_ seed: UInt64) throws {
    let folder = try ScratchFolder()
    // 36 labels are 2 % of 1,797.
    let (data, wrong) = try Self.corrupted(36, seed: seed)
    try data.write(to: folder("set.npz"), as: .npz)
    let train = [
      "--dataset", "set.npz", "--preset", "fast", "--architecture", "64,64,10", "--output", "run", "--quiet",
    ]
    let trained = try ProgramRun(
      "mnist-train", train + ["--split", "random", "--test-size", "0.1", "--epochs", "20"], in: folder.path)
    #expect(trained.status == 0, "\(trained.errors)")
    let run = try ProgramRun("mnist-dump-errors", ["run", "--suspects"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errorLines.count == 5 && run.errorLines[4].hasPrefix("fold 5 of 5: "))
    #expect(run.output.contains("of 1617 training samples of set") && run.output.hasSuffix("Pictures: run/suspects\n"))

    let suspects = try DumpErrorsCommandTests.rows(folder, "run/suspects/suspects.csv").compactMap { Int($0[0]) }
    let tested = Set(try DumpErrorsCommandTests.rows(folder, "run/predictions.csv").compactMap { Int($0[0]) })
    let findable = wrong.subtracting(tested)
    let found = findable.intersection(suspects)
    let first = findable.intersection(suspects.prefix(findable.count))
    // In practice, at least 97 % of the changed labels are suspects, and at least 90 % are among the first suspects.
    #expect(Double(found.count) >= 0.9 * Double(findable.count), "\(found.count) of \(findable.count)")
    #expect(Double(first.count) >= 0.75 * Double(findable.count), "\(first.count) of \(findable.count)")
  }

  @Test("repeated searches give the same suspects and replace only an earlier folder of suspects")
  func again() throws {
    let folder = try DumpErrorsCommandTests.trained(["--epochs", "5"])
    func dump(_ arguments: String...) throws -> [String: [UInt8]] {
      let run = try ProgramRun("mnist-dump-errors", ["run", "--suspects", "3"] + arguments, in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      return try Dictionary(
        uniqueKeysWithValues: folder.names(in: "run/suspects").map { ($0, try folder.bytes("run/suspects/\($0)")) })
    }
    let first = try dump()
    #expect(try dump("--threads", "1") == first)
    #expect(try dump("--limit", "4", "--quiet").count == 4 + 3)
    // A new run in the same folder removes the suspects of the old run.
    #expect(try ProgramRun("mnist-train", ["--epochs", "1", "--output", "run"], in: folder.path).status == 0)
    #expect(!folder.names(in: "run").contains("suspects"))
    try folder.write("mine".utf8, to: "run/suspects/notes.txt")
    try BadInputTests.expect(
      73, "run/suspects: cannot write: the folder holds notes.txt", "mnist-dump-errors",
      ["run", "--suspects", "2", "--quiet"], in: folder)
  }

  @Test("more folds than samples give a one-line error")
  func broken() throws {
    let folder = try DumpErrorsCommandTests.trained(["--epochs", "1", "--test-size", "1787"])
    try BadInputTests.expect(
      64, "the number of folds is 99, expected at most 10", "mnist-dump-errors", ["run", "--suspects", "99"], in: folder
    )
  }
}
