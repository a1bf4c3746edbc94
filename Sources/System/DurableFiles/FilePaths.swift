#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Paths as text, and what stands at them.
public enum FilePaths {
  private static let slash = UInt8(ascii: "/")

  /// The folder that holds a path: `a/b` for `a/b/c`, `.` for `c`.
  public static func parent(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let last = trimmed.utf8.lastIndex(of: slash) else { return "." }
    return last == trimmed.startIndex ? "/" : withoutTrailingSlashes(String(trimmed[..<last]))
  }

  /// The last part of a path.
  public static func name(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let last = trimmed.utf8.lastIndex(of: slash) else { return trimmed }
    return String(trimmed[trimmed.utf8.index(after: last)...])
  }

  /// A path below a folder.
  public static func join(_ folder: String, _ name: String) -> String {
    folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// A path from the root, by the current folder where it has none of its own.
  public static func absolute(_ path: String) -> String {
    guard path.utf8.first != slash, let buffer = getcwd(nil, 0) else { return path }
    defer { free(buffer) }
    return path == "." ? String(cString: buffer) : join(String(cString: buffer), path)
  }

  /// Where a path leads when every link in it is followed; nil where it leads nowhere.
  public static func resolved(_ path: String) -> String? {
    guard let buffer = realpath(path, nil) else { return nil }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  /// Where a path leads when every link in it is followed, as far as there is something: what is not there yet stays as it
  /// is written.
  public static func resolvedAsFarAsThere(_ path: String) -> String {
    if let resolved = resolved(path) { return resolved }
    let above = parent(of: path)
    return above == path ? path : join(resolvedAsFarAsThere(above), name(of: path))
  }

  /// Whether a path is a folder's own or one of something below it. Both have to be resolved.
  public static func contains(_ folder: String, _ path: String) -> Bool {
    path == folder || path.hasPrefix(folder.utf8.last == slash ? folder : folder + "/")
  }

  /// Whether anything is at a path; a link counts by what it leads to.
  public static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Whether a folder is at a path; a link counts by what it leads to.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether an ordinary file is at a path, and no link to one.
  public static func isRegularFile(_ path: String) -> Bool {
    type(of: path) == S_IFREG
  }

  /// Whether a symbolic link is at a path, wherever it leads.
  public static func isLink(_ path: String) -> Bool {
    type(of: withoutTrailingSlashes(path)) == S_IFLNK
  }

  /// What is at a path itself; nil for nothing.
  static func type(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Returns the names in a folder, sorted.
  ///
  /// - Throws: ``FileError`` where there is no folder, it cannot be read, or memory is missing.
  public static func names(in folder: String) throws(FileError) -> [String] {
    try names(in: folder, checksMemory: true)
  }

  /// Removal must not fail for want of memory.
  private static func names(in folder: String, checksMemory: Bool) throws(FileError) -> [String] {
    guard let stream = opendir(folder) else {
      throw FileError(path: folder, action: "cannot read the folder", creating: false)
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: capacity) { String(cString: $0) }
      }
      if name != ".", name != ".." {
        names.append(name)
        // The longest name has 255 bytes.
        if checksMemory, names.count.isMultiple(of: 4096) { try FileError.checkMemory(1 << 20, for: folder) }
      }
      errno = 0
    }
    guard errno == 0 else { throw FileError(path: folder, action: "cannot read the folder", creating: false) }
    return names.sorted()
  }

  /// Makes a folder, and those above it that are missing.
  ///
  /// - Throws: ``FileError`` where a file is in the way, or the system refuses.
  public static func makeFolder(_ path: String) throws(FileError) {
    if isFolder(path) { return }
    guard !exists(path) else {
      throw FileError(kind: .cannotCreate, path: path, action: "cannot make the folder", reason: "a file is there")
    }
    let above = parent(of: path)
    if above != path, !exists(above) { try makeFolder(above) }
    guard mkdir(path, 0o777) == 0 || (errno == EEXIST && isFolder(path)) else {
      throw FileError(path: path, action: "cannot make the folder", creating: true)
    }
  }

  /// Points a symbolic link at a target, in the place of a link that was there. Anything but a link is left alone.
  ///
  /// - Throws: ``FileError`` where something else is there, or the system refuses.
  public static func link(_ path: String, to target: String) throws(FileError) {
    if let type = type(of: path), type != S_IFLNK {
      throw FileError(
        kind: .cannotCreate, path: path, action: "cannot make the link", reason: "something else is there")
    }
    let temporary = TemporaryName(for: path).path
    try UnfinishedOutputs.change { () throws(FileError) in
      guard symlink(target, temporary) == 0, rename(temporary, path) == 0 else {
        let error = FileError(path: path, action: "cannot make the link", creating: true)
        unlink(temporary)
        throw error
      }
    }
  }

  /// Removes a file, or a folder with all that it holds. What cannot be removed stays.
  package static func remove(_ path: String) {
    if type(of: path) == S_IFDIR {
      for name in (try? names(in: path, checksMemory: false)) ?? [] { remove(join(path, name)) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Returns a folder, among one and those below it, from which this user may remove nothing; nil where there is none.
  static func protectedFolder(in folder: String) throws(FileError) -> String? {
    guard access(folder, W_OK | X_OK) == 0 else { return folder }
    for name in try names(in: folder) {
      let path = join(folder, name)
      if type(of: path) == S_IFDIR, let protected = try protectedFolder(in: path) { return protected }
    }
    return nil
  }

  /// Whether a name in a folder is nobody's work: what an interrupted process or a file browser leaves.
  package static func isLitter(_ name: String) -> Bool {
    TemporaryName.matches(name) || name == ".DS_Store" || name.lowercased() == "thumbs.db"
  }

  /// Removes a folder that holds nothing; any other stays.
  package static func removeEmptyFolder(_ path: String) {
    rmdir(path)
  }

  static func withoutTrailingSlashes(_ path: String) -> String {
    var utf8 = path.utf8[...]
    while utf8.count > 1, utf8.last == slash { utf8.removeLast() }
    return String(Substring(utf8))
  }
}
