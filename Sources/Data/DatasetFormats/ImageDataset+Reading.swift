public import Datasets
internal import DurableFiles
public import Workers

extension ImageDataset {
  /// Reads a data set in any format.
  ///
  /// ```swift
  /// let data = try ImageDataset.read("mnist.npz")
  /// print(data.trainingCount, data.testCount)  // 60000 10000
  /// ```
  ///
  /// Pixels come back as `[count, rowCount, columnCount]`, those of the training part first. A CSV file alone is a training
  /// part. Classes are numbered up to the largest label, unless the folders of a PNG data set have other names.
  ///
  /// - Parameters:
  ///   - path: a file or a folder, as ``DatasetFormat`` describes them.
  ///   - format: its format; by default what ``DatasetFormat/init(of:)`` finds.
  ///   - imageSize: the images' size, which CSV files without names of the form `1x1` tell only where they are square; in
  ///     other formats it is compared.
  ///   - name: the data set's name; by default the path's last part without an ending such as `.npz`.
  ///   - threadCount: how many threads decode PNG files.
  /// - Throws: ``ConversionError``.
  /// - Complexity: O(bytes), and a file's packed bytes beside the result at most.
  public static func read(
    _ path: String, as format: DatasetFormat? = nil, imageSize: ImageSize? = nil, name: String? = nil,
    threadCount: Int = WorkerPool.processorCount
  ) throws(ConversionError) -> ImageDataset {
    let format = if let format { format } else { try DatasetFormat(of: path) }
    let name = name ?? defaultName(of: path)
    let data: ImageDataset
    switch format {
    case .idx, .idxGzip: data = try IDXFolder.read(path, name: name)
    case .csv: data = try CSVFiles.read(path, name: name, imageSize: imageSize)
    case .npz: data = try NPZFile.read(path, name: name, imageSize: imageSize)
    case .png:
      do throws(ImageFolderError) {
        data = try ImageFolder.read(path, name: name, pool: WorkerPool(threadCount: threadCount))
      } catch {
        throw ConversionError(error)
      }
    }
    let found = ImageSize(rowCount: data.rowCount, columnCount: data.columnCount)
    if let imageSize, imageSize != found { throw .imageSize(path: path, expected: imageSize, found: found) }
    return data
  }

  /// The name of a data set that lies at a path, for files that are made of it.
  private static func defaultName(of path: String) -> String {
    var name = FilePaths.name(of: path)
    // Such a path's last part names nothing.
    if [".", ".."].contains(name) { name = FilePaths.name(of: FilePaths.resolved(path) ?? path) }
    for ending in [".npz", CSVFiles.fileExtension] where name.hasSuffix(ending) && name.count > ending.count {
      return String(name.dropLast(ending.count))
    }
    return name
  }

  /// Class names for labels that have none of their own.
  static func numberedClasses(of labels: [UInt8]) -> [String] {
    (0...Int(labels.max() ?? 0)).map(String.init)
  }
}
