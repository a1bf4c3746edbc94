internal import DurableFiles

/// The checksums of a folder's files as they were noted when the files were written, in the format of `sha256sum`, which
/// can check them too: `sha256sum -c checksums.sha256`.
struct RecordedChecksums {
  static let fileName = "checksums.sha256"

  /// The SHA-256 of each file, by its name.
  let sha256: [String: String]

  /// Those noted in a folder; none where nothing is noted, or nothing that can be read.
  init(in folder: String) {
    let path = FilePaths.join(folder, Self.fileName)
    guard let file = try? FileReader(path), file.byteCount < 1 << 16,
      let bytes = try? file.read(at: 0, count: file.byteCount)
    else {
      sha256 = [:]
      return
    }
    var found: [String: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let digits = line.prefix(64)
      let rest = line.dropFirst(64)
      // Two spaces, or a space and a star for a file read as binary.
      guard digits.utf8.count == 64, rest.hasPrefix("  ") || rest.hasPrefix(" *") else { continue }
      found[String(rest.dropFirst(2))] = digits.lowercased()
    }
    sha256 = found
  }

  /// The file's text for some files, in their order.
  static func text(_ files: [(name: String, sha256: String)]) -> String {
    files.map { "\($0.sha256)  \($0.name)\n" }.joined()
  }
}
