#if canImport(Darwin)
  private import Darwin
#else
  private import Glibc
#endif

/// Paths as text, and what stands at them.
public enum FilePaths {
  /// The folder that holds a path: `a/b` for `a/b/c`, `.` for `c`.
  public static func parent(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : withoutTrailingSlashes(String(trimmed[..<slash]))
  }

  /// The last part of a path.
  public static func name(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    return trimmed.lastIndex(of: "/").map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
  }

  /// A path below a folder.
  public static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// A path from the root, by the current folder where it has none of its own.
  public static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let buffer = getcwd(nil, 0) else { return path }
    defer { free(buffer) }
    return path == "." ? String(cString: buffer) : join(String(cString: buffer), path)
  }

  /// Whether anything is at a path; a link counts by what it leads to.
  public static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Whether a folder is at a path.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted.
  ///
  /// - Throws: ``FileError`` where there is no folder, or it cannot be read.
  public static func names(in folder: String) throws(FileError) -> [String] {
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
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw FileError(path: folder, action: "cannot read the folder", creating: false) }
    return names.sorted()
  }

  /// Where a path leads when every link in it is followed; nil where it leads nowhere.
  public static func resolved(_ path: String) -> String? {
    guard let buffer = realpath(path, nil) else { return nil }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  /// Whether a symbolic link is at a path, wherever it leads.
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(withoutTrailingSlashes(path), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
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
    var status = stat()
    if !isLink(path), lstat(path, &status) == 0 {
      throw FileError(
        kind: .cannotCreate, path: path, action: "cannot make the link", reason: "something else is there")
    }
    let temporary = join(parent(of: path), temporaryName(for: path))
    guard symlink(target, temporary) == 0, rename(temporary, path) == 0 else {
      let error = FileError(path: path, action: "cannot make the link", creating: true)
      unlink(temporary)
      throw error
    }
  }

  /// A hidden name beside a path that no other process uses: `.name.1234-5.partial`.
  static func temporaryName(for path: String) -> String {
    ".\(name(of: path)).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial"
  }

  static func withoutTrailingSlashes(_ path: String) -> String {
    var result = path
    while result.count > 1, result.hasSuffix("/") { result.removeLast() }
    return result
  }
}
