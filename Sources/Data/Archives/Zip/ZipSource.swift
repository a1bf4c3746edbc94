/// The archive's bytes, wherever they are.
struct ZipSource {
  let byteCount: Int
  let read: (_ offset: Int, _ count: Int) throws -> [UInt8]

  /// The bytes of a part, all of them or an error.
  ///
  /// - Precondition: the offset is not beyond the end.
  func bytes(of part: ZipError.Part, at offset: Int, count: Int, entry: String? = nil) throws -> [UInt8] {
    precondition(offset >= 0 && offset <= byteCount && count >= 0, "a part begins inside the file")
    guard count <= byteCount - offset else {
      throw ZipError(.cut(part: part, expected: offset + count, found: byteCount), at: offset, entry: entry)
    }
    let bytes = try read(offset, count)
    precondition(bytes.count <= count, "no more bytes are read than were asked for")
    guard bytes.count == count else {
      // The file has become shorter.
      let end = offset + bytes.count
      throw ZipError(.cut(part: part, expected: offset + count, found: end), at: end, entry: entry)
    }
    return bytes
  }
}
