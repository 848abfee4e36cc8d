import Baton
import BatonProcess
import Foundation
import Testing

@testable import BatonDeploy

struct DigestTests {
  private let one = String(repeating: "a1", count: 32)
  private let two = String(repeating: "b2", count: 32)

  @Test("A file's digest is the one that sha256sum gives")
  func file() async throws {
    let host = try TestHost()
    try host.write("hello\n", to: "a")
    let digest = try Digest(ofFile: host.path("a"))
    #expect(digest.description == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
    let lines = try await Lines.of(Program(["sha256sum", host.path("a")]))
    #expect(try Digest(list: lines.joined(separator: "\n"), name: "a") == digest)
  }

  @Test("The line of the artifact counts, with or without a star and folders; a lone digest as well")
  func list() throws {
    let text = "\(one)  other.tgz\n\(two) *./dist/a.tgz\r\nnonsense\n"
    #expect(try Digest(list: text, name: "a.tgz").description == two)
    #expect(try Digest(list: "\(one.uppercased())\n", name: "a.tgz").description == one)
    #expect(try Digest(list: "\(one)  renamed.tgz\n", name: "a.tgz").description == one)
  }

  @Test("Nothing, another's, and two different ones are no checksum")
  func none() {
    for text in [
      "", "nonsense", String(one.dropLast()), "\(one)  a.tgz\n\(two)  a.tgz", "\(one)  b.tgz\n\(two)  c.tgz",
    ] {
      #expect(throws: NotDeployed.self) { try Digest(list: text, name: "a.tgz") }
    }
  }
}

struct MaskerTests {
  @Test("Known secrets, and what looks like one, are covered")
  func masks() {
    let masker = Masker(["hunter22", "abc", "hunter22andmore"])
    for (line, masked) in [
      ("x hunter22andmore y hunter22", "x ******** y ********"),
      // Too short to cover.
      ("abc", "abc"),
      ("PASSWORD=geheim next", "PASSWORD=******** next"),
      ("db_password: geheim next", "db_password: ******** next"),
      ("GET https://u:p@host/x and http://h/", "GET https://********@host/x and http://h/"),
      ("a=b c:d", "a=b c:d"),
    ] {
      #expect(masker.masked(line) == masked)
    }
  }
}

struct ConfigurationTests {
  private func problem(_ host: TestHost, _ lines: String) -> String {
    do {
      _ = try host.configuration(lines)
      return "nothing was thrown"
    } catch {
      return "\(error)".replacing(host.path, with: "")
    }
  }

  @Test(
    "A bad value is told with file, line, the way to the key and what would be right",
    arguments: [
      ("    deploy_too: x", "/deploy.cfg:9: nobody here knows the key APPS.shop.deploy_too; is it deploy_to?"),
      ("    keep_releases: 0", "/deploy.cfg:9: APPS.shop.keep_releases is '0'; it wants a whole number from 1 to 1000"),
      ("    user: no-such-user", "/deploy.cfg:9: APPS.shop.user is 'no-such-user'; it wants a user of this machine"),
      (
        "    restart: systemctl restart shop",
        "/deploy.cfg:9: APPS.shop.restart.run is 'systemctl restart shop'; it wants a list of words, such as [systemctl, restart, shop]"
      ),
      (
        "    before:\n      - run: [a]\n        timeout: soon",
        "/deploy.cfg:11: APPS.shop.before[1].timeout is 'soon'; it wants a time such as 300ms, 20s, 5m or 1h"
      ),
      (
        "    before: [[a, '%{x}']]",
        "/deploy.cfg:9: APPS.shop.before[1].run is a text with %{x} in it; it wants one of %{version}, %{app}, %{environment}, %{fqdn}, %{release}"
      ),
      ("    health: {interval: 1s}", "/deploy.cfg:9: APPS.shop.health is without a check; it wants 'url' or 'run'"),
      (
        "    health: {url: ftp://x}",
        "/deploy.cfg:9: APPS.shop.health.url is 'ftp://x'; it wants an address that begins with http:// or https://"
      ),
      (
        "    shared: [../x]",
        "/deploy.cfg:9: APPS.shop.shared is '../x'; it wants paths within a release, such as config/database.yml or log/"
      ),
      (
        "    command: [x]",
        "/deploy.cfg:6: APPS.shop.artifact is of no use beside 'command'; it wants one of them alone"
      ),
      (
        "    env: {BATON_APP: x}",
        "/deploy.cfg:9: APPS.shop.env.BATON_APP is a name that is not free; it wants one without '=' that does not begin with BATON_"
      ),
      (
        "  ../x: {}",
        "/deploy.cfg:9: APPS.../x is not usable; it wants 1 to 64 letters, digits, '.', '_' and '-', beginning with a letter, a digit or '_'"
      ),
      ("  blog: {command: [x], deploy_to: x}", "nothing was thrown"),
    ])
  func bad(lines: String, expected: String) throws {
    #expect(problem(try TestHost(), lines) == expected)
  }

  @Test("An artifact's address has a version in it, and is https or a file")
  func addresses() throws {
    let host = try TestHost()
    for (url, words) in [
      ("http://x/%{version}", "begins with https:// or file:///"), ("https://x/a.tgz", "%{version} in it"),
      ("/srv/%{version}", "begins with https:// or file:///"),
    ] {
      do {
        _ = try host.configuration(text: "APPS:\n  shop:\n    deploy_to: /srv/shop\n    artifact: {url: '\(url)'}\n")
        Issue.record("\(url) was taken")
      } catch {
        #expect("\(error)".contains(words))
      }
    }
  }

  @Test("Without a list of its own the applications are those in the facts, after one pattern")
  func defaults() throws {
    let host = try TestHost()
    let configuration = try host.configuration(
      text: "APP_DEFAULTS:\n  deploy_to: /srv/%{app}\n  artifact: {url: 'https://x/%{app}-%{version}.tgz'}\n")
    #expect(configuration.apps.map(\.name) == ["shop"])
    #expect(configuration.apps.first?.releasing?.layout.path == "/srv/shop")
    #expect(configuration.apps.first?.releasing?.artifact.checksumURL.text == "https://x/shop-%{version}.tgz.sha256")
  }
}

/// What a program writes.
enum Lines {
  private actor Kept {
    private(set) var lines: [String] = []
    func add(_ line: String) { lines.append(line) }
  }

  static func of(_ program: Program) async throws -> [String] {
    let kept = Kept()
    #expect(try await program.run { await kept.add($0) }.isSuccess)
    return await kept.lines
  }
}
