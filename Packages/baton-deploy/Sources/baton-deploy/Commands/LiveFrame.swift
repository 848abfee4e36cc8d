import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl

/// One picture of a rollout: a line for each host that matters now, and the total.
struct LiveFrame {
  let lines: [String]

  /// - Parameters:
  ///   - output: what the step at hand has written last, by host; as much of it as there is room for on the line.
  ///   - note: what is to be said beside the total.
  ///   - rows: lines there is room for; hosts that are waiting or done are left out first.
  init(
    _ rollout: Rollout, at now: Int64, output: [String: String] = [:], note: String, columns: Int, rows: Int,
    style: Style
  ) {
    let shown = Self.chosen(rollout.hosts, limit: max(1, rows - 3))
    let width = shown.map(\.fqdn.count).max() ?? 0
    var lines = shown.map { host in
      let work = host.undo ?? host.act
      let words = Self.words(host, at: now, output[host.fqdn])
      let padding = String(repeating: " ", count: words.isEmpty ? 0 : width - host.fqdn.count + 2)
      let line = host.fqdn + padding + words
      return SummaryText.paint(Self.cut(line, columns), work.phase, style)
    }
    let rest = rollout.hosts.count - shown.count
    if rest > 0 { lines.append(style.dim("and \(rest) more")) }
    lines.append(style.bold(Self.cut(Self.total(rollout, at: now), columns)))
    if !note.isEmpty { lines.append(style.yellow(Self.cut(note, columns))) }
    self.lines = lines
  }

  /// `health         12.3 s`
  private static func words(_ host: RolloutHost, at now: Int64, _ output: String?) -> String {
    let work = host.undo ?? host.act
    let way = host.undo == nil ? "" : "going back: "
    let state =
      switch work.phase {
      case .waiting: ""
      case .told: work.isRouted ? "told" : "not connected, is told when it is up"
      case .underWay: work.step?.rawValue ?? work.phase.rawValue
      case .done, .failed, .silent, .notConnected:
        work.phase.rawValue + (work.words.isEmpty ? "" : " (\(work.words))")
      }
    let time = work.phase == .waiting ? "" : work.milliseconds(at: now).map(Elapsed.text) ?? ""
    let label = way + state
    guard !time.isEmpty else { return label }
    let line = label + String(repeating: " ", count: max(2, 14 - label.count)) + time
    return work.phase == .underWay ? line + (output.map { "  \($0)" } ?? "") : line
  }

  /// `7 of 10 done, 2 under way, 1 failed  1 min 03 s`
  private static func total(_ rollout: Rollout, at now: Int64) -> String {
    let acts = rollout.hosts.map(\.act)
    func part(_ count: Int, _ words: String) -> String? { count == 0 ? nil : "\(count) \(words)" }
    let begun = acts.compactMap(\.told).min() ?? now
    let parts = [
      "\(acts.count { $0.phase == .done }) of \(acts.count) done", part(rollout.underWay.count, "under way"),
      part(acts.count { $0.phase == .failed }, "failed"), part(acts.count { $0.phase == .silent }, "silent"),
      part(acts.count { $0.phase == .notConnected }, "not connected"),
    ]
    return parts.compactMap(\.self).joined(separator: ", ") + "  " + Elapsed.text(max(0, now - begun))
  }

  /// In their order; where there is no room for all, those under way first, then those that went wrong.
  private static func chosen(_ hosts: [RolloutHost], limit: Int) -> [RolloutHost] {
    guard hosts.count > limit else { return hosts }
    func rank(_ host: RolloutHost) -> Int {
      let work = host.undo ?? host.act
      return work.isUnderWay ? 0 : work.hasFailed ? 1 : work.phase == .done ? 2 : 3
    }
    let indices = hosts.indices.sorted { (rank(hosts[$0]), $0) < (rank(hosts[$1]), $1) }.prefix(limit - 1)
    return indices.sorted().map { hosts[$0] }
  }

  private static func cut(_ line: String, _ columns: Int) -> String {
    let line = line.escapingControlCharacters
    return line.count <= columns ? line : line.prefix(max(0, columns - 1)) + "…"
  }
}
