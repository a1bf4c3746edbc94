internal import Archives
internal import DurableFiles
internal import IDX

/// One IDX file of a data set: found under any of the spellings that are about, and checked to be images or labels.
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

  /// Opens images of unsigned bytes, `[count, rows, columns]`.
  func images() throws(DatasetError) -> IDXFile {
    try IDXFile(path) { (header) throws(DatasetError) in
      guard header.elementType == .uint8, header.dimensions.count == 3 else {
        throw .wrongArray(path: path, expected: "images as uint8 of 3 dimensions", found: header.shapeText)
      }
      guard header.dimensions.allSatisfy({ $0 > 0 }) else {
        throw .wrongArray(path: path, expected: "at least one image and one pixel", found: header.shapeText)
      }
    }
  }

  /// Opens the labels of some images, unsigned bytes, `[count]`.
  func labels(of images: IDXFile) throws(DatasetError) -> IDXFile {
    try IDXFile(path) { (header) throws(DatasetError) in
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

  /// Reads a file as it is.
  static func bytes(_ path: String, maximumByteCount: Int) throws(DatasetError) -> [UInt8] {
    do throws(FileError) {
      return try DurableFile.read(path, maximumByteCount: maximumByteCount)
    } catch {
      throw .file(error)
    }
  }

  /// Checks that there is memory for bytes that come from a file.
  static func checkMemory(_ byteCount: Int, for path: String) throws(DatasetError) {
    do throws(FileError) { try FileError.checkMemory(byteCount, for: path) } catch { throw .file(error) }
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
