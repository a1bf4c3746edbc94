/// The parts that ink hangs together in, by sides or corners.
struct InkParts {
  /// The part of each pixel, `[height, width]`; -1 where there is no ink.
  private(set) var labels: [Int32]
  /// The ink of each part.
  private(set) var masses: [Double] = []
  /// The mean of what is above a level in each part; 0 where nothing is.
  private(set) var levels: [Double] = []
  /// Whether the picture's edge cuts each part off.
  private(set) var areCut: [Bool] = []

  /// The parts of all that is above a threshold.
  ///
  /// - Parameters:
  ///   - threshold: what is ink.
  ///   - strong: what counts for the parts' levels.
  /// - Complexity: O(width * height).
  init(of amounts: Plane, above threshold: Double, strong: Double) {
    let (width, height) = (amounts.width, amounts.height)
    labels = [Int32](repeating: -1, count: amounts.values.count)
    var waiting: [Int] = []
    for start in amounts.values.indices where labels[start] < 0 && amounts.values[start] > threshold {
      let part = Int32(masses.count)
      labels[start] = part
      waiting.append(start)
      var mass = 0.0
      var (strongSum, strongCount) = (0.0, 0)
      var isCut = false
      while let index = waiting.popLast() {
        mass += amounts.values[index]
        if amounts.values[index] > strong {
          strongSum += amounts.values[index]
          strongCount += 1
        }
        let (x, y) = (index % width, index / width)
        if x == 0 || y == 0 || x == width - 1 || y == height - 1 { isCut = true }
        for row in max(0, y - 1)...min(height - 1, y + 1) {
          for column in max(0, x - 1)...min(width - 1, x + 1) {
            let other = row * width + column
            if labels[other] < 0, amounts.values[other] > threshold {
              labels[other] = part
              waiting.append(other)
            }
          }
        }
      }
      masses.append(mass)
      levels.append(strongCount > 0 ? strongSum / Double(strongCount) : 0)
      areCut.append(isCut)
    }
  }
}
