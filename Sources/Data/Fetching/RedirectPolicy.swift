package import Foundation

/// Where a redirect may lead.
package enum RedirectPolicy {
  /// The URL that an answer leads on to; nil where it is no redirect.
  ///
  /// - Parameters:
  ///   - response: the answer.
  ///   - url: what was asked for.
  ///   - count: how many redirects led to it.
  ///   - limit: the most redirects that are followed.
  /// - Throws: a refusal in words, for too many redirects, no target, a target that is no web address, and one that
  ///   leaves https for http.
  package static func next(
    after response: HTTPResponse, from url: URL, count: Int, limit: Int
  ) throws(RedirectRefusal) -> URL? {
    guard [301, 302, 303, 307, 308].contains(response.status) else { return nil }
    guard count < limit else { throw RedirectRefusal(reason: "more than \(limit) redirects") }
    guard let location = response.field("Location"), !location.isEmpty,
      let next = URL(string: location, relativeTo: url)?.absoluteURL
    else { throw RedirectRefusal(reason: "status \(response.status), a redirect without a target") }
    let scheme = next.scheme?.lowercased()
    guard scheme == "http" || scheme == "https", next.host?.isEmpty == false else {
      throw RedirectRefusal(reason: "a redirect to \(next.absoluteString), which is no web address")
    }
    if url.scheme?.lowercased() == "https", scheme == "http" {
      throw RedirectRefusal(reason: "a redirect from https to \(next.absoluteString), which is not encrypted")
    }
    return next
  }
}

/// Why a redirect is not followed.
package struct RedirectRefusal: Error, Equatable {
  /// The reason in words.
  package let reason: String
}
