import AMQP
import Baton
import BatonDeploy
import BatonDeployControl
import BatonTesting
import DeployTestSupport
import Foundation

@testable import BatonDeployConsole

/// A console on a broker within the test, and a fleet that it talks to.
struct TestConsole {
  static let shop = Place(app: "shop", environment: "production")

  let console: Console
  let hosts: [String: FakeHost]
  let folder: URL

  /// Somebody who may do anything, and did come in by the page to log in with.
  static let jo = Admission(
    visitor: Visitor(name: "jo", rights: [.administer]), way: .session, client: "127.0.0.1", formToken: "form")
  static let kim = Admission(
    visitor: Visitor(name: "kim", rights: [.deploy(app: "shop", environment: nil)]), way: .session, client: "127.0.0.1",
    formToken: "form")
  static let vi = Admission(
    visitor: Visitor(name: "vi", rights: [.read]), way: .session, client: "127.0.0.1", formToken: "form")
  static let program = Admission(
    visitor: Visitor(name: "token:bot", rights: [.deploy(app: nil, environment: nil)]), way: .token, client: "10.0.0.1",
    formToken: nil)

  /// To deploy version 2 on all of them: whoever is named is not waited for once he has answered.
  var wish: RolloutWish { RolloutWish(place: Self.shop, act: .deploy(version: "2"), hosts: hosts.keys.sorted()) }

  /// Begins to deploy version 2, one host after the other, and waits until one says that it is at it.
  func beginOneByOne(until host: String) async throws -> String {
    var wish = wish
    wish.policy.wave = .count(1)
    let id = try await console.begin(wish, by: Self.jo)
    try await wait(id) { $0.host(host)?.act.phase == .underWay }
    return id
  }

  func told(_ host: String) async -> [FakeHost.Told] { await hosts[host]?.told ?? [] }

  /// What the audit says, a line each.
  var audit: [String] {
    let text = (try? String(contentsOf: folder.appendingPathComponent("audit.jsonl"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// Another console in the same folder, as after a restart.
  func again(on broker: InMemoryBroker) throws -> Console {
    try Self.make(broker, folder, confirmed: console.confirmed, secondPerson: console.secondPerson)
  }

  /// Waits until a rollout stands as it should, whoever drives it by then.
  func wait(_ id: String, until isSo: (Rollout) -> Bool) async throws {
    while true {
      for await _ in await console.desk.listen(to: id) ?? .once {
        if let board = try await console.desk.board(id), isSo(board.rollout) { return }
      }
      await Task.yield()
    }
  }

  static func make(
    _ broker: InMemoryBroker, _ folder: URL, confirmed: Set<String>, secondPerson: Set<String>
  ) throws -> Console {
    let store = try RolloutStore(folder.appendingPathComponent("rollouts.sqlite").path)
    let control = DeployControl(broker: broker, by: "console", logger: .discarding)
    let overview = Overview(control, store, named: [shop: []], wait: .seconds(2), logger: .discarding)
    return Console(
      overview: overview,
      desk: RolloutDesk(store, control, logger: .discarding) { _ in },
      versions: Versions([:], store, control.times), confirmed: confirmed, secondPerson: secondPerson, control: control,
      wait: .seconds(5),
      audit: ConsoleAudit(
        folder.appendingPathComponent("audit.jsonl").path, now: control.times.now, logger: .discarding))
  }
}

/// Runs a fleet in production and a console that it belongs to.
func withConsole(
  _ hosts: [String: FakeHost], confirmed: Set<String> = [], secondPerson: Set<String> = [],
  broker: InMemoryBroker = InMemoryBroker(), body: (TestConsole) async throws -> Void
) async throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let console = TestConsole(
    console: try TestConsole.make(broker, folder, confirmed: confirmed, secondPerson: secondPerson), hosts: hosts,
    folder: folder)
  try await withFleet(hosts, on: broker) { try await body(console) }
  await console.console.desk.close()
}
