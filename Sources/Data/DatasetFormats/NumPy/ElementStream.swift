/// Puts an array's elements in their places while its file comes in pieces, which may end anywhere.
///
/// The array is filled in C order, whatever its order in the file.
struct ElementStream {
  private let header: NumPyHeader
  private let conversion: ByteConversion
  private let target: UnsafeMutableBufferPointer<UInt8>
  private var headerRest: Int
  private var elementCount = 0
  /// The beginning of an element whose end is in the next piece.
  private var begun: [UInt8] = []
  private var scattering: FortranScattering?

  /// - Precondition: the target has room for just the header's elements.
  init(_ header: NumPyHeader, into target: UnsafeMutableBufferPointer<UInt8>) {
    precondition(target.count == header.elementCount, "there is room for every element")
    self.header = header
    self.target = target
    conversion = ByteConversion(elementType: header.elementType, isBigEndian: header.isBigEndian)
    headerRest = header.byteCount
    // With one dimension both orders are the same.
    scattering = header.isFortranOrder && header.shape.count > 1 ? FortranScattering(header.shape) : nil
  }

  /// Takes the next bytes of the file, from its beginning on.
  ///
  /// - Precondition: no more come than the header says.
  mutating func take(_ piece: UnsafeRawBufferPointer) throws(NumPyError) {
    var rest = piece[...].dropFirst(headerRest)
    headerRest -= piece.count - rest.count
    let size = header.elementType.byteCount
    if !begun.isEmpty {
      let completing = rest.prefix(size - begun.count)
      begun.append(contentsOf: completing)
      rest = rest.dropFirst(completing.count)
      guard begun.count == size else { return }
      let element = begun
      begun.removeAll(keepingCapacity: true)
      var failure: NumPyError?
      element.withUnsafeBytes { bytes in
        do throws(NumPyError) { try place(bytes) } catch { failure = error }
      }
      if let failure { throw failure }
    }
    let whole = rest.prefix(rest.count - rest.count % size)
    try place(UnsafeRawBufferPointer(rebasing: whole))
    begun.append(contentsOf: rest[whole.endIndex...])
  }

  /// Whether every element has come.
  var isComplete: Bool { elementCount == header.elementCount }

  private mutating func place(_ elements: UnsafeRawBufferPointer) throws(NumPyError) {
    let count = elements.count / header.elementType.byteCount
    let fault: (Int, String)?
    if scattering == nil {
      fault = conversion.convert(elements, to: .init(rebasing: target[elementCount...].prefix(count)))
    } else {
      fault = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { bytes in
        let fault = conversion.convert(elements, to: bytes)
        if fault == nil { scattering?.place(UnsafeBufferPointer(bytes), into: target) }
        return fault
      }
    }
    if let (index, value) = fault {
      throw NumPyError(.value(index: indices(of: elementCount + index), found: value))
    }
    elementCount += count
  }

  /// An element's index in every dimension from its place in the file.
  private func indices(of place: Int) -> [Int] {
    var (rest, indices) = (place, [Int]())
    for size in header.isFortranOrder ? header.shape : header.shape.reversed() {
      indices.append(rest % size)
      rest /= size
    }
    return header.isFortranOrder ? indices : indices.reversed()
  }
}
