extension DigitPreparation {
  /// Clean ink scaled into the form's box and put in its place.
  func placed(_ ink: CleanInk, reducedBy factor: Int) -> PreparedDigit {
    let bits = Double(form.bitsPerSide)
    let (fineWidth, fineHeight) = (form.columnCount * form.bitsPerSide, form.rowCount * form.bitsPerSide)
    let (width, height) = size(
      of: ink, boxWidth: Int((form.boxWidth * bits).rounded()), boxHeight: Int((form.boxHeight * bits).rounded()))
    let scaled = strengthened(
      AreaAveraging.scale(ink.amounts, columns: ink.columns, rows: ink.rows, width: width, height: height))
    let (left, top) = corner(of: scaled, fineWidth, fineHeight)

    var fine = [Double](repeating: 0, count: fineWidth * fineHeight)
    for y in 0..<height {
      for x in 0..<width { fine[(top + y) * fineWidth + left + x] = scaled[x, y] }
    }
    let size = Double(factor)
    return PreparedDigit(
      form: form, pixels: form.bitsPerSide > 1 ? counted(fine) : fine.map { value(of: $0) },
      treatment: .prepared(
        .init(
          polarity: ink.polarity, isPaperUneven: ink.isPaperUneven,
          box: PixelBox(
            x: Double(ink.columns.lowerBound) * size, y: Double(ink.rows.lowerBound) * size,
            width: Double(ink.columns.count) * size, height: Double(ink.rows.count) * size),
          place: PixelBox(
            x: Double(left) / bits, y: Double(top) / bits, width: Double(width) / bits, height: Double(height) / bits),
          speckCount: ink.speckCount)))
  }

  /// The size of the scaled ink, in whole pixels.
  private func size(of ink: CleanInk, boxWidth: Int, boxHeight: Int) -> (width: Int, height: Int) {
    let (inkWidth, inkHeight) = (Double(ink.columns.count), Double(ink.rows.count))
    let scale =
      switch form.scaling {
      case .keepingAspect: min(Double(boxWidth) / inkWidth, Double(boxHeight) / inkHeight)
      case .fillingHeight: Double(boxHeight) / inkHeight
      }
    func side(_ length: Double, _ most: Int) -> Int { max(1, min(most, Int((length * scale).rounded()))) }
    return (side(inkWidth, boxWidth), side(inkHeight, boxHeight))
  }

  /// The same ink with its strongest parts at 255: thin strokes are faint where they cover parts of pixels only.
  private func strengthened(_ scaled: Plane) -> Plane {
    let strongest = scaled.values.quantile(1 - Self.strongShare)
    guard strongest > 0, strongest < 255 else { return scaled }
    return scaled.map { min(255, $0 * 255 / strongest) }
  }

  /// The share of the box whose pixels are at full ink at least.
  static let strongShare = 0.08

  /// Where the scaled ink begins, so that its middle is the digit's.
  private func corner(of scaled: Plane, _ fineWidth: Int, _ fineHeight: Int) -> (left: Int, top: Int) {
    let freeWidth = fineWidth - scaled.width
    let freeHeight = fineHeight - scaled.height
    guard form.centring == .mass else { return (freeWidth / 2, freeHeight / 2) }
    var (sum, across, down) = (0.0, 0.0, 0.0)
    for y in 0..<scaled.height {
      for x in 0..<scaled.width {
        sum += scaled[x, y]
        across += scaled[x, y] * Double(x)
        down += scaled[x, y] * Double(y)
      }
    }
    // In the 28 columns of MNIST's digits, counted from 0, the centre of mass is nearest to 14.
    func start(_ moment: Double, _ fine: Int, _ free: Int) -> Int {
      max(0, min(free, Int((Double(fine / 2) - moment / sum).rounded())))
    }
    return (start(across, fineWidth, freeWidth), start(down, fineHeight, freeHeight))
  }

  private func value(of amount: Double) -> UInt8 { UInt8((amount * Double(form.white) / 255).rounded()) }

  /// The bits in each block of them.
  private func counted(_ fine: [Double]) -> [UInt8] {
    let side = form.bitsPerSide
    let fineWidth = form.columnCount * side
    return (0..<form.rowCount).flatMap { row in
      (0..<form.columnCount).map { column in
        var count: UInt8 = 0
        for y in (row * side)..<((row + 1) * side) {
          for x in (column * side)..<((column + 1) * side) where fine[y * fineWidth + x] >= 127.5 { count += 1 }
        }
        return count
      }
    }
  }
}
