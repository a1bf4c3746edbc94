import NeuralNetwork
import Testing

@Suite struct ArchitectureTests {
  @Test("the article's architecture has the article's weight shapes")
  func shapes() throws {
    let architecture = try Architecture(parsing: "64,16,12,10")
    #expect(architecture.nodeCounts == [64, 16, 12, 10])
    #expect(architecture.weightShapes.map { [$0.inputs, $0.outputs] } == [[65, 17], [17, 13], [13, 10]])
    #expect(architecture.weightCount == 65 * 17 + 17 * 13 + 13 * 10)
    #expect(architecture.description == "64,16,12,10")
  }

  @Test("two layers have one weight matrix, without extra units")
  func twoLayers() throws {
    #expect(try Architecture([3, 2]).weightShapes.map { [$0.inputs, $0.outputs] } == [[4, 2]])
  }

  @Test(
    "a text that makes no architecture is refused with the reason",
    arguments: [
      ("64", ArchitectureError.tooFewLayers(found: 1)),
      ("", .notANumber("")),
      ("64,", .notANumber("")),
      ("64,x,10", .notANumber("x")),
      ("64,1.5,10", .notANumber("1.5")),
      ("64,0,10", .countNotPositive(layer: 1, found: 0)),
      ("-1,10", .countNotPositive(layer: 0, found: -1)),
      ("64,99999999999999999999,10", .notANumber("99999999999999999999")),
      ("64,9223372036854775807,10", .tooManyWeights([64, .max, 10])),
      ("100000,100000,10", .tooManyWeights([100_000, 100_000, 10])),
    ])
  func refused(_ text: String, _ error: ArchitectureError) {
    #expect(throws: error) { try Architecture(parsing: text) }
    #expect(!error.description.contains("\n"))
  }

  @Test("blanks after the commas are no mistake")
  func blanks() throws {
    #expect(try Architecture(parsing: "64, 16, 10").nodeCounts == [64, 16, 10])
  }
}
