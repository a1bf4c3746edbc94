public import DurableFiles
internal import Pixels

#if canImport(CryptoKit)
  private import CryptoKit
#else
  private import CCrypto
#endif

/// Checksums of bytes that come piece by piece.
///
/// ```swift
/// var checksum = Checksum()
/// checksum.update(with: Array("a".utf8))
/// checksum.update(with: Array("bc".utf8))
/// checksum.sha256  // as sha256sum prints it for "abc"
/// ```
public struct Checksum: Sendable {
  private var sha256State = SHA256Digest()
  // MD5 is broken as a defence; where it is all that was published, it still finds what went wrong by accident.
  private var md5State: MD5Digest?

  /// A checksum of no bytes yet.
  ///
  /// - Parameter expected: what the result will be compared with; MD5 is taken only where this is one.
  public init(for expected: PublishedChecksum? = nil) {
    if case .md5 = expected { md5State = MD5Digest() }
  }

  /// Takes further bytes.
  ///
  /// - Complexity: O(count).
  public mutating func update(with bytes: UnsafeRawBufferPointer) {
    sha256State.update(bufferPointer: bytes)
    md5State?.update(bufferPointer: bytes)
  }

  /// Takes further bytes.
  public mutating func update(with bytes: some Collection<UInt8>) {
    PixelBytes(bytes).withUnsafeSegments { segments in
      for segment in segments { update(with: UnsafeRawBufferPointer(segment)) }
    }
  }

  /// The SHA-256 of the bytes so far, in lower-case hexadecimal, as `sha256sum` prints it.
  public var sha256: String { Self.hexadecimal(sha256State.finalize()) }

  /// The checksum of the bytes so far, of the kind that is expected.
  ///
  /// - Precondition: the value was made for a checksum of that kind.
  public func found(for expected: PublishedChecksum) -> PublishedChecksum {
    switch expected {
    case .sha256: return .sha256(sha256)
    case .md5:
      guard let md5State else { preconditionFailure("MD5 is taken where it is expected") }
      return .md5(Self.hexadecimal(md5State.finalize()))
    }
  }

  /// The digest of some bytes, one part after the other, in lower-case hexadecimal, as `sha256sum` prints it.
  ///
  /// - Complexity: O(total count).
  public static func sha256(of parts: any Collection<UInt8>...) -> String {
    var checksum = Checksum()
    for part in parts { checksum.update(with: part) }
    return checksum.sha256
  }

  /// The checksum of a whole file, which is read piece by piece.
  ///
  /// - Throws: `FileError`.
  public static func ofFile(_ path: String, for expected: PublishedChecksum? = nil) throws(FileError) -> Checksum {
    let file = try FileReader(path)
    var checksum = Checksum(for: expected)
    var offset = 0
    while true {
      let piece = try file.read(at: offset, count: 1 << 18)
      if piece.isEmpty { return checksum }
      checksum.update(with: piece)
      offset += piece.count
    }
  }

  private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
    digest.reduce(into: "") { text, byte in text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
  }
}

#if canImport(CryptoKit)
  private typealias SHA256Digest = SHA256
  private typealias MD5Digest = Insecure.MD5
#else
  private struct SHA256Digest {
    private var state = SHA256_CTX()

    init() { SHA256_Init(&state) }

    mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) {
      SHA256_Update(&state, bytes.baseAddress, bytes.count)
    }

    func finalize() -> [UInt8] {
      var (state, digest) = (state, [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH)))
      SHA256_Final(&digest, &state)
      return digest
    }
  }

  private struct MD5Digest {
    private var state = MD5_CTX()

    init() { MD5_Init(&state) }

    mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) {
      MD5_Update(&state, bytes.baseAddress, bytes.count)
    }

    func finalize() -> [UInt8] {
      var (state, digest) = (state, [UInt8](repeating: 0, count: Int(MD5_DIGEST_LENGTH)))
      MD5_Final(&digest, &state)
      return digest
    }
  }
#endif
