internal import Archives
internal import DurableFiles
internal import IDX
internal import Pixels

/// An open IDX file, which may be packed by gzip.
///
/// The header and the length are checked when the file is opened. The elements can therefore be read directly into
/// their final memory.
struct IDXFile {
  private enum Content {
    /// A file that is not packed. The elements are read from the file when they are needed.
    case raw(FileReader)
    /// The unpacked bytes of a packed file, including the header.
    case unpacked([UInt8])
  }

  let path: String
  let header: IDXHeader
  private let content: Content

  /// Opens an image file, which holds uint8 `[count, rowCount, columnCount]`.
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

  /// Opens a label file, which holds uint8 `[count]`. The image file must have the same `count`.
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

  /// Opens a file, and checks its header and its length. If the file is packed, it is also unpacked.
  ///
  /// The first bytes of the file, not its name, show whether the file is packed.
  ///
  /// - Parameter checkHeader: A closure that throws an error if the header is not the expected one. The closure is
  ///   called before the elements are unpacked.
  private init(
    _ path: String, checking checkHeader: (IDXHeader) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let file = try rethrow(FileReader(path), as: DatasetError.file)
    let beginning = try rethrow(file.read(at: 0, count: IDXHeader.maximumByteCount), as: DatasetError.file)
    // A file whose name ends with `.gz` is reported as a damaged gzip file if it is neither IDX nor gzip.
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
  /// - Precondition: Each element is one byte, and there is at least one file.
  /// - Complexity: O(*n*) in the number of elements. Raw files are read directly into the array.
  static func bytes(of files: [IDXFile]) throws(DatasetError) -> [UInt8] {
    // The sum cannot overflow, because there are at most two files and the length of each file was checked.
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

  /// Copies the elements to memory that has exactly the size of the elements.
  ///
  /// - Precondition: Each element is one byte.
  /// - Complexity: O(*n*) in the number of elements. No memory is allocated.
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

  /// Maps the file into memory and returns the elements; returns nil if the file is packed or cannot be mapped.
  ///
  /// - Precondition: Each element is one byte.
  func mapped() -> PixelBytes? {
    guard case .raw(let file) = content, let mapped = file.mapped() else { return nil }
    return PixelBytes(memory: UnsafeRawBufferPointer(rebasing: mapped.bytes[header.headerByteCount...]), owner: mapped)
  }

  /// The largest number of packed bytes that are read to find the IDX header.
  ///
  /// The limit is large enough for a long file name in the gzip header, and for many nearly empty gzip members.
  private static let maximumPackedHeaderByteCount = 1 << 20

  /// Unpacks only the IDX header of a packed file. The header can then be checked before the whole file is read.
  ///
  /// Without the check, a damaged file could fill the memory. A small packed file can hold gigabytes of zeros, and a
  /// large packed file can hold nothing.
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
  /// The largest accepted size is twice the unpacked size that the IDX header states, plus 1 MiB.
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

  /// Checks the unpacked length of a file. The length must be the one that the header states, and must not exceed the
  /// limit for files.
  private static func check(_ byteCount: Int, _ header: IDXHeader, _ path: String) throws(DatasetError) {
    try rethrow(header.check(fileByteCount: byteCount), as: { DatasetError.idx(path: path, $0) })
    guard byteCount <= DurableFile.maximumByteCount else {
      let reason = "it has \(byteCount) bytes, expected at most \(DurableFile.maximumByteCount)"
      throw .file(FileError(kind: .tooLarge, path: path, action: "cannot read", reason: reason))
    }
  }
}

extension Gzip {
  /// Unpacks a gzip file. Errors contain the path of the file.
  static func decompress(_ packed: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    try rethrow(decompress(packed), as: { DatasetError.gzip(path: path, $0) })
  }
}

extension IDXArray {
  /// Creates an array from the bytes of an unpacked IDX file. Errors contain the path of the file.
  init(unpacked bytes: [UInt8], path: String) throws(DatasetError) {
    self = try rethrow(IDXArray(parsing: bytes), as: { DatasetError.idx(path: path, $0) })
  }
}
