/// The points of a curve without those that change no pixel: of neighbours in one column of pixels the first, the
/// lowest, the highest and the last.
///
/// - Parameter points: In pixels, in the order in which they are joined, `[pointCount]`.
/// - Returns: The points that remain, in their order.
/// - Complexity: O(n), n the number of points.
///
/// Source: U. Jugel et al., M4: a visualization-oriented time series data aggregation, VLDB 2014.
package func thinnedToPixels(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
  var result: [(x: Double, y: Double)] = []
  var start = 0
  while start < points.count {
    let column = points[start].x.rounded(.down)
    var end = start
    var lowest = start
    var highest = start
    while end < points.count, points[end].x.rounded(.down) == column {
      if points[end].y < points[lowest].y { lowest = end }
      if points[end].y > points[highest].y { highest = end }
      end += 1
    }
    var last = -1
    for index in [start, min(lowest, highest), max(lowest, highest), end - 1] where index > last {
      result.append(points[index])
      last = index
    }
    start = end
  }
  return result
}
