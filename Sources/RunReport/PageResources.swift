/// The page's parts that are embedded in the program, as text.
enum PageResources {
  /// The template of the whole page.
  static var template: String { text(PackageResources.page_mustache) }

  /// How the page looks.
  static var stylesheet: String { text(PackageResources.page_css) }

  /// What the page does, in the order in which its parts need each other.
  static var script: String {
    [
      PackageResources.page_js, PackageResources.network_js, PackageResources.preparation_js,
      PackageResources.pad_js,
    ].map(text).joined(separator: "\n")
  }

  /// The inside of the pad's section; nil while there is none.
  static var pad: String? {
    let pad = text(PackageResources.pad_mustache)
    return pad.allSatisfy(\.isWhitespace) ? nil : pad
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
