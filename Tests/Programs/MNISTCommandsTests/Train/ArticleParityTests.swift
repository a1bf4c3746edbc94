import Foundation
import TestFixtures
import Testing

/// The results of a run of the article's Python script, stored by tools/reference/make_article_goldens.py.
struct ArticleGolden: Decodable, Sendable, CustomTestStringConvertible {
  struct Settings: Decodable, Sendable {
    var seed: UInt32?
    var architecture: [Int]?
    var epochs: Int?
    var learningRate: Double?
    var testSize: Double?
    var initializer: String?
  }
  var dataset: String
  var settings: Settings
  var costs: [Double]
  var accuracy: Double
  var report: String
  /// The misclassified samples, each with its index, actual class and predicted class.
  var errors: [[Int]]
  var firstOutputs: [Double]

  var testDescription: String { arguments.joined(separator: " ") }

  /// The arguments of mnist-train for the settings of the Python run.
  var arguments: [String] {
    var arguments = ["--preset", "article", "--dataset", dataset == "digits" ? dataset : Fixture(dataset).path]
    func add(_ name: String, _ value: (some Any)?) { if let value { arguments += ["--" + name, "\(value)"] } }
    add("seed", settings.seed)
    add("architecture", settings.architecture?.map(String.init).joined(separator: ","))
    add("epochs", settings.epochs)
    add("learning-rate", settings.learningRate)
    // JSON does not distinguish 1 from 1.0. A size below 1 is therefore read as a fraction, and any other size as a
    // count.
    add("test-size", settings.testSize.map { $0 < 1 ? "\($0)" : "\(Int($0))" })
    add("initializer", settings.initializer)
    return arguments
  }

  /// Reads the stored results.
  static func stored() throws -> [ArticleGolden] {
    struct File: Decodable { var cases: [ArticleGolden] }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try ["digits", "mnist-subset"].flatMap { name in
      try decoder.decode(File.self, from: Data(Fixture("article/\(name).json").bytes())).cases
    }
  }
}

@Suite struct ArticleParityTests {
  @Test("every number is equal to the number of the Python script", arguments: try ArticleGolden.stored())
  func parity(_ golden: ArticleGolden) throws {
    let folder = try ScratchFolder()
    let run = try ProgramRun("mnist-train", golden.arguments + ["--output", "run", "--quiet"], in: folder.path)
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")

    let costs = try folder.text("run/history.csv").split(separator: "\n").dropFirst()
      .map { try #require(Double($0.split(separator: ",")[1])) }
    #expect(costs.count == golden.costs.count)
    for (found, expected) in zip(costs, golden.costs) {
      #expect(abs(found - expected) <= 1e-9 * expected, "cost \(found), expected \(expected)")
    }

    struct Metrics: Decodable { var accuracy: Double }
    let metrics = try JSONDecoder().decode(Metrics.self, from: Data(folder.bytes("run/metrics.json")))
    #expect(metrics.accuracy == golden.accuracy)
    #expect(try folder.text("run/report.txt") == golden.report)
    #expect(run.output.contains("\n" + golden.report + "\n"))

    let rows = try folder.text("run/predictions.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",")
    }
    #expect(rows.filter { $0[1] != $0[2] }.map { $0.prefix(3).compactMap { Int($0) } } == golden.errors)
    let confidence = try #require(rows.first.flatMap { Double($0[3]) })
    #expect(abs(confidence - (golden.firstOutputs.max() ?? 0)) < 1e-9)

    let lines = run.output.split(separator: "\n").filter { $0.hasPrefix("Actual: ") }
    #expect(lines == golden.errors.map { "Actual: \($0[1]) Predicted: \($0[2])" })
  }

  @Test("the stored results contain the documented accuracy and costs")
  func named() throws {
    let golden = try #require(try ArticleGolden.stored().first)
    #expect(golden.accuracy == 0.9644444444444445 || golden.accuracy == 0.9644444444444444)
    #expect(golden.errors.count == 16)
    #expect(abs(golden.costs[0] - 0.600_683_205_302_509_4) < 1e-9)
    #expect(abs(golden.costs[99] / 5.732_439_156_483_683e-05 - 1) < 1e-9)
  }
}
