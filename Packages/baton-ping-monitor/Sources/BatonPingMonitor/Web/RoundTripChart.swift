#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The last hour's round trips as a picture (SVG): for each minute the median, and the longest as a fainter line, on a logarithmic scale.
struct RoundTripChart {
  let minutes: [RoundTrips.Minute]
  let now: Moment

  private static let width = 720.0
  private static let height = 160.0
  /// Room for the scale, also in the letters of a phone.
  private static let left = 80.0
  private static let bottom = 28.0
  /// The scale's lowest and highest lines, in milliseconds: powers of ten.
  private static let decades = [0.1, 1, 10, 100, 1000, 10000]

  /// The picture and what its lines are, or that there is nothing to draw.
  var html: String {
    guard !minutes.isEmpty else { return "<p>No answers in the last hour.</p>" }
    var svg =
      "<svg viewBox=\"0 0 \(Self.width) \(Self.height + Self.bottom)\" role=\"img\" aria-label=\"Round trips of the last hour\">"
    for decade in scale {
      let height = Self.short(y(decade))
      svg += "<line class=\"grid\" x1=\"\(Self.left)\" x2=\"\(Self.width)\" y1=\"\(height)\" y2=\"\(height)\"/>"
      svg +=
        "<text x=\"\(Self.left - 6)\" y=\"\(height)\" dy=\".35em\" text-anchor=\"end\">\(Self.label(decade))</text>"
    }
    for ago in stride(from: 60, through: 0, by: -15) {
      let anchor = ago == 0 ? "end" : ago == 60 ? "start" : "middle"
      let label = ago == 0 ? "now" : ago == 60 ? "−60 min" : "−\(ago)"
      svg += "<text x=\"\(Self.short(x(minute: last - Int64(ago))))\" y=\"\(Self.height + Self.bottom - 4)\" "
      svg += "text-anchor=\"\(anchor)\">\(label)</text>"
    }
    svg += line("longest") { $0.longest }
    svg += line("median") { $0.quantile(0.5) ?? 0 }
    svg += "</svg>"
    return svg
      + "<p class=\"legend\">in each minute: <span class=\"median\">● median</span> <span class=\"longest\">● longest</span></p>"
  }

  private var last: Int64 { now.milliseconds / 60_000 }

  /// As many decades as the values need.
  private var scale: [Double] {
    let longest = minutes.map(\.tally.longest).max() ?? 1
    let upper = Self.decades.firstIndex { longest <= $0 } ?? Self.decades.count - 1
    return Array(Self.decades[...max(1, upper)])
  }

  /// Points joined by lines, broken where minutes are missing; a point alone is a dot.
  private func line(_ name: String, _ value: (RoundTrips.Tally) -> Double) -> String {
    var runs: [[(x: String, y: String)]] = []
    var previous: Int64?
    for minute in minutes where minute.number > last - 60 {
      let point = (Self.short(x(minute: minute.number)), Self.short(y(value(minute.tally))))
      if previous == minute.number - 1 { runs[runs.count - 1].append(point) } else { runs.append([point]) }
      previous = minute.number
    }
    return runs.map { run in
      run.count == 1
        ? "<circle class=\"\(name)\" cx=\"\(run[0].x)\" cy=\"\(run[0].y)\" r=\"3\"/>"
        : "<polyline class=\"\(name)\" points=\"\(run.map { "\($0.x),\($0.y)" }.joined(separator: " "))\"/>"
    }.joined()
  }

  private func x(minute: Int64) -> Double {
    Self.left + (Self.width - Self.left) * Double(60 - (last - minute)) / 60
  }

  private func y(_ milliseconds: Double) -> Double {
    let clamped = min(max(milliseconds, scale[0]), scale[scale.count - 1])
    return 12 + (Self.height - 18) * (1 - log10(clamped / scale[0]) / Double(scale.count - 1))
  }

  private static func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  private static func label(_ milliseconds: Double) -> String {
    switch milliseconds {
    case ..<1: "\(milliseconds) ms"
    case ..<1000: "\(Int(milliseconds)) ms"
    default: "\(Int(milliseconds / 1000)) s"
    }
  }
}
