/// The rules for names of entries.
enum EntryName {
  /// The text of a name's bytes; nil where they claim to be UTF-8 and are not.
  ///
  /// Without the flag for UTF-8, names are in the code page of the first PC, 437.
  static func text(_ bytes: [UInt8], isUTF8: Bool) -> String? {
    if isUTF8 { return String(validating: bytes, as: UTF8.self) }
    var text = ""
    for byte in bytes {
      text.unicodeScalars.append(byte < 128 ? Unicode.Scalar(byte) : codePage437[Int(byte) - 128])
    }
    return text
  }

  /// What is wrong with a name, as the end of a sentence; nil if it is a path that stays inside a folder.
  static func fault(_ name: String) -> String? {
    let scalars = name.unicodeScalars
    if scalars.isEmpty { return "is empty" }
    if scalars.contains("\0") { return "has a zero character" }
    if scalars.contains("\\") { return "has a backslash" }
    if scalars.first == "/" { return "begins with /" }
    // "C:", which on some systems leads to another disk.
    if scalars.count >= 2, scalars[scalars.index(after: scalars.startIndex)] == ":",
      scalars.first?.properties.isAlphabetic == true
    {
      return "begins with a drive letter"
    }
    if scalars.split(separator: "/").contains(where: { $0.elementsEqual("..".unicodeScalars) }) {
      return "leads out by .."
    }
    return nil
  }

  /// The characters 128 to 255 of code page 437.
  private static let codePage437 = Array(
    ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)
}
