#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Functions for paths, and for the files, folders and links at paths.
public enum FilePaths {
  private static let slash = UInt8(ascii: "/")

  /// Returns the folder that contains a path, such as `a/b` for `a/b/c`, or `.` for `c`.
  public static func parent(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let last = trimmed.utf8.lastIndex(of: slash) else { return "." }
    return last == trimmed.startIndex ? "/" : withoutTrailingSlashes(String(trimmed[..<last]))
  }

  /// Returns the last component of a path, such as `c` for `a/b/c`.
  public static func name(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let last = trimmed.utf8.lastIndex(of: slash) else { return trimmed }
    return String(trimmed[trimmed.utf8.index(after: last)...])
  }

  /// Returns the path of an item in a folder, such as `a/b` for the folder `a` and the name `b`.
  public static func join(_ folder: String, _ name: String) -> String {
    folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// Returns the absolute form of a path. A relative path starts at the current folder.
  public static func absolute(_ path: String) -> String {
    guard path.utf8.first != slash, let buffer = getcwd(nil, 0) else { return path }
    defer { free(buffer) }
    return path == "." ? String(cString: buffer) : join(String(cString: buffer), path)
  }

  /// Returns a path with all symbolic links resolved, or nil if nothing is at the path.
  public static func resolved(_ path: String) -> String? {
    guard let buffer = realpath(path, nil) else { return nil }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  /// Returns a path with its symbolic links resolved. Components that do not exist yet stay unchanged.
  public static func resolvedAsFarAsThere(_ path: String) -> String {
    if let resolved = resolved(path) { return resolved }
    let above = parent(of: path)
    return above == path ? path : join(resolvedAsFarAsThere(above), name(of: path))
  }

  /// Returns whether a path is inside a folder or is the folder itself. Both paths must be resolved.
  public static func contains(_ folder: String, _ path: String) -> Bool {
    path == folder || path.hasPrefix(folder.utf8.last == slash ? folder : folder + "/")
  }

  /// Returns whether anything exists at a path. Links are followed.
  public static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Returns whether a path leads to a folder. Links are followed.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Returns whether a regular file is at a path. Links are not followed.
  public static func isRegularFile(_ path: String) -> Bool {
    type(of: path) == S_IFREG
  }

  /// Returns whether a symbolic link is at a path, even if its target does not exist.
  public static func isLink(_ path: String) -> Bool {
    type(of: withoutTrailingSlashes(path)) == S_IFLNK
  }

  /// Returns the type of the item at a path, or nil if nothing is at the path. Links are not followed.
  static func type(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Returns the names of the items in a folder, sorted.
  ///
  /// - Throws: ``FileError`` if the folder does not exist or cannot be read, or if there is not enough memory.
  public static func names(in folder: String) throws(FileError) -> [String] {
    try names(in: folder, checksMemory: true)
  }

  /// Returns the names of the items in a folder, sorted.
  ///
  /// - Parameter checksMemory: Whether a lack of memory is an error. It must not be an error while files are removed.
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
        // 4096 names need about 1 MB, because a name has at most 255 bytes.
        if checksMemory, names.count.isMultiple(of: 4096) { try FileError.checkMemory(1 << 20, for: folder) }
      }
      errno = 0
    }
    guard errno == 0 else { throw FileError(path: folder, action: "cannot read the folder", creating: false) }
    return names.sorted()
  }

  /// Creates a folder and the missing folders above it.
  ///
  /// - Throws: ``FileError`` if a file is at the path of one of the folders, or if the system refuses.
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

  /// Creates a symbolic link, or changes the target of an existing link. Replaces nothing but links.
  ///
  /// - Throws: ``FileError`` if something other than a link is at the path, or if the system refuses.
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

  /// Removes a file, or a folder with its content. Items that cannot be removed remain.
  package static func remove(_ path: String) {
    if type(of: path) == S_IFDIR {
      for name in (try? names(in: path, checksMemory: false)) ?? [] { remove(join(path, name)) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// Returns a folder from which this user may not remove items, or nil if there is no such folder.
  ///
  /// The given folder and all folders inside it are checked.
  static func protectedFolder(in folder: String) throws(FileError) -> String? {
    guard access(folder, W_OK | X_OK) == 0 else { return folder }
    for name in try names(in: folder) {
      let path = join(folder, name)
      if type(of: path) == S_IFDIR, let protected = try protectedFolder(in: path) { return protected }
    }
    return nil
  }

  /// Returns whether a file with this name may be ignored. Interrupted processes and file browsers leave such files.
  package static func isLitter(_ name: String) -> Bool {
    TemporaryName.matches(name) || name == ".DS_Store" || name.lowercased() == "thumbs.db"
  }

  /// Removes a folder if it is empty.
  package static func removeEmptyFolder(_ path: String) {
    rmdir(path)
  }

  static func withoutTrailingSlashes(_ path: String) -> String {
    var utf8 = path.utf8[...]
    while utf8.count > 1, utf8.last == slash { utf8.removeLast() }
    return String(Substring(utf8))
  }
}
