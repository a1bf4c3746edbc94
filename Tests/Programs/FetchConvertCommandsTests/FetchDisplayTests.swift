import FetchConvertCommands
import Testing

@Suite struct FetchDisplayTests {
  @Test("a progress bar shows the received size, the speed and the remaining time within the terminal's width")
  func bar() {
    func bar(_ received: Int, _ byteCount: Int?, _ rate: Double?, _ width: Int) -> String {
      FetchDisplay.bar("a.gz", received: received, byteCount: byteCount, bytesPerSecond: rate, width: width)
    }
    #expect(bar(500, 1000, 100, 60) == "a.gz [####-----] 500 bytes of 1.0 kB, 100 bytes/s, 5 s left")
    #expect(bar(0, 1000, nil, 40) == "a.gz [--------------] 0 bytes of 1.0 kB")
    #expect(bar(2_500_000, nil, 1e6, 60) == "a.gz 2.5 MB, 1.0 MB/s")
    #expect(bar(1000, 1000, 0, 45) == "a.gz [#########] 1.0 kB of 1.0 kB, 0 bytes/s")
    for width in 1..<100 { #expect(bar(123, 456_789, 12_345, width).count < max(width, 2)) }
  }

  @Test("sizes have decimal units")
  func sizes() {
    let texts = [
      0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 28_881: "28.9 kB", 999_949: "999.9 kB",
      999_950: "1.0 MB", 561_753_746: "561.8 MB", 3_000_000_000: "3.0 GB",
    ]
    for (byteCount, text) in texts { #expect(byteCount.byteCountText == text) }
  }
}
