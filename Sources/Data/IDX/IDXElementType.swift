/// The six kinds of numbers that an IDX file can hold. The raw value is the third byte of the file.
public enum IDXElementType: UInt8, CaseIterable, Sendable {
  /// Whole numbers from 0 to 255, as in images and most labels.
  case uint8 = 0x08
  /// Whole numbers from -128 to 127.
  case int8 = 0x09
  /// Whole numbers of 16 bits.
  case int16 = 0x0B
  /// Whole numbers of 32 bits.
  case int32 = 0x0C
  /// Floating-point numbers of 32 bits.
  case float32 = 0x0D
  /// Floating-point numbers of 64 bits.
  case float64 = 0x0E

  /// How many bytes an element takes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16: 2
    case .int32, .float32: 4
    case .float64: 8
    }
  }
}

extension IDXElementType: CustomStringConvertible {
  /// NumPy's name for the type, such as `uint8`.
  public var description: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .float32: "float32"
    case .float64: "float64"
    }
  }
}
