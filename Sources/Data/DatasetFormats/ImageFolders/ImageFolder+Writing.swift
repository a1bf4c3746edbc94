public import Datasets
internal import DurableFiles
internal import Images
internal import Pixels
public import Workers

extension ImageFolder {
  /// Writes a data set as a folder of PNG files, which appears under its name whole or not at all.
  ///
  /// What is written depends on the data set, the level and the version of zlib alone, not on the number of threads.
  ///
  /// ```swift
  /// try ImageFolder.write(data, to: "mnist-png", parts: [.test], compressionLevel: 1)
  /// ```
  ///
  /// - Parameters:
  ///   - data: the data set. Each of its classes gets a folder, be it empty.
  ///   - path: the folder's path. An empty folder there is filled, and one that was written by this function replaced, as
  ///     ``unownedItem(in:)`` tells.
  ///   - parts: the parts to write; those without images are left out.
  ///   - compressionLevel: from 0, stored as it is, over 1, fastest, to 9, smallest.
  ///   - pool: the threads that compress and write.
  /// - Throws: ``ImageFolderError``; the path then holds what it held before.
  /// - Precondition: `compressionLevel` is in `0...9`, and the data set has at most ``maximumClassCount`` classes.
  /// - Complexity: O(pixels), a few hundred bytes of memory for each thread beside the data set.
  public static func write(
    _ data: ImageDataset, to path: String, parts: Set<Part> = Set(Part.allCases), compressionLevel: Int = 6,
    pool: WorkerPool = WorkerPool()
  ) throws(ImageFolderError) {
    precondition(data.classCount <= maximumClassCount, "labels are bytes")
    let staged: StagedFolder
    do throws(FileError) { staged = try StagedFolder(for: path, unownedItem: unownedItem) } catch {
      throw .file(error)
    }
    for part in Part.allCases where parts.contains(part) {
      let images = part == .training ? 0..<data.trainingCount : data.trainingCount..<data.count
      guard !images.isEmpty else { continue }
      var classFolders: [StagedSubfolder] = []
      do throws(FileError) {
        for label in 0..<data.classCount {
          let name = paddedName(label, largest: data.classCount - 1)
          classFolders.append(try staged.makeSubfolder(FilePaths.join(part.folderName, name)))
        }
      } catch {
        throw .file(error)
      }
      try write(images, of: data, into: classFolders, compressionLevel, pool)
    }
    do throws(FileError) { try staged.commit() } catch { throw .file(error) }
  }

  /// Writes the images of one part, each into the folder of its class.
  private static func write(
    _ images: Range<Int>, of data: ImageDataset, into classFolders: [StagedSubfolder], _ compressionLevel: Int,
    _ pool: WorkerPool
  ) throws(ImageFolderError) {
    try pool.forEach(in: images) {
      PNGEncoder(compressionLevel: compressionLevel)
    } body: { (index, encoder) throws(ImageFolderError) in
      let folder = classFolders[Int(data.labels[index])]
      let name = paddedName(index - images.lowerBound, largest: images.count - 1) + fileExtension
      var failure: FileError?
      do throws(PNGError) {
        try data.image(index).withUnsafeBufferPointer { (image) throws(PNGError) in
          try encoder.withEncodedBytes(width: data.columnCount, height: data.rowCount, pixels: image) { bytes in
            do throws(FileError) { try folder.write(bytes, as: name) } catch { failure = error }
          }
        }
      } catch {
        throw .png(path: FilePaths.join(folder.path, name), error)
      }
      if let failure { throw .file(failure) }
    }
  }
}
