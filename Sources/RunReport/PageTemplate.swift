internal import Mustache

/// The page's template and what is filled into it.
enum PageTemplate {
  /// Values by the names that the template has for them: texts, which are escaped, lists, and values within values.
  typealias Values = [String: Any]

  /// The page of some values.
  static func rendered(_ values: Values) -> String {
    do {
      return try MustacheTemplate(string: PageResources.template).render(values)
    } catch {
      preconditionFailure("the page's template is malformed: \(error)")
    }
  }
}

extension String {
  /// JSON as it may stand in a script element: what could end it is written otherwise, which only strings can hold.
  var asScriptData: String { replacing("<", with: #"\u003c"#) }
}
