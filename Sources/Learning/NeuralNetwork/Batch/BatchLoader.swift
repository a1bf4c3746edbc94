internal import Normalization
internal import Workers

/// Prepares a worker's next batch while the one under way is trained on, in small pieces.
///
/// Where samples are bytes each worker lists what it multiplies by itself, though others list the same: what another core has
/// written comes from so far that it costs more.
final class BatchLoader<Scalar: KernelScalar> {
  /// So few that nobody who has to go on with the training is kept from it for long.
  private static var samplesPerPiece: Int { 8 }
  private static var pixelsPerPiece: Int { 16 }
  /// How long before its turn a sample's memory is asked for: samples in random order come from far.
  private static var samplesAhead: Int { 8 }

  /// The batch under way, as the first layer reads it.
  private(set) var input: BatchInput<Scalar>
  /// For each pixel the samples that have it, where samples are bytes.
  private(set) var pixels: ByteLists<Scalar>?
  /// The batch after it, once it is complete.
  private(set) var nextInput: BatchInput<Scalar>
  private var nextPixels: ByteLists<Scalar>?

  /// The samples, where they are bytes.
  private let packed: PackedSamples?
  private let kernels: BatchKernels<Scalar>
  /// Which of so many samples, and which of so many pixels, this worker needs.
  private let share: WorkerShare
  private let workspace = Workspace()
  /// A piece's pixels of all samples, `[pixelsPerPiece, capacity in steps of 16]`.
  private let block: UnsafeMutablePointer<UInt8>
  /// The next batch's images, `[capacity in steps of 16, pixels in steps of 64]`.
  private let images: RowsPointer<UInt8>

  /// The samples of the next batch; none where it is not known.
  private var indices = UnsafeBufferPointer<Int>(start: nil, count: 0)
  /// Where they lie, where they are packed, `[capacity]`.
  private let locations: UnsafeMutablePointer<PackedSamples.Location>
  private var piece = 0
  private var pieceCount = 0
  /// Whether a thread is at it: most often the worker's own, but another may have taken over its share of a run.
  private let lock = TryLock()

  /// - Parameters:
  ///   - input: The room for a batch.
  ///   - nextInput: The room for the next batch; the same as `input` if one batch is an epoch.
  init(
    _ memory: SampleMemory, packed: PackedSamples?, input: BatchInput<Scalar>, nextInput: BatchInput<Scalar>,
    kernels: BatchKernels<Scalar>, share: WorkerShare
  ) {
    self.packed = packed
    self.kernels = kernels
    self.share = share
    (self.input, self.nextInput) = (input, nextInput)
    let (workspace, scale, length) = (workspace, input.scale, Self.rounded(input.capacity))
    let featureCount = input.featureCount
    func pixelLists() -> ByteLists<Scalar>? {
      scale.map { ByteLists(count: featureCount, length: length, scale: $0, in: workspace) }
    }
    pixels = pixelLists()
    nextPixels = input.capacity < memory.count ? pixelLists() : pixels
    locations = workspace.allocateUntouched(count: packed == nil ? 0 : input.capacity)
    block = workspace.allocate(count: scale == nil ? 0 : Self.pixelsPerPiece * length)
    let imageSize = 64 * PackedBytes.maskCount(of: featureCount)
    images = RowsPointer(
      workspace.allocateUntouched(count: scale == nil ? 0 : length * imageSize + Self.pixelsPerPiece),
      stride: imageSize)
  }

  private static func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// Makes a batch the one under way, and begins with the one after it.
  ///
  /// - Parameters:
  ///   - indices: the batch's samples, those that were `next` the last time, if there were any.
  ///   - next: the next batch's samples, which live until it is under way; none where they are not known.
  func advance(to indices: UnsafeBufferPointer<Int>, next: UnsafeBufferPointer<Int>) {
    complete(indices)
    lock.lock()
    defer { lock.unlock() }
    swap(&input, &nextInput)
    swap(&pixels, &nextPixels)
    begin(next)
  }

  /// Loads all that is left of the next batch; of one that has not begun, with these samples.
  func complete(_ indices: UnsafeBufferPointer<Int>) {
    lock.lock()
    defer { lock.unlock() }
    if self.indices.isEmpty { begin(indices) }
    while loadPiece() {}
  }

  /// To be called when an epoch has ended, maybe before its time: its samples may be gone from then on.
  func forgetNext() {
    lock.lock()
    defer { lock.unlock() }
    begin(UnsafeBufferPointer(start: nil, count: 0))
  }

  /// Loads a piece of the next batch; false where there is none left, or somebody else is at it.
  func help() -> Bool {
    guard lock.tryLock() else { return false }
    defer { lock.unlock() }
    return loadPiece()
  }

  private func begin(_ indices: UnsafeBufferPointer<Int>) {
    self.indices = indices
    piece = 0
    pieceCount = indices.isEmpty ? 0 : samplePieces + pixelPieces
    guard let packed else { return }
    for (place, sample) in indices.enumerated() { locations[place] = packed.location(of: sample) }
  }

  /// The pixels whose lists this worker needs, those of its share of the weights' rows.
  private var pixelShare: Range<Int> {
    share.part(of: input.featureCount + 1).clamped(to: 0..<input.featureCount)
  }

  /// The places that this worker loads: of packed samples all, as each pixel's list may have any of them.
  private var places: Range<Int> { packed == nil ? share.part(of: indices.count) : 0..<indices.count }

  private var samplePieces: Int { (places.count + Self.samplesPerPiece - 1) / Self.samplesPerPiece }
  private var pixelPieces: Int {
    packed == nil ? 0 : (pixelShare.count + Self.pixelsPerPiece - 1) / Self.pixelsPerPiece
  }

  private func loadPiece() -> Bool {
    guard piece < pieceCount else { return false }
    defer { piece += 1 }
    let samplePieces = samplePieces
    if piece < samplePieces {
      load(places.part(piece, size: Self.samplesPerPiece))
    } else {
      list(pixelShare.part(piece - samplePieces, size: Self.pixelsPerPiece))
    }
    return true
  }

  private func load(_ places: Range<Int>) {
    let own = share.part(of: indices.count)
    guard let packed, let blank = nextInput.scale?.blank else {
      return nextInput.load(places, of: indices)
    }
    for place in places {
      if place + Self.samplesAhead < indices.count { packed.prefetch(locations[place + Self.samplesAhead]) }
      let sample = packed[locations[place]]
      if own.contains(place) { nextInput.load(place, from: sample, isNext: place > own.lowerBound) }
      kernels.unpack(sample, blank: blank, into: images.from(row: place).start)
    }
    if places.upperBound == indices.count {
      // Bytes are transposed in blocks of 16 by 16.
      for place in indices.count..<Self.rounded(indices.count) {
        images.from(row: place).start.update(repeating: blank, count: images.stride)
      }
    }
  }

  /// Lists the next batch's samples by some pixels.
  private func list(_ features: Range<Int>) {
    guard let lists = nextPixels else { return }
    let stride = Self.rounded(indices.count)
    // A block may reach beyond the share's last pixel, and at most to the 64th of the last mask or into the room behind.
    kernels.transposeBytes(
      images.from(row: 0, column: features.lowerBound), rowCount: stride, columnCount: Self.pixelsPerPiece,
      into: RowsPointer(block, stride: stride))
    lists.fill(
      features, isNext: features.lowerBound > pixelShare.lowerBound, from: RowsPointer(block, stride: stride),
      count: stride, kernels)
  }
}
