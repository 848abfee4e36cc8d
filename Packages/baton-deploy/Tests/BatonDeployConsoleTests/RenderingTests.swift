import BatonDeploy
import BatonDeployControl
import BatonHTTPServer
import DeployTestSupport
import Testing

@testable import BatonDeployConsole

struct RenderingTests {
  private let place = Place(app: "shop", environment: "production")

  @Test(
    "Who has seen the page is sent what has changed since, and who has seen nothing, or another console's, everything")
  func events() async throws {
    let rendering = Rendering { 0 }
    var spot = Spot(place)
    for host in ["web1", "web2"] { spot.expect(host) }
    let (pieces, seen) = await rendering.pieces(of: spot, mayDeploy: true)
    #expect(pieces.rows.count == 2)
    #expect(await rendering.events(of: spot, mayDeploy: true, since: seen).events.isEmpty)
    #expect(Rendering.Version("\(seen)") == seen)
    let all = await rendering.events(of: spot, mayDeploy: true, since: nil)
    #expect(all.events.count == 2 && all.version == seen)
    let other = Rendering.Version(console: seen.console &+ 1, number: seen.number)
    #expect(await rendering.events(of: spot, mayDeploy: true, since: other).events.count == 2)
  }

  @Test("A change is told once the pace allows it, also if it is the last, and only the row that is different")
  func pace() async throws {
    let times = Milliseconds()
    let rendering = Rendering { times.next() }
    var spot = Spot(place)
    for host in ["web1", "web2"] { spot.expect(host) }
    let (_, seen) = await rendering.pieces(of: spot, mayDeploy: false)
    spot.take(decoded(#"{"app":"shop","version":"7","health":"healthy"}"#) as Running, from: "web2", at: 1)
    // Whoever loads the page now is not kept waiting.
    let (_, early) = await rendering.pieces(of: spot, mayDeploy: false)
    #expect(early == seen)
    let (events, version) = await rendering.events(of: spot, mayDeploy: false, since: seen)
    #expect(version != seen)
    #expect(events.filter { $0.data.contains("web2") }.count == 1)
    #expect(!events.contains { $0.data.contains("web1") })
  }
}

/// A clock that goes on by a tenth of a second each time it is looked at.
private final class Milliseconds: @unchecked Sendable {
  // Only the one actor looks at it.
  private var now: Int64 = 0

  func next() -> Int64 {
    now += 100
    return now
  }
}
