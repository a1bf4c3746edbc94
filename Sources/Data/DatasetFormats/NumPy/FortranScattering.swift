/// Walks through an array with its first index changing fastest, and says where each element is in C order.
struct FortranScattering {
  private let shape: [Int]
  /// How far apart two elements are whose indices differ by one in a dimension.
  private let strides: [Int]
  private var indices: [Int]
  private var offset = 0

  /// - Precondition: there is a dimension.
  init(_ shape: [Int]) {
    self.shape = shape
    strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    indices = shape.map { _ in 0 }
  }

  /// Puts the next elements in their places.
  mutating func place(_ elements: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>) {
    let (size, stride) = (shape[0], strides[0])
    var done = 0
    while done < elements.count {
      let run = min(elements.count - done, size - indices[0])
      var place = offset
      for element in elements[done..<(done + run)] {
        target[place] = element
        place += stride
      }
      done += run
      indices[0] += run
      offset = place
      carry()
    }
  }

  /// Moves on in the further dimensions when one is at its end.
  private mutating func carry() {
    var dimension = 0
    while dimension < shape.count - 1, indices[dimension] == shape[dimension] {
      offset -= shape[dimension] * strides[dimension]
      indices[dimension] = 0
      dimension += 1
      indices[dimension] += 1
      offset += strides[dimension]
    }
  }
}
