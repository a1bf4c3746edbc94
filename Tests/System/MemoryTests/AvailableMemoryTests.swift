import Memory
import Testing

@Suite struct AvailableMemoryTests {
  @Test("what every machine has is available, and what none has is an error with its evidence")
  func check() throws {
    try AvailableMemory.check(1 << 20)
    let error = try #require(throws: MemoryError.self) { try AvailableMemory.check(1 << 50) }
    #expect(error.needed >= 1 << 50 && error.available > 0 && error.available < 1 << 50)
    #expect(throws: MemoryError.self) { try AvailableMemory.check(.max) }
  }

  @Test("an error says in words what is needed, what is available, and which limit it is")
  func words() {
    #expect(
      MemoryError(needed: 3_000_000, available: 1_999_999, limit: .memory).description
        == "needs 3 MB of memory, but only 2 MB are available")
    #expect(
      MemoryError(needed: 80_000_000_000, available: 0, limit: .addressSpace).description
        == "needs 80 GB of memory, but only 0 MB are available within the limit that ulimit -v shows")
    #expect(MemoryError(needed: .max, available: 1, limit: .memory).description.hasPrefix("needs more than 7 EB"))
  }
}
