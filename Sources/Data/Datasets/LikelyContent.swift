internal import Archives

/// What a file seems to be that is not the published one.
package enum LikelyContent {
  /// A name for it, such as `an HTML or XML page`; nil where nothing can be said.
  ///
  /// - Parameters:
  ///   - beginning: the file's first bytes, 512 of them or all.
  ///   - byteCount: its size.
  ///   - sha256: its SHA-256, where it is known.
  ///   - file: the published file that was expected.
  package static func name(
    beginning: [UInt8], byteCount: Int, sha256: String?, insteadOf file: PublishedFile
  ) -> String? {
    if byteCount == 0 { return "an empty file" }
    if let sha256, let origin = DatasetCatalogue.origin(sha256: sha256) { return origin }
    if isMarkup(beginning) { return "an HTML or XML page" }
    if !beginning.starts(with: file.signature) {
      return file.signature.first == 0x1F ? "no gzip file" : "no zip archive"
    }
    if let expected = file.byteCount, byteCount < expected {
      return "a \(file.signature.first == 0x1F ? "gzip file" : "zip archive") of \(byteCount) of \(expected) bytes"
    }
    return nil
  }

  /// Whether the first visible character is `<`: a server's error page saved under a data file's name.
  package static func isMarkup(_ beginning: [UInt8]) -> Bool {
    beginning.prefix(512).first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) } == UInt8(ascii: "<")
  }
}
