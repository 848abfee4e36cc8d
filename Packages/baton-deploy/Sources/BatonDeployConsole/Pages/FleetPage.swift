import BatonDeploy
import BatonDeployControl
import BatonHTTPServer

/// Applications by environments: what runs where, on how many hosts, who differs, who says nothing, and who deployed last.
struct FleetPage {
  /// So many hosts are named where something is to be said of them.
  private static let named = 3

  let spots: [Spot]
  /// Of each spot, as ``cell(_:)`` makes it.
  let cells: [HTML]

  var html: HTML {
    guard !spots.isEmpty else {
      return """
        <p>No host has said yet that it runs an application. Agents say so when they start; \
        <code>WEB_PLACES</code> names those that this console should know beforehand.</p>
        """
    }
    let environments = Set(spots.map(\.place.environment)).sorted(by: Self.order)
    let apps = Set(spots.map(\.place.app)).sorted()
    let byPlace = Dictionary(uniqueKeysWithValues: zip(spots.map(\.place), cells))
    let rows = apps.map { app -> HTML in
      let cells = environments.map { environment in
        byPlace[Place(app: app, environment: environment)] ?? "<td></td>"
      }
      return "<tr><th scope=\"row\">\(app)</th>\(cells)</tr>\n"
    }
    let heads = environments.map { "<th scope=\"col\">\($0)</th>" as HTML }
    return """
      <section class="scroll"><table><thead><tr><th scope="col">Application</th>\(heads)</tr></thead>
      <tbody>\(rows)</tbody></table></section>
      """
  }

  /// One application in one environment, as it also comes by itself later.
  static func cell(_ spot: Spot) -> HTML {
    let place = spot.place
    let versions = spot.versions.map { version, count -> HTML in
      "<li><b>\(version ?? "(none)")</b> on \(count)</li>"
    }
    let unwell = spot.sorted.filter { !spot.isSilent($0) && $0.running?.health == .unhealthy }.map(\.fqdn)
    let remarks = [
      remark(spot.drifting, "another version", "odd"), remark(unwell, "unhealthy", "bad"),
      remark(spot.silent, "silent", "bad"),
    ]
    let last: HTML? = spot.last.flatMap { last in
      last.since.map { "<small>last \(Shown.moment($0)) by \(last.by ?? "somebody")</small>" as HTML }
    }
    return """
      <td id="spot-\(place.key)"><a href="/apps/\(place.app)/\(place.environment)">\(place.app) in \(place.environment)</a>
      <ul class="versions">\(versions)</ul>\(versions.isEmpty && spot.asked != nil ? "<small>nobody answers</small>" : .empty)
      \(remarks)\(spot.problem.map { "<p class=\"bad\">\($0)</p>" as HTML })
      \(last)</td>
      """
  }

  /// Which hosts something is to be said of; the first by name.
  private static func remark(_ hosts: [String], _ words: HTML, _ kind: HTML) -> HTML {
    guard !hosts.isEmpty else { return .empty }
    let names = hosts.prefix(named).joined(separator: ", ")
    let rest: HTML = hosts.count > named ? " and \(hosts.count - named) more" : .empty
    return "<div><span class=\"\(kind)\">\(hosts.count) \(words)</span>: \(names)\(rest)</div>"
  }

  /// As people think of them: from where it is tried out to where it counts.
  private static func order(_ left: String, _ right: String) -> Bool {
    func rank(_ name: String) -> Int {
      ["development": 0, "test": 1, "staging": 2, "production": 4][name] ?? 3
    }
    return (rank(left), left) < (rank(right), right)
  }
}
