/// The checksum by which a published file is known, in lower-case hexadecimal.
public enum PublishedChecksum: Equatable, Hashable, Sendable {
  /// SHA-256.
  case sha256(String)
  /// MD5, where nothing better is published. It guards against accidents, not against attackers.
  case md5(String)

  /// The digits.
  public var hexadecimal: String {
    switch self {
    case .sha256(let digits), .md5(let digits): digits
    }
  }

  /// The name of its kind.
  public var algorithm: String {
    switch self {
    case .sha256: "SHA-256"
    case .md5: "MD5"
    }
  }
}
