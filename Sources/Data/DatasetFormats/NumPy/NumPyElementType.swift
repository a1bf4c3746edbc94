/// The kinds of numbers that are read from NumPy's arrays. The raw value is NumPy's name without the byte order.
public enum NumPyElementType: String, CaseIterable, Sendable {
  /// Whole numbers from 0 to 255.
  case uint8 = "u1"
  /// Whole numbers from -128 to 127.
  case int8 = "i1"
  /// False and true, 0 and 1.
  case bool = "b1"
  /// Whole numbers of 16 bits from 0 on.
  case uint16 = "u2"
  /// Whole numbers of 16 bits.
  case int16 = "i2"
  /// Whole numbers of 32 bits from 0 on.
  case uint32 = "u4"
  /// Whole numbers of 32 bits.
  case int32 = "i4"
  /// Whole numbers of 64 bits from 0 on.
  case uint64 = "u8"
  /// Whole numbers of 64 bits, as NumPy makes them unless told otherwise.
  case int64 = "i8"
  /// Floating-point numbers of 32 bits.
  case float32 = "f4"
  /// Floating-point numbers of 64 bits.
  case float64 = "f8"

  /// How many bytes an element takes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }
}
