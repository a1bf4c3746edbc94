private import Memory

extension ZipArchive {
  private static let pieceByteCount = 1 << 16

  /// Unpacks an entry piece by piece.
  ///
  /// Sums and counts as it goes: an error may come after pieces that were given, and then these are worth nothing. As
  /// soon as more comes out than the directory says, it stops.
  ///
  /// - Parameters:
  ///   - entry: one of this archive's ``entries``.
  ///   - maximumByteCount: the most bytes to unpack; an entry that has more is refused before anything is unpacked.
  ///   - body: takes the contents in order, in pieces of any size. A piece lasts as long as the call.
  /// - Throws: ``ZipError``, what reading the archive throws, or what `body` throws.
  /// - Complexity: O(*n*) in the bytes read and unpacked, with less than a MiB of memory.
  public func extract(
    _ entry: ZipEntry, maximumByteCount: Int = .max, _ body: (_ piece: UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard entry.byteCount <= maximumByteCount else {
      let problem = ZipError.Problem.tooLarge(maximumByteCount: maximumByteCount, found: entry.byteCount)
      throw ZipError(problem, at: entry.headerOffset, entry: entry.name)
    }
    try unpack(entry) { piece in
      try body(piece)
      return true
    }
  }

  /// Unpacks an entry into memory.
  ///
  /// Memory is taken as contents come out, whatever length is declared.
  ///
  /// - Parameters:
  ///   - entry: one of this archive's ``entries``.
  ///   - maximumByteCount: the most bytes to unpack; an entry that has more is refused before anything is unpacked.
  /// - Throws: ``ZipError``, `MemoryError`, or what reading the archive throws.
  public func contents(of entry: ZipEntry, maximumByteCount: Int) throws -> [UInt8] {
    var contents: [UInt8] = []
    try extract(entry, maximumByteCount: maximumByteCount) { piece in
      try AvailableMemory.check(appending: piece.count, to: contents)
      contents.append(contentsOf: piece)
    }
    return contents
  }

  /// Unpacks the beginning of an entry, to see what it holds before all of it is unpacked.
  ///
  /// - Returns: so many bytes, or all where there are fewer. Only in that case is the checksum compared.
  /// - Throws: ``ZipError`` where the entry is damaged so early that it shows, or what reading the archive throws.
  /// - Precondition: `byteCount >= 0`.
  public func prefix(of entry: ZipEntry, byteCount: Int) throws -> [UInt8] {
    precondition(byteCount >= 0, "a count of bytes is not negative")
    var contents: [UInt8] = []
    try unpack(entry) { piece in
      contents.append(contentsOf: piece.prefix(byteCount - contents.count))
      return contents.count < byteCount
    }
    return contents
  }

  /// Unpacks until the closure says no, or to the end.
  private func unpack(_ entry: ZipEntry, _ body: (UnsafeRawBufferPointer) throws -> Bool) throws {
    let dataOffset = try LocalHeader(of: entry, in: source).dataOffset
    var progress = UnpackingProgress(entry)
    switch entry.method {
    case .stored:
      var done = 0
      while done < entry.compressedByteCount {
        let piece = try piece(of: entry, from: dataOffset, done)
        guard try piece.withUnsafeBytes({ try progress.take($0) && body($0) }) else { return }
        done += piece.count
      }
    case .deflated:
      guard try inflate(entry, from: dataOffset, { try progress.take($0) && ($0.isEmpty || body($0)) }) else { return }
    }
    try progress.finish()
  }

  /// Returns whether the data's end was reached.
  private func inflate(
    _ entry: ZipEntry, from dataOffset: Int, _ body: (UnsafeRawBufferPointer) throws -> Bool
  ) throws -> Bool {
    let stream = InflateStream()
    var done = 0
    while done < entry.compressedByteCount {
      let piece = try piece(of: entry, from: dataOffset, done)
      var consumed = 0
      var status = InflateStream.Status.unfinished
      while status == .unfinished {
        let goesOn = try piece.withUnsafeBytes { bytes in
          let step = stream.next(UnsafeRawBufferPointer(rebasing: bytes[consumed...]))
          consumed += step.consumedByteCount
          status = step.status
          return try body(step.output)
        }
        guard goesOn else { return false }
      }
      done += consumed
      switch status {
      case .finished:
        guard done == entry.compressedByteCount else {
          let count = entry.compressedByteCount - done
          throw ZipError(.trailingData(count: count), at: dataOffset + done, entry: entry.name)
        }
        return true
      case .damaged(let reason):
        throw ZipError(.invalidData(reason: reason), at: dataOffset + done, entry: entry.name)
      case .unfinished, .needsInput:
        continue
      }
    }
    throw ZipError(.dataCut, at: dataOffset + done, entry: entry.name)
  }

  private func piece(of entry: ZipEntry, from dataOffset: Int, _ done: Int) throws -> [UInt8] {
    let count = min(Self.pieceByteCount, entry.compressedByteCount - done)
    return try source.bytes(of: .data, at: dataOffset + done, count: count, entry: entry.name)
  }
}

/// Counts and sums contents, and compares them with what the directory says.
private struct UnpackingProgress {
  private let entry: ZipEntry
  private var byteCount = 0
  private var checksum = CRC32()

  init(_ entry: ZipEntry) {
    self.entry = entry
  }

  /// Always true, so that it can be followed by a condition.
  mutating func take(_ piece: UnsafeRawBufferPointer) throws -> Bool {
    byteCount += piece.count
    guard byteCount <= entry.byteCount else { throw wrongLength }
    checksum.add(piece)
    return true
  }

  func finish() throws {
    guard byteCount == entry.byteCount else { throw wrongLength }
    guard checksum.value == entry.checksum else {
      let problem = ZipError.Problem.checksum(expected: entry.checksum, found: checksum.value)
      throw ZipError(problem, at: entry.headerOffset, entry: entry.name)
    }
  }

  private var wrongLength: ZipError {
    ZipError(.length(expected: entry.byteCount, found: byteCount), at: entry.headerOffset, entry: entry.name)
  }
}
