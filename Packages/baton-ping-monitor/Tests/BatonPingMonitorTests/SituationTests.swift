import Baton
import Testing

@testable import BatonPingMonitor

struct SituationTests {
  private let silent = Alert.Subject(name: "HostSilent", environment: "production", host: "web1.example").key

  private func situation(
    rules: [Rule] = [], sinks: [(name: String, filter: SinkFilter)] = [("log", SinkFilter())]
  ) -> Situation {
    var settings = Situation.Settings()
    settings.limits.environments = ["production"]
    settings.rules = rules
    settings.sinks = sinks
    return Situation(settings: settings)
  }

  /// What the sinks are told, in words, and the rest of the changes forgotten.
  private func told(_ situation: inout Situation) -> [String] {
    situation.takeChanges().deliveries.map {
      "\($0.sink) \($0.notice.kind) \($0.notice.alert.subject.name) \($0.notice.alert.severity)"
    }
  }

  @Test("A host that falls silent is told once, when it becomes worse, and when it is over")
  func silence() throws {
    var situation = situation()
    situation.hear(try .sample("pong"), at: .at(0), roundTrip: 3)
    for second in 1...300 { situation.pass(at: .at(Double(second)), hearing: .at(0)) }
    situation.hear(try .sample("pong"), at: .at(301))
    situation.dispatch(at: .at(301))
    #expect(
      told(&situation) == [
        "log firing HostSilent warning", "log changed HostSilent critical", "log resolved HostSilent critical",
      ])
  }

  @Test("Each sink hears what it asked for, and of an end only if it heard of the beginning")
  func filters() throws {
    var situation = situation(sinks: [
      ("pager", SinkFilter(severity: .critical)),
      ("staging", SinkFilter(matchers: [try Matcher("environment=staging")])),
    ])
    situation.hear(try .sample("pong"), at: .at(0))
    situation.pass(at: .at(120), hearing: .at(0))
    #expect(told(&situation) == [])
    situation.pass(at: .at(180), hearing: .at(0))
    #expect(told(&situation) == ["pager firing HostSilent critical"])
    situation.hear(try .sample("up"), at: .at(181))
    situation.dispatch(at: .at(181))
    #expect(told(&situation) == ["pager resolved HostSilent critical"])
  }

  @Test("An error is an alert by itself, each class of it one, and ends when none came for a while")
  func errors() throws {
    var situation = situation()
    for second in 0..<3 { situation.hear(try .error(), at: .at(Double(second))) }
    situation.hear(try .error("Timeout", "too slow"), at: .at(3))
    situation.dispatch(at: .at(3))
    #expect(told(&situation) == ["log firing HostError warning", "log firing HostError warning"])
    situation.pass(at: .at(1000), hearing: nil)
    #expect(told(&situation).count == 2)
  }

  @Test("The first rule that fits decides; one that ignores ends the matter")
  func rules() throws {
    var situation = situation(rules: [
      Rule(name: "Known", types: [Pattern("error")], hosts: [Pattern("web2*")], ignores: true),
      Rule(name: "Disk", types: [Pattern("error")], text: Pattern("*no space*"), severity: .critical),
      Rule(name: "Sold", types: [Pattern("info")], apps: [Pattern("shop")], severity: .info),
    ])
    situation.hear(try .error(from: web2), at: .at(0))
    situation.hear(try .error(), at: .at(1))
    situation.hear(try .error("Other", "else"), at: .at(2))
    situation.hear(try .sample("info", members: ["app": "shop", "message": "sold"]), at: .at(3))
    situation.hear(try .sample("info", from: web2, members: ["message": "nothing"]), at: .at(4))
    situation.dispatch(at: .at(4))
    #expect(
      Set(told(&situation)) == ["log firing Disk critical", "log firing HostError warning", "log firing Sold info"])
  }

  @Test("What is silenced is told nobody until the silence ends")
  func silenced() throws {
    var situation = situation()
    situation.replaceSilences([silence(until: 1000)])
    situation.hear(try .sample("pong"), at: .at(0))
    situation.pass(at: .at(200), hearing: .at(0))
    #expect(told(&situation) == [])
    #expect(situation.book[silent]?.silence == "s1")
    situation.pass(at: .at(1000), hearing: .at(0))
    #expect(told(&situation) == ["log firing HostSilent critical"])
  }

  @Test("Who was told of the beginning is told of the end, silence or not")
  func endsUnderSilence() throws {
    var situation = situation()
    situation.hear(try .sample("pong"), at: .at(0))
    situation.pass(at: .at(130), hearing: .at(0))
    situation.replaceSilences([silence(until: 1000)])
    situation.pass(at: .at(190), hearing: .at(0))
    situation.hear(try .sample("pong"), at: .at(200))
    situation.dispatch(at: .at(200))
    #expect(told(&situation) == ["log firing HostSilent warning", "log resolved HostSilent critical"])
  }

  @Test("A silence that was to last until its trouble is over ends with it")
  func expiresOnResolve() throws {
    var situation = situation()
    situation.replaceSilences([silence(until: 100_000, expiresOnResolve: true)])
    situation.hear(try .sample("pong"), at: .at(0))
    situation.pass(at: .at(100), hearing: .at(0))
    #expect(situation.silences[0].endsAt == .at(100_000))
    situation.pass(at: .at(200), hearing: .at(0))
    situation.hear(try .sample("pong"), at: .at(300))
    situation.pass(at: .at(301), hearing: .at(0))
    #expect(situation.silences[0].endsAt == .at(301))
    #expect(situation.takeChanges().silences.map(\.id) == ["s1"])
  }

  @Test("A deploy silences its host and app while it runs, and what began meanwhile is attached to it")
  func deploy() throws {
    var situation = situation()
    let members: [String: String] = ["app": "shop", "id": "7", "message": "fetch"]
    situation.hear(try .sample("pong"), at: .at(0))
    situation.hear(try .sample("info", exchange: "baton_deploy_out", members: members), at: .at(10))
    situation.pass(at: .at(200), hearing: .at(0))
    situation.hear(try .error(from: web2), at: .at(201))
    situation.dispatch(at: .at(201))
    #expect(told(&situation) == ["log firing HostError warning"])
    #expect(situation.book[silent]?.deploy == "7")
    #expect(situation.book[silent]?.silence == "deploy 7")
    // Another's refusal does not end it.
    situation.hear(
      try .error(
        "Busy", "7 is at work", from: web1, exchange: "baton_deploy_out", members: ["app": "shop", "id": "8"]),
      at: .at(202))
    #expect(situation.deploys.running.count == 1)
    situation.hear(try .sample("success", from: web1, exchange: "baton_deploy_out", members: members), at: .at(203))
    #expect(situation.deploys.running.isEmpty)
  }

  @Test("A deploy that failed is told, though it silenced all else")
  func failedDeploy() throws {
    var situation = situation()
    let members: [String: String] = ["app": "shop", "id": "7"]
    situation.hear(try .sample("info", exchange: "baton_deploy_out", members: members), at: .at(10))
    situation.hear(
      try .error("DeployFailed", "health", exchange: "baton_deploy_out", members: members), at: .at(20))
    situation.dispatch(at: .at(20))
    #expect(told(&situation) == ["log firing HostError warning"])
  }

  @Test("Without a broker nobody is silent, but the monitor says that it is deaf")
  func deaf() throws {
    var situation = situation()
    situation.hear(try .sample("pong"), at: .at(0))
    situation.pass(at: .at(200), hearing: nil, deafSince: .at(50))
    situation.pass(at: .at(201), hearing: nil, deafSince: .at(50))
    #expect(told(&situation) == ["log firing BrokerUnreachable critical"])
    situation.pass(at: .at(210), hearing: .at(210))
    #expect(told(&situation) == ["log resolved BrokerUnreachable critical"])
  }

  @Test("What was kept makes the same situation: nothing is told again")
  func restart() throws {
    var first = situation()
    first.hear(try .sample("pong"), at: .at(0))
    first.pass(at: .at(130), hearing: .at(0))
    let changes = first.takeChanges()
    var settings = Situation.Settings()
    settings.limits.environments = ["production"]
    settings.sinks = [("log", SinkFilter())]
    var second = Situation(.init(hosts: changes.hosts, alerts: changes.alerts), settings: settings)
    second.pass(at: .at(140), hearing: .at(135))
    #expect(told(&second) == [])
    second.hear(try .sample("pong"), at: .at(150))
    second.dispatch(at: .at(150))
    #expect(told(&second) == ["log resolved HostSilent warning"])
  }

  @Test("Another configuration holds from now on, and what nobody asks or expects any more is over")
  func reconfigured() throws {
    var settings = Situation.Settings()
    settings.limits.environments = ["production"]
    settings.expected = [Expected(fqdn: "ghost.example", environment: "")]
    settings.sinks = [("log", SinkFilter())]
    var situation = Situation(settings: settings)
    situation.hear(try .sample("pong"), at: .at(0))
    situation.pass(at: .at(200), hearing: .at(0))
    #expect(told(&situation).sorted() == ["log firing HostMissing critical", "log firing HostSilent critical"])
    settings.rules = [Rule(name: "Renamed", types: [Pattern("error")], severity: .critical)]
    settings.sinks = [("log", SinkFilter()), ("pager", SinkFilter(severity: .critical))]
    situation.reconfigure(settings)
    situation.hear(try .error(), at: .at(201))
    situation.pass(at: .at(201), hearing: .at(0))
    // The sink that is new is told of what is wrong already.
    #expect(
      told(&situation).sorted() == [
        "log firing Renamed critical", "log resolved HostSilent critical", "pager firing HostMissing critical",
        "pager firing Renamed critical",
      ])
    settings.expected = []
    situation.reconfigure(settings)
    situation.pass(at: .at(202), hearing: .at(0))
    #expect(told(&situation).sorted() == ["log resolved HostMissing critical", "pager resolved HostMissing critical"])
    situation.pass(at: .at(500), hearing: .at(0))
    #expect(told(&situation).sorted() == ["log firing HostSilent critical", "pager firing HostSilent critical"])
    // Also when the monitor was started anew with the other configuration.
    let alerts = Array(situation.book.alerts.values)
    settings.limits.environments = []
    var second = Situation(.init(alerts: alerts), settings: settings)
    second.pass(at: .at(501), hearing: .at(0))
    #expect(told(&second).sorted() == ["log resolved HostSilent critical", "pager resolved HostSilent critical"])
  }

  @Test("The last message of each type and sender is kept, and how many there were")
  func lastMessages() throws {
    var situation = situation()
    for second in 0..<3 { situation.hear(try .sample("pong"), at: .at(Double(second))) }
    situation.hear(try .sample("up"), at: .at(4))
    let messages = situation.takeChanges().messages
    #expect(messages.count == 2)
    #expect(messages.first { $0.key.type == "pong" }?.value.count == 3)
    #expect(situation.takeChanges().isEmpty)
  }

  private func silence(until end: Double, expiresOnResolve: Bool = false) -> Silence {
    Silence(
      id: "s1", matchers: [(try? Matcher("host=web1*"))].compactMap { $0 }, startsAt: .at(-10), endsAt: .at(end),
      by: "jo", reason: "cables", expiresOnResolve: expiresOnResolve)
  }
}
