/// A stream that converts the elements of a .npy file to bytes. The file arrives in pieces. A piece may end inside an
/// element.
///
/// The converted bytes are stored in C order, even if the file is in Fortran order.
struct ElementStream {
  private let header: NumPyHeader
  private let conversion: ByteConversion
  private let target: UnsafeMutableBufferPointer<UInt8>
  private var headerRest: Int
  private var elementCount = 0
  /// The beginning of an element whose end is in the next piece.
  private var begun: [UInt8] = []
  /// The strides of the target, one for each dimension. A stride is the distance between neighbours in its dimension.
  private let strides: [Int]

  /// Creates a stream that writes the converted bytes to a target.
  ///
  /// - Precondition: the target has exactly one byte for each element of the header.
  init(_ header: NumPyHeader, into target: UnsafeMutableBufferPointer<UInt8>) {
    precondition(target.count == header.elementCount, "there is room for every element")
    self.header = header
    self.target = target
    conversion = ByteConversion(elementType: header.elementType, isBigEndian: header.isBigEndian)
    headerRest = header.byteCount
    strides = header.shape.indices.map { header.shape[($0 + 1)...].reduce(1, *) }
  }

  /// Converts the next bytes of the file. The first call begins at the start of the file.
  ///
  /// - Precondition: all calls together pass no more bytes than the header requires.
  /// - Throws: ``NumPyError`` if an element is not a whole number from 0 to 255.
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
      try element.withUnsafeBufferPointer { (bytes) throws(NumPyError) in try place(UnsafeRawBufferPointer(bytes)) }
    }
    let whole = rest.prefix(rest.count - rest.count % size)
    try place(UnsafeRawBufferPointer(rebasing: whole))
    begun.append(contentsOf: rest[whole.endIndex...])
  }

  var isComplete: Bool { elementCount == header.elementCount }

  private mutating func place(_ elements: UnsafeRawBufferPointer) throws(NumPyError) {
    let count = elements.count / header.elementType.byteCount
    let fault: (Int, String)?
    // With one dimension, C order and Fortran order are the same.
    if !header.isFortranOrder || strides.count < 2 {
      fault = conversion.convert(elements, to: .init(rebasing: target[elementCount...].prefix(count)))
    } else {
      fault = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { bytes in
        let fault = conversion.convert(elements, to: bytes)
        if fault == nil { scatter(UnsafeBufferPointer(bytes)) }
        return fault
      }
    }
    if let (index, value) = fault {
      throw NumPyError(.value(index: indices(of: elementCount + index), found: value))
    }
    elementCount += count
  }

  /// Copies elements from Fortran order to their places in C order. In Fortran order, the first index changes fastest.
  private func scatter(_ elements: UnsafeBufferPointer<UInt8>) {
    var done = 0
    while done < elements.count {
      // Copy the next elements whose positions differ only in the first index.
      let start = elementCount + done
      let run = min(elements.count - done, header.shape[0] - start % header.shape[0])
      var (rest, place) = (start, 0)
      for (size, stride) in zip(header.shape, strides) {
        place += rest % size * stride
        rest /= size
      }
      for element in elements[done..<(done + run)] {
        target[place] = element
        place += strides[0]
      }
      done += run
    }
  }

  /// Returns the indices of an element in all dimensions, computed from its position in the file.
  private func indices(of place: Int) -> [Int] {
    var (rest, indices) = (place, [Int]())
    for size in header.isFortranOrder ? header.shape : header.shape.reversed() {
      indices.append(rest % size)
      rest /= size
    }
    return header.isFortranOrder ? indices : indices.reversed()
  }
}

/// A conversion of array elements to bytes. Every value must be a whole number from 0 to 255.
private struct ByteConversion {
  let elementType: NumPyElementType
  let isBigEndian: Bool

  /// Converts one element for each byte of the target.
  ///
  /// - Returns: the index and the value of the first element that cannot be converted; nil if there is none.
  func convert(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<UInt8>) -> (Int, String)? {
    precondition(source.count == target.count * elementType.byteCount, "there is room for every element")
    switch elementType {
    case .uint8:
      UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
      return nil
    case .bool: return convert(source, to: target, as: UInt8.self) { $0 <= 1 ? $0 : nil }
    case .int8: return integers(source, target, Int8.self)
    case .uint16: return integers(source, target, UInt16.self)
    case .int16: return integers(source, target, Int16.self)
    case .uint32: return integers(source, target, UInt32.self)
    case .int32: return integers(source, target, Int32.self)
    case .uint64: return integers(source, target, UInt64.self)
    case .int64: return integers(source, target, Int64.self)
    case .float32:
      return convert(source, to: target, as: UInt32.self, show: { "\(Float(bitPattern: $0))" }) {
        UInt8(exactly: Float(bitPattern: $0))
      }
    case .float64:
      return convert(source, to: target, as: UInt64.self, show: { "\(Double(bitPattern: $0))" }) {
        UInt8(exactly: Double(bitPattern: $0))
      }
    }
  }

  private func integers<Number: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableBufferPointer<UInt8>, _ type: Number.Type
  ) -> (Int, String)? {
    convert(source, to: target, as: type) { UInt8(exactly: $0) }
  }

  @inline(__always)
  private func convert<Number: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<UInt8>, as type: Number.Type,
    show: (Number) -> String = { "\($0)" }, _ byte: (Number) -> UInt8?
  ) -> (Int, String)? {
    for index in target.indices {
      let stored = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: type)
      let number = isBigEndian ? Number(bigEndian: stored) : Number(littleEndian: stored)
      guard let value = byte(number) else { return (index, show(number)) }
      target[index] = value
    }
    return nil
  }
}
