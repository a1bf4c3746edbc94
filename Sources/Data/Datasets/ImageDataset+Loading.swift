internal import Archives
internal import DurableFiles
internal import IDX
internal import Pixels

extension ImageDataset {
  /// The default of the argument `minimumMappedByteCount`: 1 MiB.
  ///
  /// Raw image files of this size or more are mapped into memory. Smaller files are read, because reading takes less
  /// than a millisecond.
  public static let defaultMinimumMappedByteCount = 1 << 20

  /// Returns the 1,797 handwritten digits of 8x8 pixels that are embedded in the program.
  ///
  /// - Throws: ``DatasetError`` if the embedded data is damaged.
  /// - Complexity: O(1). A call takes about a millisecond.
  public static func digits() throws(DatasetError) -> ImageDataset {
    func array(_ packed: [UInt8]) throws(DatasetError) -> IDXArray {
      let path = "digits (embedded)"
      return try IDXArray(unpacked: Gzip.decompress(packed, path: path), path: path)
    }
    let images = try array(PackageResources.digits_images_idx3_ubyte_gz)
    let labels = try array(PackageResources.digits_labels_idx1_ubyte_gz)
    let description = DatasetCatalogue.digits
    return ImageDataset(
      name: description.name, rowCount: images.header.dimensions[1], columnCount: images.header.dimensions[2],
      pixels: Array(images.payload), labels: Array(labels.payload), trainingCount: labels.payload.count,
      classNames: description.classNames)
  }

  /// Loads a data set by its name in the catalogue, or by the path of a folder of IDX files.
  ///
  /// - Parameters:
  ///   - name: A name such as `digits` or `full`. An unknown name is treated as the path of a folder.
  ///   - dataFolder: The path of the data folder, which holds a folder for each installed data set. If the path is nil,
  ///     only embedded data sets and paths of folders can be loaded.
  ///   - minimumMappedByteCount: The smallest total size in bytes at which raw image files are mapped into memory, not
  ///     read. See ``load(folder:name:classNames:needsTest:minimumMappedByteCount:)``.
  /// - Throws: ``DatasetError``.
  public static func named(
    _ name: String, dataFolder: String?, minimumMappedByteCount: Int = defaultMinimumMappedByteCount
  ) throws(DatasetError) -> ImageDataset {
    if let description = DatasetCatalogue.description(named: name) {
      if description.isEmbedded { return try digits() }
      guard let dataFolder else { throw .noDataFolder(name: description.name) }
      return try load(
        folder: FilePaths.join(dataFolder, description.name), name: description.name,
        classNames: description.classNames, needsTest: true, minimumMappedByteCount: minimumMappedByteCount)
    }
    guard FilePaths.exists(name) else { throw .unknown(name: name, known: DatasetCatalogue.all.map(\.name)) }
    return try load(folder: name, minimumMappedByteCount: minimumMappedByteCount)
  }

  /// Loads a data set from a folder of IDX files with MNIST's names.
  ///
  /// The file names are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
  /// `t10k-labels-idx1-ubyte`. In each name, `.idx` may replace `-idx`. Each name may also have the ending `.gz`. The
  /// folder may hold only the training part or only the test part.
  ///
  /// - Parameters:
  ///   - folder: The path of the folder.
  ///   - name: The name of the data set; by default the name of the folder.
  ///   - classNames: The names of the classes. The default names are the numbers from 0 to the largest label.
  ///   - needsTest: Whether the folder must hold both the training part and the test part.
  ///   - minimumMappedByteCount: The smallest total size in bytes at which raw image files are mapped into memory, not
  ///     read. The total counts the images of all parts. The pages of a mapped file come into memory when they are
  ///     used. A program that changes a mapped file in place also changes the images. `MappedFile` of `DurableFiles`
  ///     describes what happens if a mapped file becomes shorter. With `Int.max`, no file is mapped.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(*n*) in the number of labels if the image files are mapped. O(*n*) in the size of all files if the
  ///   image files are read.
  public static func load(
    folder: String, name: String? = nil, classNames: [String]? = nil, needsTest: Bool = false,
    minimumMappedByteCount: Int = defaultMinimumMappedByteCount
  ) throws(DatasetError) -> ImageDataset {
    func hasFiles(_ part: DataPart) -> Bool {
      [part.idxNames.images, part.idxNames.labels].contains { idxFile($0, in: folder) != nil }
    }
    let hasTest = needsTest || hasFiles(.test)
    let hasTraining = needsTest || !hasTest || hasFiles(.train)
    var parts: [IDXPart] = []
    if hasTraining { parts.append(try IDXPart(.train, folder: folder, classCount: classNames?.count)) }
    if hasTest { parts.append(try IDXPart(.test, folder: folder, classCount: classNames?.count)) }
    let size = parts[0].imageSize
    for part in parts.dropFirst() where part.imageSize != size {
      throw .imageSizesDiffer(path: part.images.path, expected: size, found: part.imageSize)
    }
    return ImageDataset(
      name: name ?? FilePaths.name(of: FilePaths.absolute(folder)), rowCount: size.rowCount,
      columnCount: size.columnCount, pixels: try pixels(of: parts.map(\.images), minimumMappedByteCount),
      labels: parts.flatMap(\.labels), trainingCount: hasTraining ? parts[0].labels.count : 0, classNames: classNames)
  }

  /// Finds an IDX file in a folder under any accepted spelling of its name; returns nil if the file does not exist.
  ///
  /// For example, `train-images-idx3-ubyte` may also be spelled `train-images.idx3-ubyte`. Both names may have the
  /// ending `.gz`.
  package static func idxFile(_ name: String, in folder: String) -> String? {
    let dotted = name.split(separator: "-idx", maxSplits: 1).joined(separator: ".idx")
    return [name, dotted, name + ".gz", dotted + ".gz"].map { FilePaths.join(folder, $0) }.first(
      where: FilePaths.exists)
  }

  private static func pixels(
    of files: [IDXFile], _ minimumMappedByteCount: Int
  ) throws(DatasetError) -> PixelBytes {
    if files.map(\.header.payloadByteCount).reduce(0, +) >= minimumMappedByteCount {
      let mapped = files.compactMap { $0.mapped() }
      if mapped.count == files.count { return PixelBytes(joining: mapped) }
    }
    return PixelBytes(try IDXFile.bytes(of: files))
  }
}

/// The training part or the test part of a data set in a folder. The labels have been read, and the image file is open.
private struct IDXPart {
  let images: IDXFile
  let imageSize: ImageSize
  let labels: [UInt8]

  init(_ part: DataPart, folder: String, classCount: Int?) throws(DatasetError) {
    func path(_ name: String) throws(DatasetError) -> String {
      guard let path = ImageDataset.idxFile(name, in: folder) else { throw .missing(folder: folder, file: name) }
      return path
    }
    let (imagesPath, labelsPath) = (try path(part.idxNames.images), try path(part.idxNames.labels))
    let images = try IDXFile(images: imagesPath)
    let labelsFile = try IDXFile(labels: labelsPath, of: images)
    let labels = try IDXFile.bytes(of: [labelsFile])
    if let classCount, let wrong = labels.firstIndex(where: { $0 >= classCount }) {
      throw .labelOutOfRange(
        path: labelsPath, byteOffset: labelsFile.header.headerByteCount + wrong, label: Int(labels[wrong]),
        classCount: classCount)
    }
    let dimensions = images.header.dimensions
    (self.images, self.labels) = (images, labels)
    imageSize = ImageSize(rowCount: dimensions[1], columnCount: dimensions[2])
  }
}
