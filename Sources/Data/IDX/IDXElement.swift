/// The six kinds of numbers that an IDX file can hold. The raw value is the third byte of the file; a case has
/// NumPy's name for the type.
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

/// A number that an IDX file can hold: `UInt8`, `Int8`, `Int16`, `Int32`, `Float` or `Double`.
///
/// These six are all there are. Elements are copied bit by bit, so a further type would be read as what it is not.
public protocol IDXElement: BitwiseCopyable, Sendable {
  /// The type as the file names it.
  static var idxElementType: IDXElementType { get }
}

extension UInt8: IDXElement {
  /// `uint8`, 0x08.
  public static var idxElementType: IDXElementType { .uint8 }
}

extension Int8: IDXElement {
  /// `int8`, 0x09.
  public static var idxElementType: IDXElementType { .int8 }
}

extension Int16: IDXElement {
  /// `int16`, 0x0B.
  public static var idxElementType: IDXElementType { .int16 }
}

extension Int32: IDXElement {
  /// `int32`, 0x0C.
  public static var idxElementType: IDXElementType { .int32 }
}

extension Float: IDXElement {
  /// `float32`, 0x0D.
  public static var idxElementType: IDXElementType { .float32 }
}

extension Double: IDXElement {
  /// `float64`, 0x0E.
  public static var idxElementType: IDXElementType { .float64 }
}
