import Baton
import BatonHTTPServer
import Foundation
import Testing

@testable import BatonPingMonitor

struct SinkTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func alert(_ severity: Severity = .critical, host: String = "web1.example") -> Alert {
    Alert(
      subject: .init(name: "HostSilent", environment: "production", host: host), state: .firing, severity: severity,
      summary: "not <heard>", startedAt: .at(0), updatedAt: .at(5), count: 2)
  }

  private func notice(_ alert: Alert, _ kind: Notice.Kind = .firing, previous: Severity? = nil) -> Notice {
    Notice(kind: kind, alert: alert, previous: previous, at: .at(9))
  }

  @Test("Alertmanager gets labels, and the end of what is over")
  func alertmanager() async throws {
    let receiver = try Receiver()
    let sink = AlertmanagerSink(endpoint: Endpoint(url: Secret(receiver.url)))
    var over = alert()
    over.state = .resolved
    over.resolvedAt = .at(8)
    try await sink.tell([notice(alert()), notice(over, .resolved, previous: .critical)])
    let posted = try #require(try await receiver.bodies(1)[0] as? [[String: Any]])
    #expect(
      posted[0]["labels"] as? [String: String] == [
        "alertname": "HostSilent", "severity": "critical", "environment": "production", "host": "web1.example",
      ])
    #expect(posted[0]["endsAt"] == nil)
    #expect(posted[1]["endsAt"] as? String == Moment.at(8).text)
    #expect(await receiver.requests(1)[0].path == "/hook/api/v2/alerts")
  }

  @Test("Another severity is another alert for Alertmanager: the old one ends")
  func alertmanagerSeverity() async throws {
    let receiver = try Receiver()
    let sink = AlertmanagerSink(endpoint: Endpoint(url: Secret(receiver.url)))
    try await sink.tell([notice(alert(), .changed, previous: .warning)])
    let posted = try #require(try await receiver.bodies(1)[0] as? [[String: Any]])
    #expect(posted.map { ($0["labels"] as? [String: String])?["severity"] } == ["warning", "critical"])
    #expect(posted.map { $0["endsAt"] != nil } == [true, false])
  }

  @Test("Slack gets several as one message, without markup in it")
  func slack() {
    let notices = (0..<30).map { notice(alert(host: "web\($0).example")) }
    let lines = SlackSink.text(notices).split(separator: "\n")
    #expect(lines.first == "30 firing, 0 resolved")
    #expect(lines.last == "and 10 more")
    #expect(lines.count == 22)
    #expect(
      SlackSink.text([notices[0]])
        == "FIRING critical: HostSilent production/web0.example: not &lt;heard&gt;")
  }

  @Test("PagerDuty is told under one key, that it began and that it is over")
  func pagerDuty() async throws {
    let receiver = try Receiver()
    let sink = PagerDutySink(endpoint: Endpoint(url: Secret(receiver.url)), routingKey: Secret("R1"))
    try await sink.tell([notice(alert()), notice(alert(), .resolved, previous: .critical)])
    let events = try await receiver.bodies(2).compactMap { $0 as? [String: Any] }
    #expect(events.map { $0["event_action"] as? String } == ["trigger", "resolve"])
    #expect(Set(events.map { $0["dedup_key"] as? String }) == ["HostSilent/production/web1.example//"])
    #expect(events.map { $0["routing_key"] as? String } == ["R1", "R1"])
    let payload = try #require(events[0]["payload"] as? [String: Any])
    #expect(payload["severity"] as? String == "critical")
    #expect(payload["source"] as? String == "web1.example")
  }

  @Test("A webhook's body is signed with the time in it")
  func webhook() async throws {
    let receiver = try Receiver()
    let sink = WebhookSink(endpoint: Endpoint(url: Secret(receiver.url)), secret: Secret("key")) { .at(0) }
    try await sink.tell([notice(alert())])
    let request = await receiver.requests(1)[0]
    let expected = Signature.hmac([UInt8]("1700000000.".utf8) + request.body, key: [UInt8]("key".utf8))
    #expect(request.headers["x-baton-signature"] == "t=1700000000,v1=\(expected)")
    #expect(request.headers["content-type"] == "application/json")
  }

  @Test("HMAC and SHA-256 are those of RFC 4231 and FIPS 180")
  func digests() {
    let jefe = Signature.hmac([UInt8]("what do ya want for nothing?".utf8), key: [UInt8]("Jefe".utf8))
    #expect(jefe == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      Signature.sha256([UInt8]("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("A command gets the alert on its standard input, and its failure is told with its last words")
  func command() async throws {
    let script = try folder.write("#!/bin/sh\ncat > '\(folder.path("out"))'\n", to: "ok.sh", mode: 0o700)
    try await CommandSink(words: [script], timeout: .seconds(10)).tell([notice(alert())])
    #expect(try folder.text(of: "out").contains(#""alert":"HostSilent""#))
    let failing = try folder.write("#!/bin/sh\necho no such pager\nexit 3\n", to: "fail.sh", mode: 0o700)
    await #expect { try await CommandSink(words: [failing], timeout: .seconds(10)).tell([notice(alert())]) } throws: {
      "\($0)" == "the program ended with exit code 3: no such pager"
    }
    await #expect(throws: SinkFailure.self) {
      try await CommandSink(words: ["/nonexistent"], timeout: .seconds(10)).tell([notice(alert())])
    }
  }

  @Test("Whether a program could be run is seen without running it")
  func commandCheck() async throws {
    try await CommandSink(words: ["true"], timeout: .seconds(1)).check()
    try await CommandSink(words: ["/bin/sh"], timeout: .seconds(1)).check()
    let plain = try folder.write("no program", to: "plain")
    for name in ["no-such-program-anywhere", "/nonexistent", plain] {
      await #expect(throws: SinkFailure.self) { try await CommandSink(words: [name], timeout: .seconds(1)).check() }
    }
  }

  @Test("A file gets a line for each notice")
  func file() async throws {
    let sink = FileSink(path: folder.path("alerts"))
    try await sink.tell([notice(alert()), notice(alert(), .resolved)])
    try await sink.tell([notice(alert())])
    #expect(try folder.text(of: "alerts").split(separator: "\n").count == 3)
    await #expect(throws: SinkFailure.self) { try await FileSink(path: "/nonexistent/x").check() }
  }

  @Test(
    "A server that is out of order is no refusal, one that does not want this is",
    arguments: [(500, false), (503, false), (429, false), (408, false), (400, true), (404, true), (302, true)])
  func refusals(status: Int, isRefusal: Bool) async throws {
    let receiver = try Receiver { _, _ in HTTPResponse(status: status, headers: ["Retry-After": "7"], body: .bytes([]))
    }
    let sink = SlackSink(endpoint: Endpoint(url: Secret(receiver.url)))
    await #expect { try await sink.tell([notice(alert())]) } throws: { error in
      let failure = error as? SinkFailure
      return failure?.isRefusal == isRefusal && failure?.retryAfter == .seconds(7)
    }
  }
}
