import Archives
import Testing

/// An invalid zip archive with the expected error message.
struct BrokenZip: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var file: [UInt8]
  var sentence: String

  init(_ name: String, _ file: [UInt8], _ sentence: String) {
    (self.testDescription, self.file, self.sentence) = (name, file, sentence)
  }

  /// A valid archive with one entry "a" that stores the text "abc".
  ///
  /// The local header has 31 bytes. The data begins at byte 31, the directory record at byte 34, and the end record at
  /// byte 81.
  static let abc: [UInt8] =
    [
      0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0,
      0x61,
    ]
    + [0x61, 0x62, 0x63]
    + [0x50, 0x4B, 1, 2, 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0, 3, 0, 0, 0]
    + [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xA4, 0x81, 0, 0, 0, 0, 0x61]
    + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 47, 0, 0, 0, 34, 0, 0, 0, 0, 0]

  /// Returns the archive ``abc`` with changed bytes at the given offsets.
  static func changed(_ changes: [Int: UInt8]) -> [UInt8] {
    changes.reduce(into: abc) { $0[$1.key] = $1.value }
  }

  /// Returns the archive ``abc`` with another name in the local header and in the directory.
  static func named(_ name: [UInt8], flags: UInt8 = 0) -> [UInt8] {
    var file = abc
    file[34 + 9] = flags  // The upper byte of the flags.
    let shift = name.count - 1
    file.replaceSubrange(80..<81, with: name)
    file[34 + 28] = UInt8(name.count)
    file[81 + shift + 12] = UInt8(46 + name.count)
    file.replaceSubrange(30..<31, with: name)
    (file[7], file[26]) = (flags, UInt8(name.count))
    file[81 + 2 * shift + 16] = UInt8(33 + name.count)
    return file
  }

  /// Returns an archive with two entries that store "abc". The second entry has the given name and offset.
  static func twice(name: UInt8, offset: UInt8) -> [UInt8] {
    var record = Array(abc[34..<81])
    (record[42], record[46]) = (offset, name)
    var local = Array(abc[..<34])
    local[30] = name
    let end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 2, 0, 2, 0, 94, 0, 0, 0, 68, 0, 0, 0, 0, 0]
    return abc[..<34] + local + abc[34..<81] + record + end
  }

  /// Returns the archive ``abc`` with deflate data instead of the entry's data. Both headers state the given length.
  static func deflated(_ data: [UInt8], length: UInt8 = 3) -> [UInt8] {
    var file = changed([8: 8, 18: UInt8(data.count), 22: length, 44: 8, 54: UInt8(data.count), 58: length])
    file[97] = UInt8(31 + data.count)
    file.replaceSubrange(31..<34, with: data)
    return file
  }

  static let archives: [BrokenZip] = [
    .init("empty", [], "at byte 0: the file is empty, expected a zip archive"),
    .init("raw IDX", [0, 0, 8, 1, 0], "at byte 0: expected a zip archive, found a file that begins with 00 00 08 01"),
    .init(
      "HTML", Array("\n<html><head>no such file</head></html>".utf8),
      "at byte 0: expected a zip archive, found a file that begins with 0A 3C 68 74, which looks like an HTML page"),
    .init(
      "cut off", Array(abc.dropLast()),
      "at byte 102: expected the end record of a zip archive, found the end of the file after 102 bytes; "
        + "the file is probably cut off"),
    .init("several disks", changed([85: 1]), "at byte 85: the disk number should be 0, found 1"),
    .init(
      "directory on another disk", changed([87: 2]), "at byte 87: the directory's disk number should be 0, found 2"),
    .init(
      "entries on another disk", changed([89: 0]), "at byte 89: the number of entries on this disk should be 1, found 0"
    ),
    .init(
      "more entries than the directory can hold", changed([89: 2, 91: 2]),
      "at byte 91: the number of entries should be 1, found 2"),
    .init(
      "fewer entries than the directory holds", changed([89: 0, 91: 0]),
      "at byte 34: the directory's size should be 0, found 47"),
    .init(
      "wrong offset of the directory", changed([97: 35]), "at byte 97: the directory's offset should be 34, found 35"),
    .init(
      "directory larger than the file", changed([96: 1]),
      "at byte 93: the directory's size should be 81, found 16777263"),
    .init(
      "additional bytes before the archive", [9] + abc, "at byte 98: the directory's offset should be 35, found 34"),
    .init(
      "record without signature", changed([36: 3]),
      "at byte 34: the directory entry should begin with 0x02014B50, found 0x02034B50"),
    .init(
      "name that ends after the directory", changed([62: 2]),
      "at byte 34: the directory entry should end at byte 82, found that its space ends at byte 81"),
    .init(
      "encrypted", changed([42: 1]), "entry \"a\", at byte 42: the contents are encrypted, which is not supported"),
    .init("patch data", changed([42: 0x20]), "entry \"a\", at byte 42: unknown flags are set in 0x0020"),
    .init(
      "method 12", changed([44: 12]),
      "entry \"a\", at byte 44: unknown compression method 12, expected 0 (stored) or 8 (deflated)"),
    .init(
      "stored entry with two different sizes", changed([58: 4]),
      "entry \"a\", at byte 58: the size of a stored entry should be 3, found 4"),
    .init(
      "a size that the data cannot unpack to", changed([44: 8, 61: 0x70]),
      "entry \"a\", at byte 58: 3 bytes of compressed data cannot unpack to the stated 1879048195 bytes"),
    .init(
      "data that ends after the start of the directory", changed([54: 4, 58: 4]),
      "entry \"a\", at byte 0: the data should end at byte 35, found that its space ends at byte 34"),
    .init(
      "data larger than the file", changed([57: 1]),
      "entry \"a\", at byte 54: the compressed size should be less than the directory's offset, found 16777219"),
    .init(
      "local header inside the directory", changed([76: 34]),
      "entry \"a\", at byte 76: the local header's offset should be less than the directory's offset, found 34"),
    .init(
      "zip64 size without a zip64 field", changed([54: 255, 55: 255, 56: 255, 57: 255]),
      "entry \"a\", at byte 81: an extra field is shorter than its stated length, or a number for zip64 is missing"),
    .init("entry on another disk", changed([68: 1]), "entry \"a\", at byte 68: the disk number should be 0, found 1"),
    .init(
      "two entries with the same name", twice(name: 0x61, offset: 34),
      "entry \"a\", at byte 161: expected every name once, found two entries with this name"),
    .init(
      "two entries at the same offset", twice(name: 0x62, offset: 0),
      "entry \"a\", at byte 0: the data should end at byte 34, found that its space ends at byte 0"),
    .init(
      "an entry inside another", twice(name: 0x62, offset: 20),
      "entry \"a\", at byte 0: the data should end at byte 34, found that its space ends at byte 20"),
    .init(
      "name that is not UTF-8", named([0xC3, 0x28], flags: 8),
      "at byte 81: the name is invalid: it is not valid UTF-8"),
  ]

  static let entries: [BrokenZip] = [
    .init(
      "no local header", changed([3: 5]),
      "entry \"a\", at byte 0: the local header should begin with 0x04034B50, found 0x05034B50"),
    .init("different flags", changed([6: 1]), "entry \"a\", at byte 6: the local header's flags should be 0, found 1"),
    .init(
      "different method", changed([8: 8]), "entry \"a\", at byte 8: the local header's method should be 0, found 8"),
    .init(
      "different checksum", changed([14: 0]),
      "entry \"a\", at byte 14: the local header's CRC-32 should be 891568578, found 891568384"),
    .init("different size", changed([22: 4]), "entry \"a\", at byte 22: the local header's size should be 3, found 4"),
    .init(
      "different compressed size", changed([18: 4]),
      "entry \"a\", at byte 18: the local header's compressed size should be 3, found 4"),
    .init(
      "a longer name", changed([26: 2]),
      "entry \"a\", at byte 26: the length of the local header's name should be 1, found 2"),
    .init(
      "different name", changed([30: 0x62]),
      "entry \"a\", at byte 30: the name is invalid: it differs from the name in the local header"),
    .init(
      "extra fields that overlap the data", changed([28: 3]),
      "entry \"a\", at byte 34: the data should end at byte 37, found that its space ends at byte 34"),
    .init(
      "no data descriptor", changed([6: 8]),
      "entry \"a\", at byte 34: the data descriptor should end at byte 46, found that its space ends at byte 34"),
    .init(
      "changed contents", changed([31: 0x62]),
      "entry \"a\", at byte 0: the contents' CRC-32 should be 0x352441C2, found 0x3762FF9B"),
    .init(
      "invalid deflate data", deflated([7]),
      "entry \"a\", at byte 32: the compressed data is damaged (invalid block type)"),
    .init(
      "deflate data that is cut off", deflated([1, 3, 0, 0xFC, 0xFF, 0x61, 0x62]),
      "entry \"a\", at byte 38: expected more compressed data, found the end of the entry's data"),
    .init(
      "deflate data that ends early", deflated([1, 3, 0, 0xFC, 0xFF, 0x61, 0x62, 0x63, 0, 0]),
      "entry \"a\", at byte 39: expected 2 more bytes of compressed data, found the end of the deflate data"),
    .init(
      "more contents than stated", deflated([1, 3, 0, 0xFC, 0xFF, 0x61, 0x62, 0x63], length: 2),
      "entry \"a\", at byte 0: the contents should have 2 bytes, found at least 3"),
    .init(
      "fewer contents than stated", deflated([1, 3, 0, 0xFC, 0xFF, 0x61, 0x62, 0x63], length: 4),
      "entry \"a\", at byte 0: the contents should have 4 bytes, found 3"),
  ]

  static let names: [(name: [UInt8], fault: String)] = [
    ([], "is empty"),
    (Array("../a".utf8), "leaves the folder through .."),
    (Array("a/..".utf8), "leaves the folder through .."),
    (Array("a/../../b".utf8), "leaves the folder through .."),
    (Array("/etc/passwd".utf8), "begins with /"),
    (Array("a\\b".utf8), "contains a backslash"),
    (Array("C:a".utf8), "begins with a drive letter"),
    (Array("a\0b".utf8), "contains a zero character"),
  ]
}

