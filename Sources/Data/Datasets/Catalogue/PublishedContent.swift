internal import Archives
internal import DurableFiles
internal import IDX
internal import Memory

/// The content of a verified published file on disk.
enum PublishedContent {
  /// The unpacked content of a gzip file.
  case file([UInt8])
  /// An archive of gzip files. The archive stays on disk and is read piece by piece.
  case archive(ZipArchive, path: String)

  /// The largest accepted size of a gzip file in an archive. The limit is twice the size of EMNIST's largest file.
  private static let maximumEntryByteCount = 1 << 29
  /// The largest accepted size of an archive's directory. The directories of published archives have less than 2 KB.
  private static let maximumDirectoryByteCount = 1 << 16

  /// Opens a published file. A gzip file is read, verified and unpacked.
  ///
  /// - Precondition: If the published file is an archive, the caller has verified its checksum.
  init(_ file: PublishedFile, at path: String) throws(DatasetError) {
    if file.parts.contains(where: { $0.entry != nil }) {
      // The caller has verified the checksum of the whole archive. The gzip files in the archive have their own
      // checksums.
      let file = try rethrow(FileReader(path), as: DatasetError.file)
      let archive = try rethrow(
        ZipArchive(
          byteCount: file.byteCount, maximumDirectoryByteCount: Self.maximumDirectoryByteCount, reading: file.read),
        as: { Self.error($0, path: path) })
      self = .archive(archive, path: path)
      return
    }
    let packed = try rethrow(
      DurableFile.read(path, maximumByteCount: file.maximumByteCount), as: DatasetError.file)
    var checksum = Checksum(for: file.checksum)
    checksum.update(with: packed)
    let found = checksum.found(for: file.checksum)
    guard found == file.checksum else {
      throw .checksum(path: path, expected: file.checksum, found: found, content: nil)
    }
    self = .file(try Gzip.decompress(packed, path: path))
  }

  /// Returns the unpacked published bytes from which an installed file is made.
  func unpacked(_ part: InstalledFile) throws(DatasetError) -> [UInt8] {
    switch self {
    case .file(let bytes):
      return bytes
    case .archive(let archive, let path):
      let name = part.entry ?? part.name
      guard let entry = archive[name] else { throw .missingEntry(path: path, entry: name) }
      let packed = try rethrow(
        archive.contents(of: entry, maximumByteCount: Self.maximumEntryByteCount),
        as: { Self.error($0, path: path) })
      return try Gzip.decompress(packed, path: "\(path), \(name)")
    }
  }

  /// Converts an error from reading an archive to a data set error.
  private static func error(_ error: any Error, path: String) -> DatasetError {
    switch error {
    case let error as ZipError: .zip(path: path, error)
    case let error as FileError: .file(error)
    case let error as MemoryError: .file(FileError(error, for: path))
    case let error: .file(FileError(kind: .failed, path: path, action: "cannot read", reason: "\(error)"))
    }
  }
}

extension PublishedFile {
  /// Returns the reason why the file at a path is not the described published file; nil if the file is correct.
  ///
  /// - Complexity: O(*n*) in the size of the file, because the checksum of the file is computed.
  package func problem(at path: String) -> DatasetError? {
    do throws(FileError) {
      let reader = try FileReader(path)
      guard reader.byteCount <= maximumByteCount || DatasetCatalogue.origin(byteCount: reader.byteCount) != nil else {
        // A file above the limit may be huge, so it is usually not read. A file with the size of another published file
        // is read, because its checksum shows whether it is that other file.
        let expected = byteCount.map { "\($0) bytes as published" } ?? "at most \(maximumByteCount) bytes"
        return .wrongArray(path: path, expected: expected, found: "\(reader.byteCount) bytes")
      }
      let found = try Checksum.ofFile(path, for: checksum)
      if found.found(for: checksum) == checksum { return nil }
      let content = likelyContent(
        beginning: try reader.read(at: 0, count: 512), byteCount: reader.byteCount, sha256: found.sha256)
      return .checksum(path: path, expected: checksum, found: found.found(for: checksum), content: content)
    } catch {
      return .file(error)
    }
  }

