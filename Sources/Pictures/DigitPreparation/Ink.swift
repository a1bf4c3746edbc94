/// The polarity of ink: darker or lighter than the paper.
public enum InkPolarity: String, CaseIterable, Codable, Sendable {
  /// Dark ink on light paper, such as writing with a pen.
  case dark
  /// Light ink on a dark background, such as chalk on a board. The digits of the data sets have this polarity.
  case light
}

extension InkPolarity {
  /// Creates the polarity that has more evidence.
  ///
  /// - Throws: ``DigitPreparationError/polarityUnclear(darkShare:)`` if the evidence for both polarities is nearly
  ///   equal.
  init(dark: Double, light: Double) throws(DigitPreparationError) {
    // The fraction of the evidence that a polarity needs.
    let neededShare = 0.55
    let share = dark + light > 0 ? dark / (dark + light) : 0.5
    guard max(share, 1 - share) >= neededShare else { throw .polarityUnclear(darkShare: share) }
    self = share > 0.5 ? .dark : .light
  }
}

/// The amount of ink at each pixel of a picture, from 0 for paper to 255 for full ink.
struct Ink {
  let amounts: Plane
  let polarity: InkPolarity
  let isPaperUneven: Bool
  /// The standard deviation of the paper's grain, in grey values.
  let noise: Double

  /// Creates the ink of a picture whose paper has one grey value.
  ///
  /// - Throws: ``DigitPreparationError/polarityUnclear(darkShare:)`` if `known` is nil and the picture does not show
  ///   the polarity.
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

  /// Creates the ink of a picture whose paper is grainy and unevenly lit.
  init(of plane: Plane, on surface: PaperSurface) {
    polarity = surface.polarity
    isPaperUneven = true
    noise = plane.noise
    // Strong grain gives some pixels of a stroke a grey close to that of the paper. Without smoothing, strokes would
    // have holes.
    let smooth = noise > 4 ? plane.smoothed() : plane
    amounts = smooth.mapWithPlace { [polarity] x, y, grey in
      Self.amount(grey, paper: surface.value(x, y), polarity, lowestPaper: Self.lowestUnevenPaper)
    }
  }

  /// The smallest divisor in ``amount(_:paper:_:lowestPaper:)`` for uneven paper.
  ///
  /// Without this limit, a difference of one or two grey values in a very dark area would count as full ink.
  private static let lowestUnevenPaper = 48.0

  /// Returns the amount of ink at a pixel, from 0 to 255.
  ///
  /// The amount is 255 times a fraction. For dark ink, the fraction is the part of the paper's brightness that the
  /// pixel lacks. For light ink, the fraction is the part of the background's darkness that the pixel lacks.
  ///
  /// - Parameter lowestPaper: The smallest divisor of the fraction. It replaces a smaller brightness of the paper, or a
  ///   smaller darkness of the background.
  private static func amount(
    _ grey: Double, paper: Double, _ polarity: InkPolarity, lowestPaper: Double
  ) -> Double {
    let full = polarity == .dark ? paper : 255 - paper
    let gone = polarity == .dark ? paper - grey : grey - paper
    return 255 * max(0, min(1, gone / max(full, lowestPaper)))
  }
}

/// Ink without specks and grain, and the rectangle around the ink.
struct CleanInk {
  /// The amount of ink at each pixel, from 0 for paper to 255.
  let amounts: Plane
  let polarity: InkPolarity
  let isPaperUneven: Bool
  let columns: Range<Int>
  let rows: Range<Int>
  let speckCount: Int
}

extension Ink {
  /// Returns the ink without specks and without grain.
  ///
  /// Only strokes remain. A stroke is a connected part of the ink that is strong and not tiny compared with the largest
  /// part.
  ///
  /// - Throws: ``DigitPreparationError`` if the ink is too faint, hardly stronger than the noise, or nearly everywhere.
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

  /// Returns for each part whether the part is a stroke: strong and not tiny compared with the largest part.
  private func areStrokes(_ parts: [InkPart], _ level: Double) -> [Bool] {
    func isStrong(_ part: InkPart) -> Bool { part.level >= Self.strongShare * level }
    let largest = parts.filter(isStrong).map(\.mass).max() ?? 0
    func isLarge(_ part: InkPart) -> Bool { isStrong(part) && part.mass >= Self.speckShare * largest }
    // In a photograph, a part that touches the edge usually belongs to another object. The part is dropped if
    // another part is large enough to be the digit.
    let wholeMass = parts.filter { isLarge($0) && !$0.isCut }.map(\.mass).max() ?? 0
    let mustBeWhole = isPaperUneven && wholeMass >= Self.digitShare * largest
    return parts.map { isLarge($0) && !(mustBeWhole && $0.isCut) }
  }

  /// The smallest amount of full ink on even paper, on a scale to 255. If full ink is weaker, the picture has no digit.
  static let lowestLevel = 12.0
  /// The smallest amount of full ink on uneven paper, on a scale to 255.
  ///
  /// Light and shadow leave traces, so this limit is higher than that for even paper.
  static let lowestUnevenLevel = 25.0
  /// The smallest amount of ink on even paper, as a fraction of full ink. Fainter pixels count as paper.
  static let floorShare = 0.1
  /// The smallest amount of ink on uneven paper, as a fraction of full ink. Fainter pixels count as paper.
  static let unevenFloorShare = 0.25
  /// The smallest ``InkPart/level`` of a stroke, as a fraction of full ink. A weaker part is a speck.
  static let strongShare = 0.7
  /// The smallest mass of a part that may be the digit, as a fraction of the largest part's mass.
  static let digitShare = 0.2
  /// The smallest mass of a stroke, as a fraction of the largest part's mass. A smaller part is a speck.
  static let speckShare = 0.03
  /// The amount of ink, on a scale to 255, above which a pixel extends the rectangle around the ink.
  static let edgeAmount = 64.0
  /// The largest fraction of a picture that the ink of a digit can cover.
  static let highestShare = 0.8

  /// The amount of full ink: the mean of all amounts above half of the peak.
  ///
  /// The peak is the largest amount after the strongest 0.1 % of the pixels are ignored.
  private var level: Double {
    var counts = [Int](repeating: 0, count: 256)
    for amount in amounts.values { counts[Int(amount)] += 1 }
    // A few pixels may be stronger than any ink. No more than 0.1 % of the pixels are ignored, because a small digit
    // has few pixels of ink.
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

/// A connected part of the ink. Pixels are connected by sides or corners.
private struct InkPart {
  /// The sum of the ink amounts.
  var mass = 0.0
  /// The mean of the part's strong amounts, or 0 if the part has none.
  var level = 0.0
  /// Whether the part touches the edge of the picture.
  var isCut = false

  /// Returns the connected parts of the ink, and the index of each pixel's part.
  ///
  /// The indices have the shape `[height, width]`. A pixel of paper has the index -1.
  ///
  /// - Parameters:
  ///   - threshold: The largest amount that counts as paper.
  ///   - strong: The amount above which a pixel counts for ``level``.
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
