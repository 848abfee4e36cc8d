import AMQP
import Baton
import BatonProcess
import Foundation
import Testing

@testable import BatonDeploy

/// The real executable on a real RabbitMQ, killed between any two changes of the journal or the disk.
@Suite(.enabled(if: RealBroker.port != nil, "no RabbitMQ: set BATON_RABBIT_PORT"))
struct KillTests {
  private static let healthy = """
        shared: [log/]
        before: [[sh, -c, 'echo before >> ../../../log']]
        after: [[sh, -c, 'echo after >> ../../../log']]
    \(TestHost.restart)
        health: [test, -e, version]
    """

  @Test(
    "Whatever step it is killed at, the next start finishes it or puts the old release back, and has one last word",
    arguments: [
      "accept.done", "fetch.begun", "fetch.done", "verify.begun", "verify.done", "unpack.begun", "unpack.unpacked",
      "unpack.adopted", "unpack.done", "link.begun", "link.done", "before.begun", "before.done", "switch.begun",
      "switch.renamed", "switch.done", "after.begun", "after.done", "restart.begun", "restart.done", "health.begun",
      "health.done", "prune.begun", "prune.done", "end.begun", "end.done",
    ])
  func killed(point: String) async throws {
    let host = try await host(Self.healthy)
    let (result, outcome) = try await deployAndDie(host, at: point)
    let isDone = ["restart.done", "health", "prune", "end"].contains { point.hasPrefix($0) }
    #expect(outcome == (isDone ? "success" : "error"), "\(result)")
    #expect(host.current == (isDone ? "releases/2.0" : "releases/1.0"))
    #expect(try host.text("shop/current/version") == (isDone ? "2.0" : "1.0"))
    if !isDone { #expect(result.contains("'1.0' runs as before") || result.contains("'1.0' is back"), "\(result)") }
    // What was started is what is there.
    #expect(host.lines("log").last { $0.hasPrefix("restart") } == (isDone ? "restart 2.0" : "restart 1.0"))
    // Nothing is in the way of the next.
    try await host.withAgent(try host.configuration(Self.healthy)) { requester in
      _ = try await requester.deploy("2.0").reply()
      #expect(host.current == "releases/2.0")
      let leftovers = try FileManager.default.contentsOfDirectory(atPath: host.path("shop/releases"))
      #expect(leftovers.sorted() == ["1.0", "2.0"])
    }
  }

  @Test("Killed while it goes back, it goes on going back", arguments: ["restore.begun", "restore.done", "end.begun"])
  func killedGoingBack(point: String) async throws {
    let host = try await host(TestHost.restart)
    let sick =
      TestHost.restart + "    health: {run: [grep, -q, '1.0', ../../current/version], timeout: 30s, interval: 60s}\n"
    let (result, outcome) = try await deployAndDie(host, at: point, lines: sick)
    #expect(outcome == "error")
    #expect(host.current == "releases/1.0", "\(result)")
    #expect(host.lines("log").last == "restart 1.0")
  }

  @Test("Programs that an agent left behind are ended before anything else is done")
  func strays() async throws {
    let lines =
      TestHost.restart
      + "    before: [[sh, -c, 'test -e ../../../gone || { touch ../../../gone; kill -9 $PPID; sleep 1000; }']]\n"
    let host = try await host(TestHost.restart)
    let (_, outcome) = try await deployAndDie(host, at: "never", lines: lines)
    #expect(outcome == "error")
    let mark = "BATON_DEPLOY_MARK=\(host.path("state")):shop/kill"
    #expect(ProcessTable.processes(with: mark, session: getsid(0)).isEmpty)
  }

  // MARK: -

  /// A host on which 1.0 runs, and 2.0 waits.
  private func host(_ lines: String) async throws -> TestHost {
    let host = try TestHost()
    for version in ["1.0", "2.0"] { try await host.makeArtifact(version) }
    try await host.withAgent(try host.configuration(lines)) { requester in
      _ = try await requester.deploy("1.0").reply()
    }
    return host
  }

  /// Has an agent deploy 2.0 and die on the way, starts another, and gives the one last word and its type.
  private func deployAndDie(
    _ host: TestHost, at point: String, lines: String = KillTests.healthy
  ) async throws -> (String, String) {
    try host.write(host.configurationText(lines) + RealBroker.configuration(host.server), to: "agent.cfg")
    let reader = CurrentReader(host)
    let listener = try await ResultListener(host.server)
    // Ended by the failpoint.
    let first = Task { try await Self.agent(host, dieAt: point).run() }
    try await listener.up()
    let api = API("baton_deploy", broker: RealBroker.broker)
    let order = Deploy(Order(app: "shop", id: "kill", by: "jo"), version: "2.0")
    _ = try await api.send(order, to: [Target("shop.\(host.server.environment)")])
    #expect(try await first.value.way == .killed(SIGKILL))
    // Ended below.
    let second = Task { try await Self.agent(host, dieAt: nil).run() }
    let (id, body) = try await listener.result()
    try await listener.up()
    // Asked again under the same id it does nothing, and says the same.
    _ = try await api.send(order, to: [Target("shop.\(host.server.environment)")])
    let again = try await listener.result()
    #expect(again == (id, body))
    second.cancel()
    #expect(try await second.value.way == .cancelled)
    let seen = await reader.stop()
    #expect(seen.isSubset(of: ["1.0", "2.0"]), "a reader of `current` saw \(seen)")
    let value = try JSONText.decode(JSONValue.self, from: [UInt8](body.utf8))
    return ((value["message"] ?? value["error_message"])?.string ?? "", value["type"]?.string ?? "")
  }

  private static func agent(_ host: TestHost, dieAt point: String?) throws -> Program {
    var environment = ["PATH": "/usr/bin:/bin"]
    environment["BATON_DEPLOY_DIE_AT"] = point
    return Program(
      [try TestHost.executable, "serve", "--config-file", host.path("agent.cfg")], environment: environment,
      timeout: .seconds(60), grace: .seconds(20))
  }
}

/// The private RabbitMQ on loopback, if the tests were started with one.
enum RealBroker {
  static var port: Int? { ProcessInfo.processInfo.environment["BATON_RABBIT_PORT"].flatMap(Int.init) }

