internal import Drawing
internal import Mustache

/// The page's template and what is filled into it.
enum PageTemplate {
  /// Values by the names that the template has for them: texts, which are escaped, lists, and values within values.
  typealias Values = [String: Any]

  /// The parsed template. Its first line names ``PageText`` as the way to escape values.
  private static let template: MustacheTemplate = {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    do {
      return try MustacheTemplate(string: PageResources.template)
    } catch {
      preconditionFailure("the page's template is malformed: \(error)")
    }
  }()

  /// Returns the page of some values.
  static func rendered(_ values: Values) -> String { template.render(values) }
}

/// The text of the page's values, which is escaped like that of the charts.
private struct PageText: MustacheContentType {
  func escapeText(_ text: String) -> String { xmlEscaped(text) }
}

extension String {
  /// JSON as it may stand in a script element: what could end it is written otherwise, which only strings can hold.
  ///
  /// - Complexity: O(utf8.count). By bytes, as a model's weights are a megabyte of text.
  var asScriptData: String {
    guard utf8.contains(UInt8(ascii: "<")) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count + 64)
    for byte in utf8 {
      if byte == UInt8(ascii: "<") { bytes += Array(#"\u003c"#.utf8) } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
