/// The page's parts that are embedded in the program, as text.
enum PageResources {
  /// The template of the whole page.
  static var template: String { text(PackageResources.page_mustache) }

  /// How the page looks.
  static var stylesheet: String { text(PackageResources.page_css) }

  /// What the page does.
  static var script: String { text(PackageResources.page_js) }

  /// The inside of the pad's section.
  static var pad: String { text(PackageResources.pad_mustache) }

  /// What the pad does, in the order in which its parts need each other.
  static var padScripts: [String] {
    [PackageResources.network_js, PackageResources.preparation_js, PackageResources.pad_js].map(text)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
