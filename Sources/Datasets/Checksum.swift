private import Crypto

/// SHA-256 of bytes.
public enum Checksum {
  /// The digest in lower-case hexadecimal, as `sha256sum` prints it.
  ///
  /// - Complexity: O(bytes.count).
  public static func sha256(_ bytes: some Sequence<UInt8>) -> String {
    var hash = SHA256()
    if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
      hash.update(data: Array(bytes))
    }
    return hash.finalize().reduce(into: "") { text, byte in
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}
