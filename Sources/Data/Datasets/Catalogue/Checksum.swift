public import DurableFiles
internal import Pixels

#if canImport(CryptoKit)
  private import CryptoKit
#else
  private import CCrypto
#endif

/// A checksum that is computed from bytes piece by piece.
///
/// ```swift
/// var checksum = Checksum()
/// checksum.update(with: Array("a".utf8))
/// checksum.update(with: Array("bc".utf8))
/// checksum.sha256  // as sha256sum prints it for "abc"
/// ```
public struct Checksum: Sendable {
  private var sha256State = SHA256Digest()
  // MD5 is used only if no better checksum is published. MD5 finds accidental damage, but does not protect against
  // attackers.
  private var md5State: MD5Digest?

  /// Creates a checksum whose input is still empty.
  ///
  /// - Parameter expected: The checksum to compare with at the end. An MD5 is computed only if `expected` is an MD5.
  public init(for expected: PublishedChecksum? = nil) {
    if case .md5 = expected { md5State = MD5Digest() }
  }

  /// Appends bytes to the checksum's input.
  ///
  /// - Complexity: O(`bytes.count`).
  public mutating func update(with bytes: UnsafeRawBufferPointer) {
    sha256State.update(bufferPointer: bytes)
    md5State?.update(bufferPointer: bytes)
  }

  /// Appends bytes to the checksum's input.
  ///
  /// - Complexity: O(`bytes.count`).
  public mutating func update(with bytes: some Collection<UInt8>) {
    PixelBytes(bytes).withUnsafeSegments { segments in
      for segment in segments { update(with: UnsafeRawBufferPointer(segment)) }
    }
  }

  /// The SHA-256 of all bytes so far, in lower-case hexadecimal. `sha256sum` prints the same digits.
  public var sha256: String { Self.hexadecimal(sha256State.finalize()) }

  /// Returns the checksum of all bytes so far, computed with the algorithm of `expected`.
  ///
  /// - Precondition: If `expected` is an MD5, the initializer was called with an MD5 too.
  public func found(for expected: PublishedChecksum) -> PublishedChecksum {
    switch expected {
    case .sha256: return .sha256(sha256)
    case .md5:
      guard let md5State else { preconditionFailure("MD5 is computed only if the initializer was called with an MD5") }
      return .md5(Self.hexadecimal(md5State.finalize()))
    }
  }

  /// Returns the SHA-256 of the joined parts in lower-case hexadecimal. `sha256sum` prints the same digits.
  ///
  /// - Complexity: O(*n*) in the total number of bytes.
  public static func sha256(of parts: any Collection<UInt8>...) -> String {
    var checksum = Checksum()
    for part in parts { checksum.update(with: part) }
    return checksum.sha256
  }

  /// Reads a file piece by piece and returns its checksum.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - expected: The checksum to compare with. An MD5 is computed only if `expected` is an MD5.
  /// - Throws: `FileError` if the file cannot be read.
  /// - Complexity: O(*n*) in the size of the file.
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
