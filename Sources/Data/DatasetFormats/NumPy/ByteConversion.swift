/// Makes bytes of elements whose values are whole numbers from 0 to 255.
struct ByteConversion {
  let elementType: NumPyElementType
  let isBigEndian: Bool

  /// Converts elements, as many as the target has room for.
  ///
  /// - Returns: the index of the first element that has another value, and that value; nil if there is none.
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
