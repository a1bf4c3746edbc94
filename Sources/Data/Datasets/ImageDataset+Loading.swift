internal import Archives
internal import DurableFiles
internal import IDX
internal import Pixels

extension ImageDataset {
  /// From what size on a set's raw files of images are mapped: to read smaller ones takes less than a millisecond.
  public static let defaultMinimumMappedByteCount = 1 << 20

  /// The 8x8 digits that are embedded in the program.
  ///
  /// - Complexity: O(1), about a millisecond.
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

  /// A data set by its name in the catalogue, or by the path of a folder of IDX files.
  ///
  /// - Parameters:
  ///   - name: a name such as `digits` or `full`; what is no known name is taken as a folder's path.
  ///   - dataFolder: the folder of the known sets that are not embedded, each in a folder of its name; nil where there is
  ///     none, which is an error only for such a set.
  ///   - minimumMappedByteCount: as ``load(folder:name:classNames:needsTest:minimumMappedByteCount:)`` has it.
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

  /// A folder of IDX files with MNIST's names: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and, where there
  /// is a test part, the same with `t10k`. Also with `.idx` for `-idx`, and with `.gz`. A test part may be there alone.
  ///
  /// - Parameters:
  ///   - folder: the folder's path.
  ///   - name: the data set's name; the folder's by default.
  ///   - classNames: the classes' names; by default the numbers up to the largest label.
  ///   - needsTest: whether a missing part is an error.
  ///   - minimumMappedByteCount: raw files of images that are together at least so long are mapped, not read: their pages
  ///     come into memory as they are used, and a program that changes such a file in place changes the images.
  ///     `MappedFile` of `DurableFiles` says what happens where one is cut short meanwhile; `Int.max` maps none.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(labels) where files are mapped; otherwise O(bytes), and raw files are read right to where the images
  ///   stay.
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

  /// Returns the path of the file called `name`, such as `train-images-idx3-ubyte`, in a folder; nil where it is there
  /// under no spelling.
  ///
  /// `train-images.idx3-ubyte` is a spelling too, and each also with `.gz`.
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

/// The images and labels of the training or the test part, the images still in their file.
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
