import Memory
import Testing

@Suite struct AvailableMemoryTests {
  @Test("a small amount of memory is available, and an impossible amount is an error with both amounts")
  func check() throws {
    try AvailableMemory.check(1 << 20)
    let error = try #require(throws: MemoryError.self) { try AvailableMemory.check(1 << 50) }
    #expect(error.needed >= 1 << 50 && error.available > 0 && error.available < 1 << 50)
    #expect(throws: MemoryError.self) { try AvailableMemory.check(.max) }
  }

  @Test("an error describes the needed memory, the available memory and the limit")
  func words() {
    #expect(
      MemoryError(needed: 3_000_000, available: 1_999_999, limit: .memory).description
        == "needs 3 MB of memory, but only 2 MB are available")
    #expect(
      MemoryError(needed: 80_000_000_000, available: 0, limit: .addressSpace).description
        == "needs 80 GB of memory, but only 0 MB are available within the limit set by ulimit -v")
    #expect(MemoryError(needed: .max, available: 1, limit: .memory).description.hasPrefix("needs more than 7 EB"))
  }
}
