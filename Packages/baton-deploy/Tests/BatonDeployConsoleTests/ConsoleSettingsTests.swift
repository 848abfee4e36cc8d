import Baton
import BatonDeployControl
import Foundation
import Testing

@testable import BatonDeployConsole

struct ConsoleSettingsTests {
  @Test("Without a word it listens on loopback, and asks for the name of production")
  func standard() throws {
    let settings = try read("")
    #expect(settings.listen == .port(host: "127.0.0.1", 8480))
    #expect(settings.confirmed == ["production"])
    #expect(settings.secondPerson.isEmpty && settings.places.isEmpty)
  }

  @Test(
    "It listens on this machine alone",
    arguments: ["0.0.0.0:8480", "10.0.0.1:80", "8480", "127.0.0.1:70000", "unix:web"])
  func elsewhere(_ text: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try read("WEB_LISTEN: '\(text)'") }
    #expect(error?.description.contains("web.cfg:1") == true)
    #expect(error?.description.contains("127.0.0.1:8480") == true)
  }

  @Test("A socket and an address of version 6 can be listened on")
  func others() throws {
    #expect(try read("WEB_LISTEN: unix:/run/web.sock").listen == .socket("/run/web.sock"))
    #expect(try read("WEB_LISTEN: '[::1]:0'").listen == .port(host: "::1", 0))
    #expect(try read("WEB_CONFIRM: none").confirmed.isEmpty)
  }

  @Test("A place that is there twice, or has no name, or a name that cannot be one, is refused with file and line")
  func places() throws {
    let place = "WEB_PLACES:\n  - {app: shop, environment: production, hosts: [web1, web2], versions_command: [ls]}\n"
    let read = try read(place)
    #expect(read.places.map(\.place) == [Place(app: "shop", environment: "production")])
    #expect(read.places.first?.hosts == ["web1", "web2"])
    for line in [
      "  - {app: shop, environment: production}", "  - {app: shop}", "  - {app: ../x, environment: a}",
      "  - {app: a, environment: b, hosts: [-x]}", "  - {app: a, environment: b, version_url: x}",
      "  - {app: a, environment: b, versions_url: x, versions_command: [y]}",
    ] {
      let error = #expect(throws: ConfigurationError.self) { try self.read(place + line) }
      #expect(error?.description.contains("web.cfg:3") == true, "\(line): \(error?.description ?? "")")
    }
  }

  @Test("Versions come from a program's lines; what is no version is left out, and a program that fails is told of")
  func versions() async throws {
    let words = ["sh", "-c", "echo 1.4; echo ' 1.3 '; echo; echo '<b>'; echo 1.2"]
    #expect(try await VersionSource.command(words).list() == ["1.4", "1.3", "1.2"])
    await #expect(throws: VersionsUnknown.self) { try await VersionSource.command(["sh", "-c", "exit 3"]).list() }
  }

  private func read(_ text: String) throws -> ConsoleSettings {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("web.cfg").path
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let configuration = try Configuration.load(
      file: file, standardFiles: [], environment: [:], keys: ConsoleService.keys)
    return try ConsoleSettings(configuration.settings)
  }
}
