import AMQP
import Baton
import BatonDeploy
import BatonDeployControl
import BatonHTTPServer
import BatonTesting
import DeployTestSupport
import Foundation
import Testing

@testable import BatonDeployConsole

struct OverviewTests {
  private let broker = InMemoryBroker()
  private let shop = Place(app: "shop", environment: "production")

  @Test("Hosts that answer are told by version, those that drift by name, and known ones that do not answer are silent")
  func looks() async throws {
    try await withOverview(
      ["web1": .init(), "web2": .init(), "web3": .init(version: "2")], named: [shop: ["web1", "web9"]]
    ) {
      overview in
      let spot = try #require(await overview.look(at: shop))
      #expect(spot.versions.map(\.version) == ["1", "2"])
      #expect(spot.versions.map(\.count) == [2, 1])
      #expect(spot.drifting == ["web3"])
      #expect(spot.silent == ["web9"])
      let cell = FleetPage.cell(spot).text
      for words in ["<b>1</b> on 2", "<b>2</b> on 1", "1 another version</span>: web3", "1 silent</span>: web9"] {
        #expect(cell.contains(words))
      }
    }
  }

  @Test("An overview that knows nothing asks who is there")
  func discovers() async throws {
    try await withOverview(["web1": .init()], environments: ["production", "nowhere"]) { overview in
      for await _ in await overview.listen() where await overview.all().first?.versions.first?.count == 1 { break }
      #expect(await overview.all().map(\.place) == [shop])
    }
  }

  @Test("A host that says that it is up makes its applications known; what cannot be a name makes nothing known")
  func hears() async throws {
    try await withOverview([:]) { overview in
      let till = Place(app: "till", environment: "test")
      try await say(Server(environment: "test", fqdn: "web1", appNames: ["<b>", "../x", "till"]))
      try await say(Server(environment: "test", fqdn: "jo@laptop", appNames: ["shop"]))
      // It may not listen yet.
      for await _ in await overview.listen() {
        if await overview.all().contains(where: { $0.place == till }) { break }
        try await say(Server(environment: "test", fqdn: "web1", appNames: ["<b>", "../x", "till"]))
      }
      #expect(await overview.all().map(\.place) == [till])
    }
  }

  private func say(_ server: Server) async throws {
    let channel = try await broker.channel()
    _ = try await channel.declare(Topology(exchanges: [ExchangeDeclaration("baton_deploy_out")]))
    _ = try await channel.publish([try Output(Up(), from: server).publishing(to: "baton_deploy_out", appID: "test")])
    await channel.close()
  }

  private func withOverview(
    _ hosts: [String: FakeHost], named: [Place: [String]] = [:], environments: [String] = [],
    body: (Overview) async throws -> Void
  ) async throws {
    try await withFleet(hosts, on: broker) {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let store = try RolloutStore(folder.appendingPathComponent("rollouts.sqlite").path)
      let control = DeployControl(broker: broker, by: "console", logger: .discarding)
      let overview = Overview(
        control, store, named: named, environments: environments, wait: .seconds(3), logger: .discarding)
      let running = Task { await overview.run() }
      let ringing = Task { while (try? await Task.sleep(for: .milliseconds(50))) != nil { await overview.ring() } }
      defer {
        running.cancel()
        ringing.cancel()
      }
      for await _ in await overview.listen() {
        let known = await overview.all().map(\.place)
        if named.keys.allSatisfy(known.contains) { break }
      }
      try await body(overview)
    }
  }
}
