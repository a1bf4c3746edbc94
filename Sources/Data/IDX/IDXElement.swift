/// The type of the numbers in an IDX file.
///
/// The raw value is the third byte of the file. The cases have the same names as NumPy's types.
public enum IDXElementType: UInt8, CaseIterable, Sendable {
  /// Whole numbers from 0 to 255, used for images and most labels.
  case uint8 = 0x08
  /// Whole numbers from -128 to 127.
  case int8 = 0x09
  /// Signed 16-bit whole numbers.
  case int16 = 0x0B
  /// Signed 32-bit whole numbers.
  case int32 = 0x0C
  /// 32-bit floating-point numbers.
  case float32 = 0x0D
  /// 64-bit floating-point numbers.
  case float64 = 0x0E

  /// The number of bytes in an element.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16: 2
    case .int32, .float32: 4
    case .float64: 8
    }
  }
}

/// A type of number that an IDX file can hold: `UInt8`, `Int8`, `Int16`, `Int32`, `Float` or `Double`.
///
/// Do not add conformances for other types. Elements are copied bit by bit, so the values of other types would be
/// wrong.
public protocol IDXElement: BitwiseCopyable, Sendable {
  /// The element type in IDX files that matches the Swift type.
  static var idxElementType: IDXElementType { get }
}

extension UInt8: IDXElement {
  /// The element type `uint8`, which has the code 0x08 in the file.
  public static var idxElementType: IDXElementType { .uint8 }
}

extension Int8: IDXElement {
  /// The element type `int8`, which has the code 0x09 in the file.
  public static var idxElementType: IDXElementType { .int8 }
}

extension Int16: IDXElement {
  /// The element type `int16`, which has the code 0x0B in the file.
  public static var idxElementType: IDXElementType { .int16 }
}

extension Int32: IDXElement {
  /// The element type `int32`, which has the code 0x0C in the file.
  public static var idxElementType: IDXElementType { .int32 }
}

extension Float: IDXElement {
  /// The element type `float32`, which has the code 0x0D in the file.
  public static var idxElementType: IDXElementType { .float32 }
}

extension Double: IDXElement {
  /// The element type `float64`, which has the code 0x0E in the file.
  public static var idxElementType: IDXElementType { .float64 }
}
