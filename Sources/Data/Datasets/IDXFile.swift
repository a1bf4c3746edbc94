internal import Archives
internal import DurableFiles
internal import IDX
internal import Pixels

/// An IDX file, raw or packed by gzip, that is known to be whole before its elements are read, so that these can be read
/// right to where they are wanted.
struct IDXFile {
  private enum Content {
    /// The elements lie in the file, behind the header.
    case raw(FileReader)
    /// The whole file, unpacked.
    case unpacked([UInt8])
  }

  let path: String
  let header: IDXHeader
  private let content: Content

  /// Opens images of unsigned bytes, `[count, rows, columns]`.
  init(images path: String) throws(DatasetError) {
    try self.init(path) { (header) throws(DatasetError) in
      guard header.elementType == .uint8, header.dimensions.count == 3 else {
        throw .wrongArray(path: path, expected: "images as uint8 of 3 dimensions", found: header.shapeText)
      }
      guard header.dimensions.allSatisfy({ $0 > 0 }) else {
        throw .wrongArray(path: path, expected: "at least one image and one pixel", found: header.shapeText)
      }
    }
  }

  /// Opens the labels of some images, unsigned bytes, `[count]`.
  init(labels path: String, of images: IDXFile) throws(DatasetError) {
    try self.init(path) { (header) throws(DatasetError) in
      guard header.elementType == .uint8, header.dimensions.count == 1 else {
        throw .wrongArray(path: path, expected: "labels as uint8 of 1 dimension", found: header.shapeText)
      }
      guard header.dimensions[0] == images.header.dimensions[0] else {
        throw .countsDiffer(
          images: images.path, imageCount: images.header.dimensions[0], labels: path,
          labelCount: header.dimensions[0])
      }
    }
  }

  /// Opens a file and reads its header; a packed one is unpacked. The first bytes, not the name, tell which one is packed.
  ///
  /// - Parameter checkHeader: throws if the array is not the one that is expected. It is called before anything is unpacked.
  private init(
    _ path: String, checking checkHeader: (IDXHeader) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let file = try rethrow(FileReader(path), as: DatasetError.file)
    let beginning = try rethrow(file.read(at: 0, count: IDXHeader.maximumByteCount), as: DatasetError.file)
    // Something else under a packed file's name is told as such.
    let isRaw = beginning.starts(with: [0, 0]) || !path.hasSuffix(".gz")
    if isRaw, !Gzip.isGzip(beginning) {
      header = try rethrow(IDXHeader(parsing: beginning), as: { DatasetError.idx(path: path, $0) })
      try checkHeader(header)
      try Self.check(file.byteCount, header, path)
      content = .raw(file)
    } else {
      header = try Self.header(ofPacked: file)
      try checkHeader(header)
      let bytes = try Self.unpack(Self.packedBytes(of: file, header), header, path)
      try Self.check(bytes.count, header, path)
      content = .unpacked(bytes)
    }
    self.path = path
  }

