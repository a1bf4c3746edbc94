/// Ink without specks and grain, and the rectangle around it.
struct CleanInk {
  /// 0 where there is none, to 255.
  let amounts: Plane
  let polarity: InkPolarity
  let isPaperUneven: Bool
  let columns: Range<Int>
  let rows: Range<Int>
  let speckCount: Int
}

extension Ink {
  /// What belongs to strokes: parts as strong as ink and not tiny beside the largest.
  ///
  /// - Throws: ``DigitPreparationError`` where nothing stands out.
  func cleaned() throws(DigitPreparationError) -> CleanInk {
    let level = level
    guard level >= (paper == .uneven ? Self.lowestUnevenLevel : Self.lowestLevel) else { throw .faint(ink: level) }
    guard level >= 4 * noise else { throw .lostInNoise(contrast: level, noise: noise) }
    let floor = max((paper == .uneven ? Self.unevenFloorShare : Self.floorShare) * level, 3 * noise)
    let parts = InkParts(of: amounts, above: floor, strong: level / 2)
    let isKept = strokes(parts, level)

    var cleaned = amounts
    var (left, right, top, bottom) = (amounts.width, -1, amounts.height, -1)
    var inkCount = 0
    for y in 0..<amounts.height {
      for x in 0..<amounts.width {
        let index = y * amounts.width + x
        let part = Int(parts.labels[index])
        guard part >= 0, isKept[part] else {
          cleaned.values[index] = 0
          continue
        }
        let amount = min(255, 255 * (amounts.values[index] - floor) / (level - floor))
        cleaned.values[index] = amount
        guard amount > Self.edgeAmount else { continue }
        inkCount += 1
        (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
      }
    }
    let share = Double(inkCount) / Double(amounts.values.count)
    guard share <= Self.highestShare, right >= left else { throw .inkEverywhere(share: share) }
    return CleanInk(
      amounts: cleaned, polarity: polarity, isPaperUneven: paper == .uneven, columns: left..<right + 1,
      rows: top..<bottom + 1,
      speckCount: isKept.count { !$0 })
  }

  /// Which parts are strokes: those as strong as ink and not tiny beside the largest.
  private func strokes(_ parts: InkParts, _ level: Double) -> [Bool] {
    let isStrong = parts.levels.map { $0 >= Self.strongShare * level }
    let largest = zip(parts.masses, isStrong).map { $1 ? $0 : 0 }.max() ?? 0
    let isLarge = zip(parts.masses, isStrong).map { $1 && $0 >= Self.speckShare * largest }
    // In a photograph what the edge cuts off is the rest of something else, if there is a digit besides.
    let isWhole = zip(isLarge, parts.areCut).map { $0 && !$1 }
    let wholeMass = zip(parts.masses, isWhole).map { $1 ? $0 : 0 }.max() ?? 0
    return paper == .uneven && wholeMass >= Self.digitShare * largest ? isWhole : isLarge
  }

  /// Ink of which even the strongest is less than this, of 255, is none.
  static let lowestLevel = 12.0
  /// The same where light and shadow leave traces.
  static let lowestUnevenLevel = 25.0
  /// Ink fainter than this share of the full level is none.
  static let floorShare = 0.1
  /// The same where light and shadow leave traces.
  static let unevenFloorShare = 0.25
  /// Parts whose strong places do not come up to this share of the full level are no strokes.
  static let strongShare = 0.7
  /// A whole part with this share of the largest part's ink may be the digit.
  static let digitShare = 0.2
  /// Parts with less than this share of the largest part's ink are specks.
  static let speckShare = 0.03
  /// What the rectangle around the ink has to hold.
  static let edgeAmount = 64.0
  /// More than this share of a picture is no digit's.
  static let highestShare = 0.8

  /// The amount of full ink: the mean of all that is above half of nearly the highest.
  private var level: Double {
    var counts = [Int](repeating: 0, count: 256)
    for amount in amounts.values { counts[Int(amount)] += 1 }
    // A few pixels may be brighter than any ink; a small digit has not many more.
    var left = amounts.values.count / 1000
    let highest =
      (0...255).last { amount in
        left -= counts[amount]
        return left < 0
      } ?? 0
    var sum = 0.0
    var count = 0
    for amount in amounts.values where amount > Double(highest) / 2 {
      sum += amount
      count += 1
    }
    return count > 0 ? sum / Double(count) : 0
  }
}
