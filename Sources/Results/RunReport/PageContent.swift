internal import DisplayText
internal import Drawing
public import Images
internal import Mustache

extension RunReport {
  /// Values by the names that the template has for them: texts, which are escaped, lists, and values within values.
  typealias Values = [String: Any]

  /// The page's text.
  ///
  /// - Throws: `PNGError` where the images are larger than PNG files can be.
  /// - Complexity: O(n log n + m), n the number of errors, m that of the model's weights.
  public func html() throws(PNGError) -> String {
    PageResources.template.render(try values())
  }

  /// All that the template shows.
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

/// The page's parts that are embedded in the program.
private enum PageResources {
  /// The parsed template of the whole page. Its first line names ``PageText`` as the way to escape values.
  static let template: MustacheTemplate = {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    do {
      return try MustacheTemplate(string: text(PackageResources.page_mustache))
    } catch {
      preconditionFailure("the page's template is malformed: \(error)")
    }
  }()

  /// The scripts of the page and its pad, in the order in which they need each other.
  static let scripts = [
    PackageResources.page_js, PackageResources.network_js, PackageResources.preparation_js, PackageResources.pad_js,
  ]

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// The text of the page's values, which is escaped like that of the charts.
private struct PageText: MustacheContentType {
  func escapeText(_ text: String) -> String { xmlEscaped(text) }
}

extension String {
  /// The JSON as it may stand in a script element: what could end it, which only strings can hold, is written otherwise.
  ///
  /// - Complexity: O(utf8.count). By bytes, as a model's weights are a megabyte of text.
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