  /// Reads the elements of some files, which are single bytes, one file after the other, in one array.
  ///
  /// - Complexity: O(elements); raw files are read right to where the elements stay.
  static func bytes(of files: [IDXFile]) throws(DatasetError) -> [UInt8] {
    // Each of them is a file that has this length, of which there are at most two.
    let byteCount = files.map(\.header.payloadByteCount).reduce(0, +)
    try rethrow(FileError.checkMemory(byteCount, for: files[0].path), as: DatasetError.file)
    return try [UInt8](byteCount: byteCount) { (memory) throws(DatasetError) in
      var rest = UnsafeMutableRawBufferPointer(memory)[...]
      for file in files {
        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: rest.prefix(file.header.payloadByteCount)))
        rest.removeFirst(file.header.payloadByteCount)
      }
    }
  }

  /// Copies the elements, which are single bytes, to memory that has room for just them.
  ///
  /// - Complexity: O(elements), without memory of its own.
  private func read(into memory: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    precondition(memory.count == header.payloadByteCount, "there is room for the elements")
    switch content {
    case .unpacked(let bytes):
      bytes.withUnsafeBytes { memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[header.headerByteCount...])) }
    case .raw(let file):
      let got = try rethrow(file.read(at: header.headerByteCount, into: memory), as: DatasetError.file)
      // It has become shorter since it was opened.
      try Self.check(header.headerByteCount + got, header, path)
    }
  }

  /// The elements, which are single bytes, where they lie in the file; nil where it is packed or cannot be mapped.
  func mapped() -> PixelBytes? {
    guard case .raw(let file) = content, let mapped = file.mapped() else { return nil }
    return PixelBytes(memory: UnsafeRawBufferPointer(rebasing: mapped.bytes[header.headerByteCount...]), owner: mapped)
  }

  /// The most packed bytes that the array's header may take: room for long names, and for members that hold little or nothing.
  private static let maximumPackedHeaderByteCount = 1 << 20

  /// Unpacks a packed file's header before the rest is read: a small file can hold gigabytes of zeros, and a large one
  /// nothing at all.
  private static func header(ofPacked file: FileReader) throws(DatasetError) -> IDXHeader {
    let packed = try rethrow(file.read(at: 0, count: maximumPackedHeaderByteCount), as: DatasetError.file)
    let bytes: [UInt8]
    do throws(GzipError) {
      bytes = try Gzip.prefix(of: packed, byteCount: IDXHeader.maximumByteCount)
    } catch {
      guard case .cut = error, file.byteCount > packed.count else { throw .gzip(path: file.path, error) }
      throw .wrongArray(
        path: file.path, expected: "an IDX header in the first \(maximumPackedHeaderByteCount) packed bytes",
        found: "less of it")
    }
    return try rethrow(IDXHeader(parsing: bytes), as: { DatasetError.idx(path: file.path, $0) })
  }

  /// Reads a packed file, which may have twice as many bytes as its header says that it holds, and a MiB.
  private static func packedBytes(of file: FileReader, _ header: IDXHeader) throws(DatasetError) -> [UInt8] {
    let unpackedCount = header.fileByteCount
    guard unpackedCount <= Gzip.defaultMaximumByteCount else {
      let reason =
        "its IDX header says \(unpackedCount) unpacked bytes, expected at most \(Gzip.defaultMaximumByteCount)"
      throw .file(FileError(kind: .tooLarge, path: file.path, action: "cannot read", reason: reason))
    }
    let maximum = 2 * unpackedCount + maximumPackedHeaderByteCount
    guard file.byteCount <= maximum else {
      throw .wrongArray(
        path: file.path, expected: "at most \(maximum) packed bytes for the \(unpackedCount) that its IDX header says",
        found: "\(file.byteCount)")
    }
    return try rethrow(file.read(at: 0, count: file.byteCount), as: DatasetError.file)
  }

  private static func unpack(_ packed: [UInt8], _ header: IDXHeader, _ path: String) throws(DatasetError) -> [UInt8] {
    do throws(GzipError) {
      return try Gzip.decompress(packed, maximumByteCount: header.fileByteCount)
    } catch {
      guard case .tooLarge = error else { throw .gzip(path: path, error) }
      throw .wrongArray(
        path: path, expected: "\(header.fileByteCount) unpacked bytes as its IDX header says", found: "more")
    }
  }

  /// Compares a length with what a header says, and with what is read at all.
  private static func check(_ byteCount: Int, _ header: IDXHeader, _ path: String) throws(DatasetError) {
    try rethrow(header.check(fileByteCount: byteCount), as: { DatasetError.idx(path: path, $0) })
    guard byteCount <= DurableFile.maximumByteCount else {
      let reason = "it has \(byteCount) bytes, expected at most \(DurableFile.maximumByteCount)"
      throw .file(FileError(kind: .tooLarge, path: path, action: "cannot read", reason: reason))
    }
  }
}

extension Gzip {
  /// Unpacks a gzip file. The path is for errors.
  static func decompress(_ packed: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    try rethrow(decompress(packed), as: { DatasetError.gzip(path: path, $0) })
  }
}

extension IDXArray {
  /// Reads the array in an unpacked IDX file. The path is for errors.
  init(unpacked bytes: [UInt8], path: String) throws(DatasetError) {
    self = try rethrow(IDXArray(parsing: bytes), as: { DatasetError.idx(path: path, $0) })
  }
}
