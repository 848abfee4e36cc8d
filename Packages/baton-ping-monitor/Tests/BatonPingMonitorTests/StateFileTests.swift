import Baton
import Testing

@testable import BatonPingMonitor

struct StateFileTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func file() throws -> StateFile { try StateFile(folder.path("state.db")) }

  @Test("A situation comes back from disk as it was")
  func comesBack() throws {
    var settings = Situation.Settings()
    settings.limits.environments = ["production"]
    settings.sinks = [("s", SinkFilter())]
    var situation = Situation(settings: settings)
    situation.replaceSilences([
      Silence(
        id: "a", matchers: [try Matcher("host=db*")], startsAt: .at(0), endsAt: .at(500), by: "jo", reason: "why",
        expiresOnResolve: true)
    ])
    situation.hear(try .sample("pong"), at: .at(0), roundTrip: 4)
    situation.hear(try .error(from: web2), at: .at(1))
    situation.hear(
      try .sample("info", exchange: "baton_deploy_out", members: ["app": "shop", "id": "7"]), at: .at(2))
    situation.pass(at: .at(130), hearing: .at(0))
    let changes = situation.takeChanges()
    let file = try file()
    try file.takeLease("me", at: .at(0))
    try file.add(situation.silences[0])
    try file.save(changes, by: "me", at: .at(130))

    let kept = try StateFile(folder.path("state.db")).load()
    #expect(Set(kept.hosts) == Set(changes.hosts))
    #expect(Set(kept.alerts) == Set(changes.alerts))
    #expect(kept.silences == situation.silences)
    #expect(kept.deploys == changes.deploys)
    #expect(kept.minutes == changes.minutes)
    #expect(try file.depths() == ["s": changes.deliveries.count])
    #expect(changes.deliveries.count == 2)
  }

  @Test("Who has lost the lease writes nothing")
  func lease() throws {
    let file = try file()
    try file.takeLease("first", at: .at(0))
    try file.takeLease("second", at: .at(5))
    var changes = Changes()
    changes.hosts = [Host(server: web1, firstSeen: .at(0), lastSeen: .at(0))]
    #expect(throws: LeaseLost.self) { try file.save(changes, by: "first", at: .at(6)) }
    #expect(try file.load().hosts.isEmpty)
    try file.save(changes, by: "second", at: .at(6))
    #expect(try file.lease()?.holder == "second")
    #expect(try file.load().hosts.count == 1)
  }

  @Test("Two monitors on one file see one database, on two files two")
  func identity() throws {
    #expect(try file().id == file().id)
    #expect(try file().id != StateFile(folder.path("other.db")).id)
  }

  @Test("A silence ends when somebody ends it, and only once")
  func unsilence() throws {
    let file = try file()
    try file.add(
      Silence(
        id: "a", matchers: [try Matcher("host=db*")], startsAt: .at(0), endsAt: .at(500), by: "", reason: "",
        expiresOnResolve: false))
    #expect(try file.endSilence("a", at: .at(10))?.endsAt == .at(10))
    #expect(try file.endSilence("a", at: .at(11)) == nil)
    #expect(try file.endSilence("b", at: .at(11)) == nil)
  }
}
