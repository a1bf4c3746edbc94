import NeuralNetwork
import Testing

@Suite struct LossTests {
  @Test("the loss of outputs is the formula's, worked by hand")
  func values() {
    let outputs = [0.2, 0.7, 0.1]
    func isNear(_ loss: Loss, _ label: Int, _ expected: Double) -> Bool {
      abs(loss.value(outputs: outputs, label: label) - expected) < 1e-12
    }
    // 0.04 + 0.09 + 0.01; 0.64 + 0.49 + 0.01
    #expect(isNear(.article, 1, 0.14) && isNear(.squaredError, 0, 1.14))
    // -ln 0.7; -ln 0.7 - ln 0.8 - ln 0.9
    #expect(isNear(.categoricalCrossEntropy, 1, 0.35667494393873245))
    #expect(isNear(.binaryCrossEntropy, 1, 0.6851790109107685))
  }

  @Test("outputs of exactly 0 and 1 give a finite loss, the largest there is")
  func saturated() {
    let wrong = Loss.categoricalCrossEntropy.value(outputs: [1, 0], label: 1)
    #expect(wrong.isFinite && wrong > 100)
    #expect(Loss.categoricalCrossEntropy.value(outputs: [1, 0], label: 0) == 0)
    #expect(Loss.binaryCrossEntropy.value(outputs: [1.0, 0][...], label: 1) == 2 * wrong)
  }

  @Test("outputs that are no numbers give a loss that is none", arguments: Loss.allCases)
  func notANumber(_ loss: Loss) {
    #expect(loss.value(outputs: [.nan, .nan], label: 0).isNaN)
  }

  @Test("a loss is chosen by the outputs", arguments: Loss.allCases)
  func suiting(_ loss: Loss) {
    #expect(Loss(suiting: loss.outputActivation).outputActivation == loss.outputActivation)
  }
}
