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
