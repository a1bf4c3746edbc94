/// The four bytes with which a zip archive's records begin, read as a number with its lowest byte first.
enum RecordSignature {
  static let localHeader: UInt32 = 0x0403_4B50
  static let dataDescriptor: UInt32 = 0x0807_4B50
  static let directoryEntry: UInt32 = 0x0201_4B50
  static let zip64End: UInt32 = 0x0606_4B50
  static let zip64Locator: UInt32 = 0x0706_4B50
  static let end: UInt32 = 0x0605_4B50
}

/// The bits of an entry's flags that are of interest here.
enum EntryFlags {
  static let encrypted: UInt16 = 1 << 0
  static let dataDescriptor: UInt16 = 1 << 3
  static let utf8: UInt16 = 1 << 11
  /// Hints on how the packing was done, which reading does not need.
  static let compressionHints: UInt16 = 1 << 1 | 1 << 2
  /// Strong encryption and masked headers.
  static let otherEncryption: UInt16 = 1 << 6 | 1 << 13
}

/// What stands in a field of 16 or 32 bits when its value is in the zip64 field instead.
enum Sentinel {
  static let count = UInt16.max
  static let size = UInt32.max
}
