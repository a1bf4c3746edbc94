internal import Datasets
internal import RandomSources
internal import Splitting

/// Which samples train, which judge each epoch, and which test, by their indices in the data set, in the order of use.
struct DataParts: Equatable {
  var train: [Int]
  /// Drawn from the training part; empty where there is none.
  var validation: [Int]
  var test: [Int]

  /// The parts that a configuration asks for. The validation part is drawn right behind the test part.
  init(
    _ configuration: Configuration, of data: ImageDataset, using source: inout some RandomSource
  ) throws {
    func split(_ labels: [UInt8], _ size: TestSize) throws(SplittingError) -> TrainTestSplit {
      configuration.stratify
        ? try .stratified(labels: labels, testSize: size, using: &source)
        : try .random(sampleCount: labels.count, testSize: size, using: &source)
    }

    let outer: TrainTestSplit
    switch configuration.split {
    case .canonical:
      guard data.testCount > 0, data.trainingCount > 0 else {
        let part = data.testCount > 0 ? "training" : "test"
        throw CommandFailure(
          .usage, "\(data.name) has no \(part) part of its own, so --split canonical does not suit it")
      }
      outer = .canonical(trainCount: data.trainingCount, testCount: data.testCount)
    case .random:
      guard let testSize = configuration.testSize else {
        throw CommandFailure(.badData, "a random split needs a test size")
      }
      outer = try split(data.labels, testSize)
    }
    (train, validation, test) = (outer.train, [], outer.test)

    guard let validationSize = configuration.validationSize else { return }
    do throws(SplittingError) {
      let inner = try split(train.map { data.labels[$0] }, validationSize)
      (train, validation) = (inner.train.map { outer.train[$0] }, inner.test.map { outer.train[$0] })
    } catch {
      throw CommandFailure(error).at("the validation part of the training samples")
    }
  }
}
