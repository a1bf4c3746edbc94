internal import DurableFiles

extension DatasetInstaller {
  /// Takes a data set's files from a local folder.
  ///
  /// As ``install(_:replacing:locate:report:)``, with every published file in one folder.
  public func install(
    _ description: DatasetDescription, from source: String, report: (Event) -> Void = { _ in }
  ) throws(DatasetError) {
    try install(
      description,
      locate: { (file) throws(DatasetError) in
        let path = FilePaths.join(source, file.name)
        guard FilePaths.exists(path) else { throw .missing(folder: source, file: file.name) }
        return path
      }, report: report)
  }

  /// Installs a data set of local files.
  ///
  /// All files are verified and unpacked before the first takes its name; each then appears whole or not at all. Files
  /// that are there already and right are left alone.
  ///
  /// - Parameters:
  ///   - description: the data set.
  ///   - replacing: whether files that are there already are made anew.
  ///   - locate: gives the path of a published file. Called for all that are needed before anything is written.
  ///   - report: called as files are dealt with.
  /// - Throws: ``DatasetError``.
  /// - Complexity: O(bytes); holds one published file and what it unpacks to in memory.
  public func install(
    _ description: DatasetDescription, replacing: Bool = false,
    locate: (PublishedFile) throws(DatasetError) -> String, report: (Event) -> Void = { _ in }
  ) throws(DatasetError) {
    let folder = folder(of: description)
    let missing = replacing ? description.files : missing(description)
    for file in description.files where !missing.contains(file) {
      report(.present(path: FilePaths.join(folder, file.name)))
    }
    var located: [(file: PublishedFile, path: String)] = []
    for file in description.published where file.parts.contains(where: missing.contains) {
      let path = try locate(file)
      try PublishedContent.verify(file, at: path)
      report(.verified(path: path))
      located.append((file, path))
    }
    if !located.isEmpty {
      try write(located, of: description, only: missing, report: report)
    }
  }

  private func write(
    _ located: [(file: PublishedFile, path: String)], of description: DatasetDescription, only missing: [InstalledFile],
    report: (Event) -> Void
  ) throws(DatasetError) {
    let folder = folder(of: description)
    var checksums = RecordedChecksums(in: folder).sha256
    var writers: [FileWriter] = []
    do throws(FileError) { try FilePaths.makeFolder(folder) } catch { throw .file(error) }
    for (file, path) in located {
      let content = try PublishedContent(file, at: path)
      for part in file.parts where missing.contains(part) {
        let bytes = try part.content(of: content.unpacked(part), path: path)
        checksums[part.name] = Checksum.sha256(of: bytes)
        if let expected = part.sha256, let found = checksums[part.name], found != expected {
          throw .checksum(path: path, expected: .sha256(expected), found: .sha256(found), content: nil)
        }
        do throws(FileError) {
          let writer = try FileWriter(for: FilePaths.join(folder, part.name))
          try writer.write(bytes)
          writers.append(writer)
        } catch {
          throw .file(error)
        }
      }
    }
    do throws(FileError) {
      for writer in writers {
        try writer.commit()
        report(.written(path: writer.path, byteCount: writer.byteCount))
      }
      if description.files.contains(where: { $0.sha256 == nil }) {
        let lines = description.files.compactMap { file in checksums[file.name].map { (file.name, $0) } }
        try DurableFile.write(
          RecordedChecksums.text(lines).utf8, to: FilePaths.join(folder, RecordedChecksums.fileName))
      }
    } catch {
      throw .file(error)
    }
  }
}
