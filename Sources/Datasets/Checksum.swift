private import Crypto

/// SHA-256 of bytes.
public enum Checksum {
  /// The digest of some bytes, one part after the other, in lower-case hexadecimal, as `sha256sum` prints it.
  ///
  /// - Complexity: O(total count).
  public static func sha256(of parts: [UInt8]...) -> String {
    var hash = SHA256()
    for part in parts {
      part.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().reduce(into: "") { text, byte in
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}