@Suite struct ZipErrorTests {
  @Test("the archives from which the invalid archives are made are valid")
  func sound() throws {
    let abc = Array("abc".utf8)
    for file in [
      BrokenZip.abc, BrokenZip.named(Array("..a/b..".utf8)), BrokenZip.named(Array("ä".utf8), flags: 8),
      BrokenZip.deflated([1, 3, 0, 0xFC, 0xFF, 0x61, 0x62, 0x63]),
    ] {
      let archive = try ZipArchive(file)
      #expect(try archive.contents(of: archive.entries[0], maximumByteCount: 3) == abc)
    }
    #expect(try unpacked(BrokenZip.twice(name: 0x62, offset: 34)).map(\.name) == ["a", "b"])
  }

  @Test("each invalid archive gives an error before anything is unpacked", arguments: BrokenZip.archives)
  func broken(_ broken: BrokenZip) {
    let error = #expect(throws: ZipError.self) { try ZipArchive(broken.file) }
    #expect(error?.description == broken.sentence)
  }

  @Test("each invalid entry gives an error when it is unpacked", arguments: BrokenZip.entries)
  func brokenEntry(_ broken: BrokenZip) throws {
    let archive = try ZipArchive(broken.file)
    let error = #expect(throws: ZipError.self) { try archive.extract(archive.entries[0]) { _ in } }
    #expect(error?.description == broken.sentence)
  }

