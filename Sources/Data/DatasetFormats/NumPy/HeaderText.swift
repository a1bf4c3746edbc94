/// The dictionary in a .npy file's header: Python's notation, read as far as such headers need it, and strictly.
struct HeaderText {
  /// What the dictionary says.
  struct Fields {
    var descriptor: Descriptor
    var isFortranOrder: Bool
    var shape: [Int]
  }

  /// The element type's name, and where in the file it is.
  struct Descriptor {
    var text: String
    var offset: Int
  }

  let fields: Fields

  /// Reads the text, whose indices are the places in the file.
  init(parsing bytes: ArraySlice<UInt8>) throws(NumPyError) {
    var scanner = LiteralScanner(bytes)
    var descriptor: Descriptor?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try scanner.expect("{")
    while !scanner.skip("}") {
      let offset = scanner.nextOffset
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "descr" where descriptor == nil:
        let offset = scanner.nextOffset
        if let found = scanner.peek, [UInt8(ascii: "["), UInt8(ascii: "(")].contains(found) {
          throw NumPyError(.structured, at: offset)
        }
        descriptor = Descriptor(text: try scanner.string(), offset: offset)
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try scanner.truth()
      case "shape" where shape == nil: shape = try scanner.tuple()
      case "descr", "fortran_order", "shape": throw NumPyError(.repeatedKey(key), at: offset)
      default: throw NumPyError(.unknownKey(key), at: offset)
      }
      if !scanner.skip(",") {
        try scanner.expect("}")
        break
      }
    }
    if let offset = scanner.offsetOfRest {
      throw NumPyError(.syntax(expected: "the header's end", found: scanner.excerpt), at: offset)
    }
    func require<Value>(_ value: Value?, _ key: String) throws(NumPyError) -> Value {
      guard let value else { throw NumPyError(.missingKey(key), at: bytes.startIndex) }
      return value
    }
    fields = Fields(
      descriptor: try require(descriptor, "descr"), isFortranOrder: try require(isFortranOrder, "fortran_order"),
      shape: try require(shape, "shape"))
  }
}
