internal import DisplayText
internal import Drawing
public import Images
internal import Mustache

extension RunReport {
  /// The values of the template, by name. A value is a text, a list, or a group of nested values. The template escapes
  /// texts.
  typealias Values = [String: Any]

  /// Returns the page as HTML.
  ///
  /// - Throws: `PNGError` if the images are too large for PNG files.
  /// - Complexity: O(n log n + m) for n errors and a model with m weights.
  public func html() throws(PNGError) -> String {
    PageResources.template.render(try values())
  }

  /// Returns all values that the template needs.
  private func values() throws(PNGError) -> Values {
    let modelData = ModelData(model)?.json
    var values: Values = [
      "version": reproduction.version,
      "stylesheet": PageResources.text(PackageResources.page_css),
      "scripts": (modelData == nil ? [PackageResources.page_js] : PageResources.scripts).map(PageResources.text),
      "hasPad": modelData != nil,
      "notes": notes,
      "command": reproduction.shellCommand,
      "settings": (dataSettings + reproduction.settings).map { ["name": $0.name, "value": $0.value] },
    ]
    if let modelData {
      values["pad"] = PageResources.text(PackageResources.pad_mustache)
      values["modelData"] = modelData.asScriptData
    }
    let gallery = try gallery()
    for part in [summary, curves, epochTable, scoreTable, heatMap, gallery] { values.merge(part) { $1 } }
    return values
  }

  private var dataSettings: [Reproduction.Setting] {
    let counts = [
      (data.trainingCount, "training"), (data.validationCount, "validation"), (data.testCount, "test"),
    ]
    return [
      .init("data set", data.name), .init("SHA-256 of pixels and labels", data.sha256),
      .init("samples", counts.map { "\(NumberText.count($0)) \($1)" }.joined(separator: ", ")),
    ]
  }
}

/// The page's files that are embedded in the program: template, style sheet and scripts.
private enum PageResources {
  /// The parsed template of the whole page. The first line of the template selects ``PageText``, which escapes the
  /// values.
  static let template: MustacheTemplate = {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    do {
      return try MustacheTemplate(string: text(PackageResources.page_mustache))
    } catch {
      preconditionFailure("the template of the page cannot be parsed: \(error)")
    }
  }()

  /// The scripts of the page and of the drawing pad. Each script comes after the scripts that it uses.
  static let scripts = [
    PackageResources.page_js, PackageResources.network_js, PackageResources.preparation_js, PackageResources.pad_js,
  ]

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// The content type of the page. The page and the charts escape text in the same way.
private struct PageText: MustacheContentType {
  func escapeText(_ text: String) -> String { xmlEscaped(text) }
}

extension String {
  /// The JSON text for a script element, with every `<` replaced by an escape sequence.
  ///
  /// A `<` could start the end tag of the script element. In JSON, `<` occurs only in strings, where the escape
  /// sequence has the same meaning.
  ///
  /// - Complexity: O(*n*), where *n* is the length of the text. The text is processed as bytes for speed, because the
  ///   weights can take megabytes.
  fileprivate var asScriptData: String {
    guard utf8.contains(UInt8(ascii: "<")) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count + 64)
    for byte in utf8 {
      if byte == UInt8(ascii: "<") { bytes += Array(#"\u003c"#.utf8) } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
