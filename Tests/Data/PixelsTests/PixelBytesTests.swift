import Pixels
import RandomSources
import Testing

@Suite struct PixelBytesTests {
  /// The owner of a piece of memory, similar to a mapped file. The owner overwrites the memory before releasing it.
  private final class Memory: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ content: [UInt8]) {
      bytes = .allocate(byteCount: content.count, alignment: 1)
      bytes.copyBytes(from: content)
    }

    deinit {
      bytes.initializeMemory(as: UInt8.self, repeating: 0xEE)
      bytes.deallocate()
    }

    static func pixels(_ content: [UInt8]) -> PixelBytes {
      let memory = Memory(content)
      return PixelBytes(memory: UnsafeRawBufferPointer(memory.bytes), owner: memory)
    }
  }

  /// Returns the content in three forms: an array, one piece of memory, and several pieces of memory.
  ///
  /// The pieces have the given sizes, and a last piece holds the rest of the content.
  private static func forms(_ content: [UInt8], _ sizes: [Int]) -> [PixelBytes] {
    var rest = content[...]
    let pieces = sizes.map { size -> PixelBytes in
      defer { rest = rest.dropFirst(size) }
      return Memory.pixels(Array(rest.prefix(size)))
    }
    return [PixelBytes(content), Memory.pixels(content), PixelBytes(joining: pieces + [Memory.pixels(Array(rest))])]
  }

  @Test("elements and slices equal those of an array, in one segment and in several")
  func equality() {
    var source = SplittableRandomSource(seed: 1)
    for count in [0, 1, 2, 7, 100] {
      let content = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &source) }
      for pixels in Self.forms(content, [count / 3, 0, count / 2]) {
        #expect(Array(pixels) == content && pixels.map(\.self) == content && pixels.count == count)
        #expect(pixels == PixelBytes(content) && pixels.min() == content.min() && pixels.max() == content.max())
        for start in 0...count {
          for end in start...count {
            let slice = pixels[start..<end]
            #expect(slice.indices == start..<end && Array(slice) == Array(content[start..<end]))
            #expect(slice.withUnsafeBufferPointer { Array($0) } == Array(content[start..<end]))
            #expect(slice.withUnsafeSegments { $0.flatMap(Array.init) } == Array(content[start..<end]))
            let direct = slice.withContiguousStorageIfAvailable { Array($0) }
            #expect(direct == nil || direct == Array(content[start..<end]))
            #expect(PixelBytes(joining: [pixels[..<start], slice, pixels[end...]]) == pixels)
          }
        }
      }
    }
  }

  @Test("two values differ if one byte or the number of bytes differs")
  func difference() {
    let content = [UInt8](0..<60)
    for pixels in Self.forms(content, [13, 20]) {
      for place in content.indices {
        var other = content
        other[place] ^= 0x80
        for other in Self.forms(other, [20, 13]) { #expect(pixels != other) }
      }
      #expect(pixels != pixels.dropLast() && pixels.dropFirst() != pixels.dropLast())
    }
  }

  @Test("inWholeRows keeps the bytes, and every row is then one piece of memory")
  func rows() {
    let content = [UInt8](0..<60)
    for sizes in [[12, 24], [13, 20], [36], []] {
      for pixels in Self.forms(content, sizes) {
        for columnCount in [1, 4, 12, 60] {
          let whole = pixels.inWholeRows(of: columnCount)
          #expect(whole == pixels)
          whole.withUnsafeRows(of: columnCount) { rows in
            for row in 0..<content.count / columnCount {
              let bytes = Array(UnsafeBufferPointer(start: rows[row], count: columnCount))
              #expect(bytes == Array(content[row * columnCount..<(row + 1) * columnCount]))
            }
          }
        }
      }
    }
  }

  @Test("the memory of arrays, slices and other pixels is shared, and slices of arrays keep their indices")
  func sharing() {
    let content = [UInt8](0..<200)
    let address = content.withUnsafeBufferPointer { $0.baseAddress }
    #expect(PixelBytes(content).withUnsafeBufferPointer { $0.baseAddress } == address)
    let slice = PixelBytes(content[50..<70])
    #expect(slice.withUnsafeBufferPointer { $0.baseAddress } == address.map { $0 + 50 } && slice[50] == 50)
    #expect(PixelBytes(PixelBytes(content)[7...]).withUnsafeBufferPointer { $0.baseAddress } == address.map { $0 + 7 })
    #expect(PixelBytes(content.reversed()).first == 199 && PixelBytes(CollectionOfOne(3)) == [3])
  }

  @Test("the smallest and the largest byte are found at any position, in one segment and in several")
  func valueRange() {
    var content = [UInt8](repeating: 100, count: 70_000)
    #expect(PixelBytes(content).valueRange == 100...100)
    (content[0], content[69_999]) = (3, 250)
    for pixels in Self.forms(content, [20_000, 1]) { #expect(pixels.valueRange == 3...250) }
    (content[40_000], content[40_001]) = (0, 255)
    for pixels in Self.forms(content, [20_000, 1]) { #expect(pixels.valueRange == 0...255) }
    #expect(PixelBytes([]).valueRange == nil)
  }
}
