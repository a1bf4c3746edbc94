internal import Drawing
internal import DurableFiles
internal import Images
public import Workers

extension ErrorDump {
  /// Writes all files into a folder that appears under its name whole or not at all.
  ///
  /// - Parameters:
  ///   - path: The folder's path. An empty folder there is filled, and one that a dump of the same kind was written into
  ///     replaced, as ``DumpKind/unownedItem(in:)`` tells.
  ///   - pool: The threads that compress and write.
  /// - Returns: The folder's path.
  /// - Throws: ``ErrorDumpError``; the path then holds what it held before.
  /// - Complexity: O(pixels written). Memory: a contact sheet for each thread beside the lists.
  @discardableResult
  public func write(to path: String, pool: WorkerPool = WorkerPool()) throws(ErrorDumpError) -> String {
    let staged: StagedFolder
    let folder: StagedSubfolder
    do throws(FileError) {
      try FileError.checkMemory(pool.threadCount * sheetByteCount, for: path, action: "cannot write")
      staged = try StagedFolder(for: path, unownedItem: kind.unownedItem)
      folder = try staged.folderForManyFiles()
    } catch {
      throw .file(error)
    }
    let (names, greys) = (fileNames, greys)
    try writePictures(names, greys, into: folder, pool)
    try writeSheets(greys, into: folder, pool)
    do throws(FileError) {
      try folder.write(list(names), as: kind.listName)
      try folder.write(document(names), as: kind.documentName)
      return try staged.commit()
    } catch {
      throw .file(error)
    }
  }

  private func writePictures(
    _ names: [String], _ greys: [UInt8], into folder: StagedSubfolder, _ pool: WorkerPool
  ) throws(ErrorDumpError) {
    try pool.forEach(in: samples.indices) {
      PNGEncoder(compressionLevel: Self.compressionLevel)
    } body: { (place, encoder) throws(ErrorDumpError) in
      try write(
        image(of: samples[place], greys: greys), enlargedBy: scale, as: names[place], into: folder, encoder)
    }
  }

  private func writeSheets(
    _ greys: [UInt8], into folder: StagedSubfolder, _ pool: WorkerPool
  ) throws(ErrorDumpError) {
    let sheets = sheetSamples
    try pool.forEach(in: sheets.indices, indicesAtATime: 1) {
      PNGEncoder(compressionLevel: Self.compressionLevel)
    } body: { (place, encoder) throws(ErrorDumpError) in
      let picture = sheet(sheets[place], number: place + 1, of: sheets.count, greys: greys).render()
      let name = Self.sheetName(place + 1, of: sheets.count)
      try write(picture, enlargedBy: 1, as: name, into: folder, encoder)
    }
  }

  private func write(
    _ image: GreyscaleImage, enlargedBy scale: Int, as name: String, into folder: StagedSubfolder,
    _ encoder: PNGEncoder
  ) throws(ErrorDumpError) {
    var failure: FileError?
    do throws(PNGError) {
      try image.pixels.withUnsafeBufferPointer { (pixels) throws(PNGError) in
        try encoder.withEncodedBytes(width: image.width, height: image.height, pixels: pixels, scale: scale) { bytes in
          do throws(FileError) { try folder.write(bytes, as: name) } catch { failure = error }
        }
      }
    } catch {
      throw .png(path: FilePaths.join(folder.path, name), error)
    }
    if let failure { throw .file(failure) }
  }
}
