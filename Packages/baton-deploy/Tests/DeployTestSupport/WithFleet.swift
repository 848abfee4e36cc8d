import Baton
package import BatonTesting

/// Runs the fake hosts in production, while `body` talks to them.
package func withFleet(
  _ hosts: [String: FakeHost], on broker: InMemoryBroker, body: () async throws -> Void
) async throws {
  try await serve(hosts.keys.sorted()[...], of: hosts, broker, body)
}

private func serve(
  _ names: ArraySlice<String>, of hosts: [String: FakeHost], _ broker: InMemoryBroker, _ body: () async throws -> Void
) async throws {
  guard let name = names.first else { return try await body() }
  let server = Server(environment: "production", fqdn: name)
  try await withService(FakeDeployService(hosts), on: server, broker: broker) { _ in
    try await serve(names.dropFirst(), of: hosts, broker, body)
  }
}
