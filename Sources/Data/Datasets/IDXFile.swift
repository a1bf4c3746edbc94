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

  /// Opens a file and reads its header; a packed one is unpacked. The first bytes, not the name, tell which one is packed.
  ///
  /// - Parameter checkHeader: throws if the array is not the one that is expected. It is called before anything is unpacked.
  init(
    _ path: String, checking checkHeader: (IDXHeader) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let beginning: [UInt8]
    let file: FileReader
    do throws(FileError) {
      file = try FileReader(path)
      beginning = try file.read(at: 0, count: IDXHeader.maximumByteCount)
    } catch {
      throw .file(error)
    }
    // Something else under a packed file's name is told as such.
    let isRaw = beginning.starts(with: [0, 0]) || !path.hasSuffix(".gz")
    if isRaw, !Gzip.isGzip(beginning) {
      let header = try Self.header(beginning, path)
      try checkHeader(header)
      try Self.check(file.byteCount, header, path)
      (self.header, content) = (header, .raw(file))
    } else {
      let header = try Self.header(Self.packedHeader(of: file), path)
      try checkHeader(header)
      let bytes = try Self.unpack(Self.packedBytes(of: file, header), header, path)
      try Self.check(bytes.count, header, path)
      (self.header, content) = (header, .unpacked(bytes))
    }
    self.path = path
  }

  /// Copies the elements, which are single bytes, to memory that has room for just them.
  ///
  /// - Complexity: O(elements), without memory of its own.
  func read(into memory: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    precondition(memory.count == header.payloadByteCount, "there is room for the elements")
    switch content {
    case .unpacked(let bytes):
      bytes.withUnsafeBytes { memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[header.headerByteCount...])) }
    case .raw(let file):
      let got: Int
      do throws(FileError) { got = try file.read(at: header.headerByteCount, into: memory) } catch {
        throw .file(error)
      }
      // It has become shorter since it was opened.
      try Self.check(header.headerByteCount + got, header, path)
    }
  }

  /// The elements, which are single bytes, where they lie in the file; nil where it is packed or cannot be mapped.
  func mapped() -> PixelBytes? {
    guard case .raw(let file) = content, let mapped = file.mapped() else { return nil }
    return PixelBytes(memory: UnsafeRawBufferPointer(rebasing: mapped.bytes[header.headerByteCount...]), owner: mapped)
  }

  /// The elements, which are single bytes.
  func bytes() throws(DatasetError) -> [UInt8] {
    try DatasetFile.checkMemory(header.payloadByteCount, for: path)
    var failure: DatasetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: header.payloadByteCount) { memory, count in
      let memory = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(memory)[..<header.payloadByteCount])
      do throws(DatasetError) {
        try read(into: memory)
        count = memory.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  private static func header(_ bytes: [UInt8], _ path: String) throws(DatasetError) -> IDXHeader {
    do throws(IDXError) { return try IDXHeader(parsing: bytes) } catch { throw .idx(path: path, error) }
  }

  /// The most packed bytes that the array's header may take: room for long names, and for members that hold little or nothing.
  private static let maximumPackedHeaderByteCount = 1 << 20

  /// Unpacks a packed file's header before the rest is read: a small file can hold gigabytes of zeros, and a large one
  /// nothing at all.
  private static func packedHeader(of file: FileReader) throws(DatasetError) -> [UInt8] {
    let packed: [UInt8]
    do throws(FileError) {
      packed = try file.read(at: 0, count: maximumPackedHeaderByteCount)
    } catch {
      throw .file(error)
    }
    do throws(GzipError) {
      return try Gzip.prefix(of: packed, byteCount: IDXHeader.maximumByteCount)
    } catch {
      guard case .cut = error, file.byteCount > packed.count else { throw .gzip(path: file.path, error) }
      throw .wrongArray(
        path: file.path, expected: "an IDX header in the first \(maximumPackedHeaderByteCount) packed bytes",
        found: "less of it")
    }
  }

  /// Reads a packed file, which may have twice as many bytes as its header says that it holds, and a MiB.
  private static func packedBytes(of file: FileReader, _ header: IDXHeader) throws(DatasetError) -> [UInt8] {
    let unpackedCount = header.headerByteCount + header.payloadByteCount
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
    do throws(FileError) { return try file.read(at: 0, count: file.byteCount) } catch { throw .file(error) }
  }

  private static func unpack(_ packed: [UInt8], _ header: IDXHeader, _ path: String) throws(DatasetError) -> [UInt8] {
    let byteCount = header.headerByteCount + header.payloadByteCount
    do throws(GzipError) {
      return try Gzip.decompress(packed, maximumByteCount: byteCount)
    } catch {
      guard case .tooLarge = error else { throw .gzip(path: path, error) }
      throw .wrongArray(path: path, expected: "\(byteCount) unpacked bytes as its IDX header says", found: "more")
    }
  }

  /// Compares a length with what a header says, and with what is read at all.
  private static func check(_ byteCount: Int, _ header: IDXHeader, _ path: String) throws(DatasetError) {
    let expected = header.headerByteCount + header.payloadByteCount
    if byteCount < expected { throw .idx(path: path, .payloadCut(expected: expected, found: byteCount)) }
    if byteCount > expected { throw .idx(path: path, .trailingBytes(expected: expected, found: byteCount)) }
    guard byteCount <= DurableFile.maximumByteCount else {
      let reason = "it has \(byteCount) bytes, expected at most \(DurableFile.maximumByteCount)"
      throw .file(FileError(kind: .tooLarge, path: path, action: "cannot read", reason: reason))
    }
  }
}

extension IDXHeader {
  /// The type and the shape, such as `uint8 [60000, 28, 28]`.
  var shapeText: String { "\(elementType) \(dimensions)" }
}
