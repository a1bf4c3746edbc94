internal import DurableFiles

/// Verifies the published files of a data set and unpacks them into the data folder.
///
/// ```swift
/// let installer = DatasetInstaller(dataFolder: "data")
/// try installer.install(DatasetCatalogue.full, from: "downloads")
/// ```
///
/// Where the catalogue does not know the checksums of the unpacked files, those of what was written are noted in the
/// set's folder as `checksums.sha256`, and hold from then on.
public struct DatasetInstaller: Sendable {
  /// The folder that holds a folder for each data set.
  public let dataFolder: String

  /// What is told of each file as it is dealt with.
  public enum Event: Equatable, Sendable {
    /// The unpacked file is there already, and is the right one.
    case present(path: String)
    /// The published file was found and has the right checksum.
    case verified(path: String)
    /// The unpacked file was written.
    case written(path: String, byteCount: Int)
  }

  /// How much of a data set is in its folder.
  public enum Presence: String, Equatable, Sendable {
    /// Every file.
    case complete
    /// Some files, or the beginning of one that was being fetched.
    case partial
    /// Nothing.
    case absent
  }

  /// An installer for a data folder, which need not exist yet.
  public init(dataFolder: String) {
    self.dataFolder = dataFolder
  }

  /// The folder of a data set.
  public func folder(of description: DatasetDescription) -> String {
    FilePaths.join(dataFolder, description.name)
  }

  /// The folder in which published files lie until the set is installed: `.fetch` in the set's folder, or for files that
  /// several sets are made of, in the folder that these share.
  public func downloadFolder(of description: DatasetDescription) -> String {
    FilePaths.join(FilePaths.join(dataFolder, description.sharedFolder ?? description.name), ".fetch")
  }

  /// How much of a data set is there, by the files' names alone.
  public func presence(of description: DatasetDescription) -> Presence {
    if description.isEmbedded { return .complete }
    let folder = folder(of: description)
    let there = description.files.count { FilePaths.exists(FilePaths.join(folder, $0.name)) }
    if there == description.files.count { return .complete }
    if there > 0 { return .partial }
    // An archive that several sets are made of is no part of one of them.
    guard description.sharedFolder == nil else { return .absent }
    let downloads = (try? FilePaths.names(in: downloadFolder(of: description))) ?? []
    return downloads.isEmpty ? .absent : .partial
  }

  /// Whether none of the files is there.
  package func isWithoutFiles(_ description: DatasetDescription) -> Bool {
    !description.files.contains { FilePaths.exists(FilePaths.join(folder(of: description), $0.name)) }
  }

  /// Whether all unpacked files are there and are the right ones.
  ///
  /// - Complexity: O(bytes): every file is read and its checksum taken.
  public func isComplete(_ description: DatasetDescription) -> Bool {
    missing(description).isEmpty
  }

  /// What is wrong with the files of a data set in the data folder: an error for each that is not there or not right.
  ///
  /// - Complexity: O(bytes): every file is read and its checksum taken.
  public func problems(with description: DatasetDescription) -> [DatasetError] {
    let folder = folder(of: description)
    let recorded = RecordedChecksums(in: folder)
    return description.files.compactMap { file in
      let path = FilePaths.join(folder, file.name)
      guard FilePaths.exists(path) else { return .missing(folder: folder, file: file.name) }
      guard let expected = file.sha256 ?? recorded.sha256[file.name] else { return .unjudged(path: path) }
      do throws(FileError) {
        let found = try Checksum.ofFile(path).sha256
        return found == expected
          ? nil : .checksum(path: path, expected: .sha256(expected), found: .sha256(found), content: nil)
      } catch {
        return .file(error)
      }
    }
  }

  /// The published files of which something is missing or not right.
  package func neededFiles(of description: DatasetDescription) -> [PublishedFile] {
    let missing = missing(description)
    return description.published.filter { $0.parts.contains(where: missing.contains) }
  }

  /// Why a file is not the published one; nil where it is.
  package func failure(of file: PublishedFile, at path: String) -> DatasetError? {
    do throws(DatasetError) { try PublishedContent.verify(file, at: path) } catch { return error }
    return nil
  }

  /// The files that have to be written.
  func missing(_ description: DatasetDescription) -> [InstalledFile] {
    let folder = folder(of: description)
    let recorded = RecordedChecksums(in: folder)
    return description.files.filter { file in
      guard let expected = file.sha256 ?? recorded.sha256[file.name] else { return true }
      return (try? Checksum.ofFile(FilePaths.join(folder, file.name)))?.sha256 != expected
    }
  }
}
