import Baton
import BatonHTTPServer
import Testing

@testable import BatonPingMonitor

struct CourierTests {
  private let folder: Folder
  private let file: StateFile

  init() throws {
    folder = try Folder()
    file = try StateFile(folder.path("state.db"))
    try file.takeLease("me", at: .at(0))
  }

  private func queue(_ hosts: String..., kind: Notice.Kind = .firing) throws {
    var changes = Changes()
    for host in hosts {
      let alert = Alert(
        subject: .init(name: "HostSilent", environment: "production", host: host), state: .firing,
        severity: .critical, summary: "silent", startedAt: .at(0), updatedAt: .at(0))
      changes.deliveries.append(
        Delivery(sink: "s", notice: Notice(kind: kind, alert: alert, previous: nil, at: .at(0))))
    }
    try file.save(changes, by: "me", at: .at(0))
  }

  /// Runs a courier until the receiver has had so many requests and the queue is as long as expected.
  private func carry(_ configuration: String, to receiver: Receiver, requests: Int, leaving depth: Int = 0) async throws
  {
    let path = try folder.write("SINKS:\n  - {name: s, url: '\(receiver.url)', \(configuration)}\n", to: "m.cfg")
    let loaded = try Configuration.load(file: path, environment: [:], keys: PingMonitor.keys)
    let settings = try #require(try BridgeSettings(loaded.settings).sinks.first)
    let assignment = Courier.Assignment(settings: settings, sink: settings.sink(logger: .discarding))
    let clock = SteadyClock()
    let courier = Courier(
      name: "s", file: file, doorbell: Doorbell(), logger: .discarding, now: { clock.now },
      assignment: { assignment }, report: { _ in })
    // Cancelled below, and awaited.
    let running = Task { await courier.run() }
    _ = await receiver.requests(requests)
    // The row goes after the answer: look until it has.
    while try file.depths()["s"] ?? 0 != depth { await Task.yield() }
    running.cancel()
    await running.value
  }

  @Test("What a sink did not take comes again until it does, each notice once")
  func retries() async throws {
    let receiver = try Receiver { number, _ in HTTPResponse(status: number < 2 ? 503 : 200, "") }
    try queue("web1.example")
    try await carry("kind: webhook", to: receiver, requests: 3)
    #expect(await receiver.requests(3).count == 3)
  }

  @Test("Notices of one alert keep their order")
  func order() async throws {
    let receiver = try Receiver()
    try queue("web1.example")
    try queue("web1.example", kind: .changed)
    try queue("web1.example", kind: .resolved)
    try await carry("kind: webhook", to: receiver, requests: 3)
    let kinds = try await receiver.bodies(3).map { ($0 as? [String: Any])?["kind"] as? String }
    #expect(kinds == ["firing", "changed", "resolved"])
  }

  @Test("One that is refused does not keep the others, and stays in the queue")
  func refused() async throws {
    let receiver = try Receiver { _, request in
      HTTPResponse(status: String(decoding: request.body, as: UTF8.self).contains("web2") ? 400 : 200, "")
    }
    try queue("web1.example", "web2.example", "web3.example")
    try await carry("kind: alertmanager", to: receiver, requests: 4, leaving: 1)
    #expect(try file.due("s", most: 10, at: .at(1e9)).map(\.notice.alert.subject.host) == ["web2.example"])
    #expect(try file.due("s", most: 10, at: .at(1e9)).first?.attempts == 1)
  }

  @Test("What is postponed is not overtaken by what came later of the same alert")
  func overtaking() throws {
    try queue("web1.example", "web2.example")
    try queue("web1.example", kind: .resolved)
    let first = try #require(try file.due("s", most: 10, at: .at(0)).first)
    try file.postpone(first, until: .at(60))
    let others = try file.due("s", most: 10, at: .at(59))
    #expect(others.map(\.notice.alert.subject.host) == ["web2.example"])
    try file.remove(others)
    #expect(try file.nextDue("s") == .at(60))
    #expect(try file.due("s", most: 10, at: .at(60)).map(\.notice.kind) == [.firing])
  }

  @Test("Slack gets what came close together as one message")
  func groups() async throws {
    let receiver = try Receiver()
    try queue("web1.example", "web2.example", "web3.example")
    try await carry("kind: slack, group_wait: 10ms", to: receiver, requests: 1)
    #expect(await receiver.requests(1).count == 1)
  }

  @Test("A sink that wants to be left alone is left alone", .timeLimit(.minutes(1)))
  func retryAfter() async throws {
    let receiver = try Receiver { number, _ in
      HTTPResponse(status: number == 0 ? 429 : 200, headers: ["Retry-After": "2"], body: .bytes([]))
    }
    try queue("web1.example")
    let start = ContinuousClock.now
    try await carry("kind: webhook", to: receiver, requests: 2)
    #expect(start.duration(to: .now) >= .seconds(2))
  }
}
