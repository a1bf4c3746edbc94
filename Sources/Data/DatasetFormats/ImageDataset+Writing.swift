public import Datasets
public import Workers

extension ImageDataset {
  /// Writes a data set in any format; it appears under its name whole or not at all.
  ///
  /// ```swift
  /// try data.write(to: "mnist.npz", as: .npz)
  /// try data.write(to: "mnist-test.csv", as: .csv, split: .test)
  /// ```
  ///
  /// What is at the path already is replaced only where it is of the same format and looks as if it had been written
  /// here; a folder that holds anything else stays as it is.
  ///
  /// Equal data gives equal bytes, with the same version of zlib.
  ///
  /// - Parameters:
  ///   - path: the file of an .npz data set, and of one part as CSV; a folder otherwise. A data set that has but one part
  ///     is one CSV file, too, where the path ends in `.csv`.
  ///   - format: the format.
  ///   - split: which part is written.
  ///   - threadCount: how many threads make PNG files.
  /// - Throws: ``ConversionError``; the path then holds what it held before.
  /// - Precondition: there are at most 256 classes.
  /// - Complexity: O(pixels); besides the data set, the IDX files before and after packing at most.
  public func write(
    to path: String, as format: DatasetFormat, split: DatasetSplit = .all,
    threadCount: Int = WorkerPool.processorCount
  ) throws(ConversionError) {
    switch format {
    case .idx: try IDXFolder.write(self, to: path, split, isPacked: false)
    case .idxGzip: try IDXFolder.write(self, to: path, split, isPacked: true)
    case .csv: try CSVFiles.write(self, to: path, split)
    case .npz: try NPZFile.write(self, to: path, split)
    case .png:
      let parts = Set(try split.parts(of: self))
      do throws(ImageFolderError) {
        try ImageFolder.write(self, to: path, parts: parts, pool: WorkerPool(threadCount: threadCount))
      } catch {
        throw ConversionError(error)
      }
    }
  }
}