  static var broker: RabbitMQ {
    RabbitMQ(hosts: [ConnectionOptions(endpoint: Endpoint(host: "127.0.0.1", port: port ?? 5672))], logger: .discarding)
  }

  static func configuration(_ server: Server) -> String {
    "\nRABBIT_HOST: 127.0.0.1\nRABBIT_PORT: \(port ?? 5672)\nENVIRONMENT: \(server.environment)\nFQDN: \(server.fqdn)\n"
  }
}

/// Resolves `current` all the time, in a task of its own.
private struct CurrentReader {
  private let task: Task<Set<String>, Never>

  init(_ host: TestHost) {
    let path = host.path("shop/current/version")
    // Ended by `stop`.
    task = Task.detached {
      var seen: Set<String> = []
      while !Task.isCancelled {
        seen.insert((try? String(contentsOfFile: path, encoding: .utf8)) ?? "nothing")
        try? await Task.sleep(for: .microseconds(500))
      }
      return seen
    }
  }

  /// What it has seen.
  func stop() async -> Set<String> {
    task.cancel()
    return await task.value
  }
}

/// Hears what one host says.
private actor ResultListener {
  private let channel: any Baton.Channel
  private let subscription: Subscription
  private let server: Server
  private var ups = 0
  private var results: [(id: String, body: String)] = []

  init(_ server: Server) async throws {
    self.server = server
    channel = try await RealBroker.broker.channel()
    let queue = try await channel.declare(
      Topology(
        exchanges: [ExchangeDeclaration("baton_deploy_in"), ExchangeDeclaration("baton_deploy_out")],
        queue: .serverNamed,
        bindings: [.init("baton_deploy_out", .key(""))]))
    subscription = try await channel.consume(queue, prefetch: 1000)
  }

  /// Waits for the next `up`.
  func up() async throws {
    while ups == 0 { try await hear() }
    ups -= 1
  }

  /// Waits for the next last word: its `message_id` and its body.
  func result() async throws -> (id: String, body: String) {
    while results.isEmpty { try await hear() }
    return results.removeFirst()
  }

  private func hear() async throws {
    var iterator = subscription.deliveries.makeAsyncIterator()
    guard let batch = try await iterator.next() else { throw CancellationError() }
    for delivery in batch {
      subscription.settle(delivery, .acknowledge)
      let message = try AnyMessage(delivery)
      guard message.sender.environment == server.environment else { continue }
      switch message.type {
      case Up.type: ups += 1
      case Deployed.type, NotDeployed.type:
        results.append((message.properties.messageID ?? "", String(decoding: message.body, as: UTF8.self)))
      default: break
      }
    }
  }
}
