internal import DisplayText

/// Returns text as it may stand in XML, between tags or in an attribute's quotes.
///
/// Characters that cannot be shown, among them all that XML 1.0 forbids, are written as visible escapes. The five
/// characters with a meaning of their own become entities.
package func xmlEscaped(_ text: String) -> String {
  var result = ""
  for scalar in text.escapedForDisplay.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
