import LabelBinarization
import Matrices
import NeuralNetwork
import Normalization
import RandomSources
import Testing

@Suite struct SamplesTests {
  @Test(
    "bytes train to the same bits as the matrix that they are scaled to, whatever the scaling",
    arguments: [1, 255, 600])
  func bytes(_ count: Int) throws {
    var source = NumPyRandomSource(seed: 21)
    let pixels = (0..<count * 12).map { _ in source.uniform() < 0.7 ? 0 : UInt8(source.integer(through: 255)) }
    var targets = Matrix<Double>(rowCount: count, columnCount: 3)
    for row in 0..<count { targets[row, row % 3] = 1 }
    let plain = try Normalizer.none.transform(pixels, featureCount: 12).matrix()
    for normalizer in try [
      Normalizer.none, .minMax(MinMaxScaler.fit([0, 255])), .minMax(MinMaxScaler.fit(plain, scope: .feature)),
      .standard(StandardScaler.fit(plain)),
    ] {
      let samples = try normalizer.transform(pixels, featureCount: 12)
      #expect(samples.count == count && samples.featureCount == 12)
      let untrained = NeuralNetwork(try Architecture([12, 5, 3]), initializer: .standardNormal, using: &source)
      var (one, other) = (untrained, untrained)
      let trainer = try Trainer(epochs: 2, learningRate: 0.1)
      let data = LabelledSamples(samples: samples, targets: Targets(targets))
      let history = try trainer.train(&one, on: data, using: &source)
      let expected = try trainer.train(&other, samples: Samples(samples.matrix()), targets: Targets(targets))
      #expect(one == other && one != untrained)
      #expect(history.epochs.map(\.cost) == expected.epochs.map(\.cost))
    }
  }
}
