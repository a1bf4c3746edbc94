import Foundation
import NeuralNetwork
import TestFixtures
import Testing

/// What PyTorch's schedulers gave, made by tools/reference/make_training_goldens.py.
struct ScheduleGolden: Decodable, CustomTestStringConvertible, Sendable {
  var schedule: LearningRateSchedule
  var updatesPerEpoch: Int
  var epochs: Int
  /// One for each update.
  var factors: [Double]

  var testDescription: String { "\(schedule), \(epochs) epochs of \(updatesPerEpoch) updates" }

  static func stored() throws -> [ScheduleGolden] {
    struct File: Decodable { var cases: [ScheduleGolden] }
    return try Fixture("training/schedules.json").decode(File.self).cases
  }
}

@Suite struct LearningRateScheduleTests {
  @Test("the factor of every update is PyTorch's", arguments: try ScheduleGolden.stored())
  func factors(_ golden: ScheduleGolden) {
    #expect(golden.factors.count == golden.updatesPerEpoch * golden.epochs)
    for (update, expected) in golden.factors.enumerated() {
      let found = golden.schedule.factor(
        update: update, updatesPerEpoch: golden.updatesPerEpoch, epochs: golden.epochs)
      #expect(abs(found - expected) <= 1e-12, "update \(update)")
    }
  }

  @Test("the goldens are of every schedule")
  func completeness() throws {
    #expect(Set(try ScheduleGolden.stored().map(\.schedule.name)) == Set(LearningRateSchedule.Name.allCases))
  }

  @Test("a warm-up that ends with the first update begins at the whole rate, where PyTorch divides by 0")
  func peakAtFirstUpdate() {
    let factors = (0..<10).map {
      LearningRateSchedule.oneCycle(warmUp: 0.1).factor(update: $0, updatesPerEpoch: 10, epochs: 1)
    }
    #expect(factors[0] == 1)
    #expect(zip(factors, factors.dropFirst()).allSatisfy { $0 > $1 })
    #expect(abs(factors[9] - 4e-6) <= 1e-12)
  }

  @Test(
    "JSON brings back the same schedule",
    arguments: [
      .constant, .cosine, .oneCycle(), .oneCycle(warmUp: 0.1), .step(everyEpochs: 10, factor: 0.3),
      .step(everyEpochs: 1, factor: 1.5),
    ] as [LearningRateSchedule])
  func roundTrip(_ schedule: LearningRateSchedule) throws {
    let json = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: json) == schedule)
  }

  @Test("epochs without end are no reason to overflow")
  func manyEpochs() {
    let schedules = [.constant, .step(everyEpochs: .max, factor: 0.5), .cosine, .oneCycle()] as [LearningRateSchedule]
    let factors = schedules.map { $0.factor(update: 0, updatesPerEpoch: 1000, epochs: .max) }
    #expect(zip(factors, [1, 1, 1, 1.0 / 25]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("the JSON has the name and the numbers under their own names")
  func form() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ schedule: LearningRateSchedule) throws -> String {
      String(decoding: try encoder.encode(schedule), as: UTF8.self)
    }
    #expect(try text(.cosine) == #"{"name":"cosine"}"#)
    #expect(try text(.oneCycle(warmUp: 0.25)) == #"{"name":"one-cycle","warmUp":0.25}"#)
    #expect(try text(.step(everyEpochs: 3, factor: 0.5)) == #"{"everyEpochs":3,"factor":0.5,"name":"step"}"#)
  }

  @Test(
    "numbers out of range, missing ones and unknown names are refused",
    arguments: [
      #"{"name":"step","everyEpochs":0,"factor":0.5}"#, #"{"name":"step","everyEpochs":-1,"factor":0.5}"#,
      #"{"name":"step","everyEpochs":1,"factor":0}"#, #"{"name":"step","everyEpochs":1,"factor":-0.5}"#,
      #"{"name":"step","everyEpochs":1.5,"factor":0.5}"#, #"{"name":"step","everyEpochs":1}"#, #"{"name":"step"}"#,
      #"{"name":"one-cycle","warmUp":0}"#, #"{"name":"one-cycle","warmUp":1}"#, #"{"name":"one-cycle","warmUp":-0.1}"#,
      #"{"name":"one-cycle"}"#, #"{"name":"oneCycle","warmUp":0.3}"#, #"{"warmUp":0.3}"#,
    ])
  func refusal(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(LearningRateSchedule.self, from: Data(json.utf8)) }
  }
}
