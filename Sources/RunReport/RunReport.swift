private import Mustache

/// A run as a page: one HTML file that needs nothing else.
public struct RunReport: Sendable {
  /// What the page is headed.
  public var title: String

  /// The model as JSON for the pad's script; nil leaves the pad out.
  public var modelData: String?

  /// A page of its parts.
  public init(title: String, modelData: String? = nil) {
    self.title = title
    self.modelData = modelData
  }

  /// The page's text.
  public func html() -> String {
    let content: [String: Any?] = [
      "title": title, "stylesheet": PageResources.stylesheet, "script": PageResources.script,
      "pad": modelData == nil ? nil : PageResources.pad, "model": modelData,
    ]
    do {
      return try MustacheTemplate(string: PageResources.template).render(content.compactMapValues { $0 })
    } catch {
      preconditionFailure("the page's template is malformed: \(error)")
    }
  }
}
