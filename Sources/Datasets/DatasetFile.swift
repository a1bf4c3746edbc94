internal import DurableFiles
internal import Gzip
internal import IDX

/// One IDX file of a data set: found under any of the spellings that are about, unpacked where it is gzip, and checked
/// to be images or labels.
struct DatasetFile {
  let path: String

  /// The file called `name`, such as `train-images-idx3-ubyte`, in a folder; nil where it is there under no spelling.
  ///
  /// `train-images.idx3-ubyte` is a spelling too, and each also with `.gz`.
  init?(_ name: String, in folder: String) {
    let dotted = name.split(separator: "-idx", maxSplits: 1).joined(separator: ".idx")
    let spellings = [name, dotted, name + ".gz", dotted + ".gz"].map { FilePaths.join(folder, $0) }
    guard let path = spellings.first(where: FilePaths.exists) else { return nil }
    self.path = path
  }

  /// Images of unsigned bytes, `[count, rows, columns]`.
  func images() throws(DatasetError) -> IDXArray {
    let array = try read()
    let dimensions = array.header.dimensions
    guard array.header.elementType == .uint8, dimensions.count == 3 else {
      throw .wrongArray(path: path, expected: "images as uint8 of 3 dimensions", found: "\(array)")
    }
    guard dimensions.allSatisfy({ $0 > 0 }) else {
      throw .wrongArray(path: path, expected: "at least one image and one pixel", found: "\(array)")
    }
    return array
  }

  /// Labels of unsigned bytes, `[count]`.
  func labels() throws(DatasetError) -> IDXArray {
    let array = try read()
    guard array.header.elementType == .uint8, array.header.dimensions.count == 1 else {
      throw .wrongArray(path: path, expected: "labels as uint8 of 1 dimension", found: "\(array)")
    }
    return array
  }

  private func read() throws(DatasetError) -> IDXArray {
    let bytes = try Self.bytes(path)
    return try Self.array(path.hasSuffix(".gz") ? unpackArray(bytes) : bytes, path: path)
  }

  /// The content of a gzip file of IDX. Its header is read first: a small file can hold gigabytes of zeros.
  private func unpackArray(_ bytes: [UInt8]) throws(DatasetError) -> [UInt8] {
    let prefix: [UInt8]
    do throws(GzipError) {
      prefix = try Gzip.prefix(of: bytes, byteCount: IDXHeader.maximumByteCount)
    } catch {
      throw .gzip(path: path, error)
    }
    let header: IDXHeader
    do throws(IDXError) { header = try IDXHeader(parsing: prefix) } catch { throw .idx(path: path, error) }
    let byteCount = header.headerByteCount + header.payloadByteCount
    do throws(GzipError) {
      return try Gzip.decompress(bytes, maximumByteCount: min(byteCount, Gzip.defaultMaximumByteCount))
    } catch {
      guard case .tooLarge = error else { throw .gzip(path: path, error) }
      throw .wrongArray(path: path, expected: "\(byteCount) unpacked bytes as its IDX header says", found: "more")
    }
  }

  /// A file as it is.
  static func bytes(_ path: String) throws(DatasetError) -> [UInt8] {
    do throws(FileError) { return try DurableFile.read(path) } catch { throw .file(error) }
  }

  /// The content of a gzip file. The path is for errors.
  static func unpack(_ bytes: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    do throws(GzipError) { return try Gzip.decompress(bytes) } catch { throw .gzip(path: path, error) }
  }

  /// The array in an unpacked IDX file. The path is for errors.
  static func array(_ bytes: [UInt8], path: String) throws(DatasetError) -> IDXArray {
    do throws(IDXError) { return try IDXArray(parsing: bytes) } catch { throw .idx(path: path, error) }
  }
}
