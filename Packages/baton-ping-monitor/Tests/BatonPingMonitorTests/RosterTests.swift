import Baton
import Testing

@testable import BatonPingMonitor

struct RosterTests {
  private let limits = Roster.Limits(environments: ["production"])
  private let id = Host.ID(environment: "production", fqdn: "web1.example")

  @Test("A host that falls silent is told twice, and once when it is back")
  func silence() {
    var roster = Roster(limits: limits)
    #expect(roster.hear(web1, at: .at(0), roundTrip: 2, version: "0.1.0").isEmpty)
    #expect(roster.check(at: .at(119), hearing: .at(0)).isEmpty)
    #expect(roster.check(at: .at(120), hearing: .at(0)).map(condition) == [.silent])
    #expect(roster.check(at: .at(150), hearing: .at(0)).isEmpty)
    #expect(roster.check(at: .at(180), hearing: .at(0)).map(condition) == [.gone])
    #expect(roster.check(at: .at(500), hearing: .at(0)).isEmpty)
    #expect(roster.hear(web1, at: .at(501)).map(condition) == [.up])
    #expect(roster.hosts[id]?.roundTrip == 2)
    #expect(roster.hosts[id]?.version == "0.1.0")
  }

  @Test("Who could not be heard is not silent: the time counts from when hearing began")
  func deafness() {
    var roster = Roster(limits: limits)
    _ = roster.hear(web1, at: .at(0))
    #expect(roster.check(at: .at(1000), hearing: nil).isEmpty)
    #expect(roster.check(at: .at(1100), hearing: .at(1000)).isEmpty)
    #expect(roster.check(at: .at(1120), hearing: .at(1000)).map(condition) == [.silent])
  }

  @Test("Who says that it leaves is not silent, and who is not asked neither")
  func leaving() {
    var roster = Roster(limits: limits)
    let other = Server(environment: "staging", fqdn: "s.example")
    _ = roster.hear(web1, at: .at(0))
    _ = roster.hear(other, at: .at(0))
    #expect(roster.hear(web1, at: .at(1), isLeaving: true).map(condition) == [.left])
    #expect(roster.check(at: .at(1000), hearing: .at(0)).isEmpty)
    #expect(roster.hear(web1, at: .at(1001)).map(condition) == [.up])
    #expect(roster.counts[.up] == 2)
  }

  @Test("Who is expected and does not come is missing; any environment will do where none is named")
  func expected() throws {
    let expected = try Expected.parse("web1.example production # first\n\nweb2.example\n", file: "hosts")
    var roster = Roster(limits: limits, expected: expected)
    _ = roster.hear(web2, at: .at(0))
    #expect(roster.check(at: .at(180), hearing: .at(0)).contains(.missing(expected[0], .missing)))
    #expect(roster.missingHosts == [expected[0]])
    #expect(roster.check(at: .at(181), hearing: .at(0)).isEmpty)
    #expect(roster.hear(web1, at: .at(200)) == [.met(expected[0])])
    #expect(roster.missingHosts.isEmpty)
  }

  @Test("Who is expected and has left is missing after a while")
  func expectedLeft() throws {
    let expected = try Expected.parse("web1.example", file: "hosts")
    var roster = Roster(limits: limits, expected: expected)
    _ = roster.hear(web1, at: .at(0), isLeaving: true)
    #expect(roster.check(at: .at(179), hearing: .at(-1000)).isEmpty)
    #expect(roster.check(at: .at(180), hearing: .at(-1000)) == [.missing(expected[0], .left)])
    _ = roster.hear(web1, at: .at(190))
    #expect(roster.check(at: .at(191), hearing: .at(-1000)) == [.met(expected[0])])
  }

  @Test("Who was not heard for a week is forgotten, unless it is expected")
  func forgets() throws {
    var roster = Roster(limits: limits, expected: try Expected.parse("web2.example", file: "hosts"))
    _ = roster.hear(web1, at: .at(0))
    _ = roster.hear(web2, at: .at(0))
    _ = roster.takeChanged()
    let events = roster.check(at: .at(7 * 24 * 3600), hearing: nil)
    #expect(events.count == 1)
    #expect(roster.hosts.keys.map(\.fqdn) == ["web2.example"])
    #expect(roster.takeChanged().forgotten == [id])
  }

  @Test("A hosts file that is wrong tells its line")
  func hostsFile() {
    #expect { try Expected.parse("web1.example\n../x\n", file: "/etc/hosts-file") } throws: { error in
      "\(error)".hasPrefix("/etc/hosts-file:2: ")
    }
    #expect(throws: ConfigurationError.self) { try Expected.parse("a b c", file: "f") }
  }

  private func condition(_ event: Roster.Event) -> Host.Condition? {
    if case .changed(let host, _) = event { host.condition } else { nil }
  }
}
