/// Which of ink and paper is the darker one.
public enum InkPolarity: String, CaseIterable, Codable, Sendable {
  /// Dark ink on light paper, as by a pen.
  case dark
  /// Light ink on a dark ground, as chalk on a board, and as the data sets have it.
  case light
}

extension InkPolarity {
  /// Creates the polarity that most of the evidence is for.
  init(dark: Double, light: Double) throws(DigitPreparationError) {
    // The share of the evidence that has to be for one of the two.
    let neededShare = 0.55
    let share = dark + light > 0 ? dark / (dark + light) : 0.5
    guard max(share, 1 - share) >= neededShare else { throw .polarityUnclear(darkShare: share) }
    self = share > 0.5 ? .dark : .light
  }
}

/// The ink of a picture apart from its paper: 0 where there is none, 255 where it is full.
struct Ink {
  let amounts: Plane
  let polarity: InkPolarity
  let isPaperUneven: Bool
  /// How far grey values vary on the paper by themselves.
  let noise: Double

  /// The ink on a paper of one grey.
  ///
  /// - Throws: ``DigitPreparationError/polarityUnclear(darkShare:)`` where neither is given nor can be told.
  init(of plane: Plane, onFlat grey: Double, polarity known: InkPolarity?) throws(DigitPreparationError) {
    var (dark, light) = (0.0, 0.0)
    for value in plane.values {
      if value < grey { dark += grey - value } else { light += value - grey }
    }
    if let known { polarity = known } else { polarity = try InkPolarity(dark: dark, light: light) }
    isPaperUneven = false
    noise = 0
    amounts = plane.map { [polarity] in Self.amount($0, paper: grey, polarity, lowestPaper: 1) }
  }

  /// The ink on a paper that is lighter in some places than in others, and grainy.
  init(of plane: Plane, on surface: PaperSurface) {
    polarity = surface.polarity
    isPaperUneven = true
    noise = plane.noise
    // A grain that is some way towards the ink would leave holes in it.
    let smooth = noise > 4 ? plane.smoothed() : plane
    amounts = smooth.mapWithPlace { [polarity] x, y, grey in
      Self.amount(grey, paper: surface.value(x, y), polarity, lowestPaper: Self.lowestUnevenPaper)
    }
  }

  /// In the deep dark of an uneven picture a grey or two would be most of the light.
  private static let lowestUnevenPaper = 48.0

  /// How much of the light that the paper gives back is gone; of a dark ground, how much of the dark.
  ///
  /// - Parameter lowestPaper: paper that gives back less than this is taken to give back so much.
  private static func amount(
    _ grey: Double, paper: Double, _ polarity: InkPolarity, lowestPaper: Double
  ) -> Double {
    let full = polarity == .dark ? paper : 255 - paper
    let gone = polarity == .dark ? paper - grey : grey - paper
    return 255 * max(0, min(1, gone / max(full, lowestPaper)))
  }
}

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
    guard level >= (isPaperUneven ? Self.lowestUnevenLevel : Self.lowestLevel) else { throw .faint(ink: level) }
    guard level >= 4 * noise else { throw .lostInNoise(contrast: level, noise: noise) }
    let floor = max((isPaperUneven ? Self.unevenFloorShare : Self.floorShare) * level, 3 * noise)
    let (labels, parts) = InkPart.all(in: amounts, above: floor, strong: level / 2)
    let isKept = areStrokes(parts, level)

    var (left, right, top, bottom) = (amounts.width, -1, amounts.height, -1)
    var inkCount = 0
    let cleaned = amounts.mapWithPlace { x, y, amount in
      let part = Int(labels[y * amounts.width + x])
      guard part >= 0, isKept[part] else { return 0 }
      let amount = min(255, 255 * (amount - floor) / (level - floor))
      if amount > Self.edgeAmount {
        inkCount += 1
        (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
      }
      return amount
    }
    let share = Double(inkCount) / Double(amounts.values.count)
    guard share <= Self.highestShare, right >= left else { throw .inkEverywhere(share: share) }
    return CleanInk(
      amounts: cleaned, polarity: polarity, isPaperUneven: isPaperUneven, columns: left..<right + 1,
      rows: top..<bottom + 1, speckCount: isKept.count { !$0 })
  }

  /// Returns which parts are strokes: those as strong as ink and not tiny beside the largest.
  private func areStrokes(_ parts: [InkPart], _ level: Double) -> [Bool] {
    func isStrong(_ part: InkPart) -> Bool { part.level >= Self.strongShare * level }
    let largest = parts.filter(isStrong).map(\.mass).max() ?? 0
    func isLarge(_ part: InkPart) -> Bool { isStrong(part) && part.mass >= Self.speckShare * largest }
    // In a photograph what the edge cuts off is the rest of something else, if there is a digit besides.
    let wholeMass = parts.filter { isLarge($0) && !$0.isCut }.map(\.mass).max() ?? 0
    let mustBeWhole = isPaperUneven && wholeMass >= Self.digitShare * largest
    return parts.map { isLarge($0) && !(mustBeWhole && $0.isCut) }
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

/// A part that ink hangs together in, by sides or corners.
private struct InkPart {
  /// The sum of the ink.
  var mass = 0.0
  /// The mean of what is above a level; 0 where nothing is.
  var level = 0.0
  /// Whether the picture's edge cuts the part off.
  var isCut = false

  /// Returns the parts of all that is above a threshold, and the part of each pixel, `[height, width]`, -1 for none.
  ///
  /// - Parameters:
  ///   - threshold: what is ink.
  ///   - strong: what counts for the parts' levels.
  /// - Complexity: O(width * height).
  static func all(
    in amounts: Plane, above threshold: Double, strong: Double
  ) -> (labels: [Int32], parts: [InkPart]) {
    let (width, height) = (amounts.width, amounts.height)
    var labels = [Int32](repeating: -1, count: amounts.values.count)
    var parts: [InkPart] = []
    var waiting: [Int] = []
    for start in amounts.values.indices where labels[start] < 0 && amounts.values[start] > threshold {
      let label = Int32(parts.count)
      labels[start] = label
      waiting.append(start)
      var part = InkPart()
      var (strongSum, strongCount) = (0.0, 0)
      while let index = waiting.popLast() {
        part.mass += amounts.values[index]
        if amounts.values[index] > strong {
          strongSum += amounts.values[index]
          strongCount += 1
        }
        let (x, y) = (index % width, index / width)
        if x == 0 || y == 0 || x == width - 1 || y == height - 1 { part.isCut = true }
        for row in max(0, y - 1)...min(height - 1, y + 1) {
          for column in max(0, x - 1)...min(width - 1, x + 1) {
            let other = row * width + column
            if labels[other] < 0, amounts.values[other] > threshold {
              labels[other] = label
              waiting.append(other)
            }
          }
        }
      }
      if strongCount > 0 { part.level = strongSum / Double(strongCount) }
      parts.append(part)
    }
    return (labels, parts)
  }
}