  /// Returns the likely content of a file that is not the described published file, such as `an HTML or XML page`.
  ///
  /// - Parameters:
  ///   - beginning: The first 512 bytes of the file, or all bytes of a shorter file.
  ///   - byteCount: The size of the file in bytes.
  ///   - sha256: The SHA-256 of the file; nil if the SHA-256 is not known.
  /// - Returns: A noun phrase for messages; nil if the content is not recognised.
  package func likelyContent(beginning: [UInt8], byteCount: Int, sha256: String?) -> String? {
    if byteCount == 0 { return "an empty file" }
    if let sha256, let origin = DatasetCatalogue.origin(sha256: sha256) { return origin }
    // An HTML page is usually a server's error page that was saved under the name of the data file.
    let firstVisible = beginning.prefix(512).first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    if firstVisible == UInt8(ascii: "<") { return "an HTML or XML page" }
    let kind = signature.first == 0x1F ? "gzip file" : "zip archive"
    if !beginning.starts(with: signature) { return "a file that is not a \(kind)" }
    if let expected = self.byteCount, byteCount < expected { return "a \(kind) of \(byteCount) of \(expected) bytes" }
    return nil
  }
}

extension InstalledFile {
  /// Converts unpacked published bytes and returns the content of the installed file.
  ///
  /// - Parameters:
  ///   - bytes: The unpacked published bytes.
  ///   - path: The path of the published file, for errors.
  /// - Complexity: O(`bytes.count`).
  func content(of bytes: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    if form == .published { return bytes }
    try rethrow(FileError.checkMemory(2 * bytes.count, for: path), as: DatasetError.file)
    let array = try IDXArray(unpacked: bytes, path: path)
    switch form {
    case .published:
      return bytes
    case .transposedImages:
      return try Self.transposed(array, bytes, path: path)
    case .labels(let lowest):
      return try Self.labels(array, from: lowest, path: path)
    case .firstColumn:
      return try Self.firstColumn(array, path: path)
    }
  }

  private static func transposed(_ array: IDXArray, _ bytes: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    let dimensions = array.header.dimensions
    guard array.header.elementType == .uint8, dimensions.count == 3 else {
      throw .wrongArray(path: path, expected: "images as uint8 of 3 dimensions", found: "\(array)")
    }
    let (rows, columns) = (dimensions[2], dimensions[1])
    let header = IDXHeader(elementType: .uint8, dimensions: [dimensions[0], rows, columns]).encoded
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      for (offset, byte) in header.enumerated() { target[offset] = byte }
      bytes.withUnsafeBufferPointer { source in
        for start in stride(from: header.count, to: bytes.count, by: max(1, rows * columns)) {
          for row in 0..<rows {
            for column in 0..<columns {
              target[start + row * columns + column] = source[start + column * rows + row]
            }
          }
        }
      }
      count = bytes.count
    }
  }

  private static func labels(_ array: IDXArray, from lowest: UInt8, path: String) throws(DatasetError) -> [UInt8] {
    guard array.header.elementType == .uint8, array.header.dimensions.count == 1 else {
      throw .wrongArray(path: path, expected: "labels as uint8 of 1 dimension", found: "\(array)")
    }
    if let wrong = array.payload.firstIndex(where: { $0 < lowest }) {
      throw .wrongArray(
        path: path, expected: "labels of at least \(lowest)", found: "\(array.payload[wrong]) at byte \(wrong)")
    }
    return IDXArray(array.payload.map { $0 - lowest }, dimensions: array.header.dimensions).encoded()
  }

  private static func firstColumn(_ array: IDXArray, path: String) throws(DatasetError) -> [UInt8] {
    let dimensions = array.header.dimensions
    guard dimensions.count == 2, dimensions[1] > 0 else {
      throw .wrongArray(path: path, expected: "a table as int32 of 2 dimensions", found: "\(array)")
    }
    let cells: [Int32] = try rethrow(array.elements(), as: { DatasetError.idx(path: path, $0) })
    var labels: [UInt8] = []
    labels.reserveCapacity(dimensions[0])
    for cell in stride(from: 0, to: cells.count, by: dimensions[1]) {
      guard let label = UInt8(exactly: cells[cell]) else {
        throw .wrongArray(
          path: path, expected: "classes from 0 to 255 in the first column",
          found: "\(cells[cell]) at byte \(array.header.headerByteCount + 4 * cell)")
      }
      labels.append(label)
    }
    return IDXArray(labels, dimensions: [labels.count]).encoded()
  }
}
