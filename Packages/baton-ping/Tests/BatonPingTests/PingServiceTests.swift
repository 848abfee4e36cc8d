import Baton
import BatonPing
import BatonTesting
import Testing

struct PingServiceTests {
  private let web = Server(environment: "production", fqdn: "web1.example", appNames: ["shop"])
  private let db = Server(environment: "production", fqdn: "db1.example")
  private let dev = Server(environment: "development", fqdn: "dev1.example")

  @Test("Every server of the environment answers, and no other")
  func pong() async throws {
    try await withService(PingService(), on: web, db, dev) { api in
      let pongs = try await api.ask(Ping(), of: "production", count: 2)
      #expect(Set(pongs.map(\.sender)) == [web, db])
    }
  }
}
