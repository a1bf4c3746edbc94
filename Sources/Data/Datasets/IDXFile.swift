internal import Archives
internal import DurableFiles
internal import IDX
internal import Pixels

/// An open IDX file, raw or packed by gzip, with a checked header and a checked length.
///
/// Because the length is checked first, the elements can be read directly into their final memory.
struct IDXFile {
  private enum Content {
    /// A raw file. The elements are read from the file.
    case raw(FileReader)
    /// The unpacked bytes of a packed file, with the header.
    case unpacked([UInt8])
  }

  let path: String
  let header: IDXHeader
  private let content: Content

  /// Opens a file of images, uint8 `[count, rowCount, columnCount]`.
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

  /// Opens the file with the labels of the images in another file, uint8 `[count]`.
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

  /// Opens a file, checks its header and its length, and unpacks it if it is packed.
  ///
  /// The first bytes of the file, not its name, decide whether it is packed.
  ///
  /// - Parameter checkHeader: Throws an error if the header is not the expected one. It is called before the elements
  ///   are unpacked.
  private init(
    _ path: String, checking checkHeader: (IDXHeader) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let file = try rethrow(FileReader(path), as: DatasetError.file)
    let beginning = try rethrow(file.read(at: 0, count: IDXHeader.maximumByteCount), as: DatasetError.file)
    // A file named `.gz` that is neither IDX nor gzip is reported as an invalid gzip file.
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

  /// Returns the elements of all files in one array, in the order of the files.
  ///
  /// - Precondition: The elements are single bytes, and there is at least one file.
  /// - Complexity: O(*n*) in the number of elements. Raw files are read directly into the array.
  static func bytes(of files: [IDXFile]) throws(DatasetError) -> [UInt8] {
    // The sum cannot overflow: there are at most two files, and each really has this length.
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

  /// Copies the elements to memory of exactly their size.
  ///
  /// - Precondition: The elements are single bytes.
  /// - Complexity: O(*n*) in the number of elements; no memory is allocated.
  private func read(into memory: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    precondition(memory.count == header.payloadByteCount, "the memory has the size of the elements")
    switch content {
    case .unpacked(let bytes):
      bytes.withUnsafeBytes { memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[header.headerByteCount...])) }
    case .raw(let file):
      let got = try rethrow(file.read(at: header.headerByteCount, into: memory), as: DatasetError.file)
      // The file may have become shorter since it was opened.
      try Self.check(header.headerByteCount + got, header, path)
    }
  }

  /// Returns the elements as memory mapped from the file; nil if the file is packed or cannot be mapped.
  ///
  /// - Precondition: The elements are single bytes.
  func mapped() -> PixelBytes? {
    guard case .raw(let file) = content, let mapped = file.mapped() else { return nil }
    return PixelBytes(memory: UnsafeRawBufferPointer(rebasing: mapped.bytes[header.headerByteCount...]), owner: mapped)
  }

  /// The largest number of packed bytes that are read to find the IDX header.
  ///
  /// The limit allows for long file names in the gzip header and for many nearly empty members.
  private static let maximumPackedHeaderByteCount = 1 << 20

  /// Unpacks only the IDX header of a packed file, so that it can be checked before the file is read and unpacked.
  ///
  /// This protects the memory: a small packed file can hold gigabytes of zeros, and a large one can hold nothing.
  private static func header(ofPacked file: FileReader) throws(DatasetError) -> IDXHeader {
    let packed = try rethrow(file.read(at: 0, count: maximumPackedHeaderByteCount), as: DatasetError.file)
    let bytes: [UInt8]
    do throws(GzipError) {
      bytes = try Gzip.prefix(of: packed, byteCount: IDXHeader.maximumByteCount)
    } catch {
      guard case .cut = error, file.byteCount > packed.count else { throw .gzip(path: file.path, error) }
      throw .wrongArray(
        path: file.path, expected: "an IDX header in the first \(maximumPackedHeaderByteCount) packed bytes",
        found: "only a part of it")
    }
    return try rethrow(IDXHeader(parsing: bytes), as: { DatasetError.idx(path: file.path, $0) })
  }

  /// Returns the bytes of a packed file.
  ///
  /// A file larger than twice the unpacked size in its IDX header plus 1 MiB is an error.
  private static func packedBytes(of file: FileReader, _ header: IDXHeader) throws(DatasetError) -> [UInt8] {
    let unpackedCount = header.fileByteCount
    guard unpackedCount <= Gzip.defaultMaximumByteCount else {
      let reason =
        "its IDX header states \(unpackedCount) unpacked bytes, expected at most \(Gzip.defaultMaximumByteCount)"
      throw .file(FileError(kind: .tooLarge, path: file.path, action: "cannot read", reason: reason))
    }
    let maximum = 2 * unpackedCount + maximumPackedHeaderByteCount
    guard file.byteCount <= maximum else {
      throw .wrongArray(
        path: file.path, expected: "at most \(maximum) packed bytes for the \(unpackedCount) stated in its IDX header",
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
        path: path, expected: "\(header.fileByteCount) unpacked bytes as stated in its IDX header", found: "more")
    }
  }

  /// Checks that the unpacked length of a file is the one that its header states, and is not above the limit.
  private static func check(_ byteCount: Int, _ header: IDXHeader, _ path: String) throws(DatasetError) {
    try rethrow(header.check(fileByteCount: byteCount), as: { DatasetError.idx(path: path, $0) })
    guard byteCount <= DurableFile.maximumByteCount else {
      let reason = "it has \(byteCount) bytes, expected at most \(DurableFile.maximumByteCount)"
      throw .file(FileError(kind: .tooLarge, path: path, action: "cannot read", reason: reason))
    }
  }
}

extension Gzip {
  /// Unpacks a gzip file; errors name the path.
  static func decompress(_ packed: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    try rethrow(decompress(packed), as: { DatasetError.gzip(path: path, $0) })
  }
}

extension IDXArray {
  /// Creates an array from the bytes of an unpacked IDX file; errors name the path.
  init(unpacked bytes: [UInt8], path: String) throws(DatasetError) {
    self = try rethrow(IDXArray(parsing: bytes), as: { DatasetError.idx(path: path, $0) })
  }
}