  @Test("names that are empty, unsafe or lead outside the folder are errors", arguments: BrokenZip.names)
  func names(_ name: [UInt8], _ fault: String) throws {
    let error = #expect(throws: ZipError.self) { try ZipArchive(BrokenZip.named(name)) }
    #expect(error?.problem == .invalidName(reason: fault))
  }

  @Test("an error message with a long name is short and has one line")
  func longName() throws {
    let name = "a\nb" + String(repeating: "c", count: 200)
    let error = #expect(throws: ZipError.self) {
      var file = BrokenZip.named(Array(name.utf8))
      file[8] = 8
      _ = try unpacked(file)
    }
    let sentence = try #require(error?.description)
    #expect(sentence.hasPrefix(#"entry "a\nbccc"#) && sentence.contains("ccc...ccc"))
    #expect(sentence.contains("\", at byte 8:"))
  }

  @Test("contents and directories larger than the maximum are errors")
  func limit() throws {
    let archive = try ZipArchive(BrokenZip.abc)
    #expect(try archive.contents(of: archive.entries[0], maximumByteCount: 3).count == 3)
    let error = #expect(throws: ZipError.self) { try archive.contents(of: archive.entries[0], maximumByteCount: 2) }
    #expect(error?.problem == .tooLarge(maximumByteCount: 2, found: 3))
    let directoryError = #expect(throws: ZipError.self) {
      try ZipArchive(byteCount: BrokenZip.abc.count, maximumDirectoryByteCount: 46) { offset, count in
        Array(BrokenZip.abc[offset..<(offset + count)])
      }
    }
    #expect(directoryError?.problem == .directoryTooLarge(maximumByteCount: 46, found: 47))
  }

  @Test("unpacking stops as soon as the contents are longer than stated")
  func bomb() throws {
    // The entry holds 200 MiB of zeros. The test changes the directory and the data descriptor, so that they state 1
    // MiB.
    let honest = try packed { archive in
      let zeros = [UInt8](repeating: 0, count: 1 << 20)
      try zeros.withUnsafeBytes { zeros in
        let pieces = [UnsafeRawBufferPointer](repeating: zeros, count: 200)
        try archive.add("bomb", compression: .deflated(level: 9), pieces: pieces)
      }
    }
    var file = honest
    let size = withUnsafeBytes(of: UInt32(200 << 20).littleEndian) { Array($0) }
    for position in 0..<(file.count - 4)
    where file[position] == size[0] && Array(file[position..<(position + 4)]) == size {
      file[position + 3] = 0
      file[position + 2] = 16
    }
    #expect(file != honest && file.count < 300_000)
    var taken = 0
    let archive = try ZipArchive(file)
    let error = #expect(throws: ZipError.self) { try archive.extract(archive.entries[0]) { taken += $0.count } }
    #expect(taken <= 1 << 20)
    guard case .length(expected: 1 << 20, _) = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
