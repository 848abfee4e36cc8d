import Baton
import BatonDeployControl
import BatonHTTPServer
import Foundation

@testable import BatonDeployConsole

/// A door of a test's own, in a folder of its own, with a clock that the test turns.
final class TestDoor: Sendable {
  final class Time: @unchecked Sendable {
    // `value` is read and written under the lock.
    private let lock = NSLock()
    private var value: Int64 = 1_800_000_000_000

    var now: Int64 { lock.withLock { value } }
    func pass(seconds: Int64) { lock.withLock { value += seconds * 1000 } }
    func pass(minutes: Int64) { pass(seconds: minutes * 60) }
  }

  static let people = """
    WEB_PEOPLE:
      - {name: jo, role: admin}
      - {name: kim, role: deployer, apps: [shop], environments: [development, staging]}
      - {name: lee, role: viewer}
    """

  let path: String
  let time = Time()

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "baton-gate-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var passwords: PasswordFile { PasswordFile("\(path)/passwords") }
  var tokens: TokenFile { TokenFile("\(path)/tokens") }

  /// The lines with `$` for the folder.
  func settings(_ lines: String = "") throws -> PeopleSettings {
    let file = "\(path)/web.cfg"
    try Data(lines.replacing("$", with: path).utf8).write(to: URL(filePath: file))
    let configuration = try Configuration.load(file: file, environment: [:], keys: PeopleSettings.keys)
    return try PeopleSettings(configuration.settings, state: path)
  }

  /// With the password `secret` for each of the names.
  func doorkeeper(_ lines: String = "", names: [String] = ["jo"]) throws -> Doorkeeper {
    for name in names { try passwords.set(name, try PasswordHash(of: "secret")) }
    return try reopened("WEB_PASSWORDS: $/passwords\n\(Self.people)\n\(lines)")
  }

  /// As after a new start.
  func reopened(_ lines: String) throws -> Doorkeeper {
    let settings = try settings(lines)
    let times = Times(clock: ContinuousClock()) { [time] in time.now }
    return try Doorkeeper(
      settings, state: path, audit: ConsoleAudit(settings.audit, now: times.now, logger: .discarding), times: times,
      logger: .discarding)
  }

  var audit: [ConsoleAudit.Entry] {
    get throws {
      let text = (try? String(contentsOfFile: "\(path)/audit.jsonl", encoding: .utf8)) ?? ""
      return try text.split(separator: "\n").map {
        try JSONDecoder().decode(ConsoleAudit.Entry.self, from: Data($0.utf8))
      }
    }
  }
}

extension Doorkeeper {
  /// Logs in, and gives the header `Cookie` of the requests that follow.
  func cookie(_ name: String = "jo", _ request: HTTPRequest = HTTPRequest("POST", "/login")) async throws -> String {
    let cookie = try await logIn(name, password: "secret", request).cookie
    return String(cookie.prefix { $0 != ";" })
  }

  func refusal(_ request: HTTPRequest) async -> Refusal? {
    do throws(Refusal) {
      _ = try await admit(request)
      return nil
    } catch {
      return error
    }
  }

  func refusal(logIn name: String, _ password: String, _ request: HTTPRequest = HTTPRequest("POST")) async -> Refusal? {
    do throws(Refusal) {
      _ = try await logIn(name, password: password, request)
      return nil
    } catch {
      return error
    }
  }
}

extension HTTPRequest {
  static func basic(
    _ name: String, _ password: String, _ method: String = "GET", headers: [String: String] = [:], body: String = ""
  ) -> HTTPRequest {
    let text = "Basic \(Data("\(name):\(password)".utf8).base64EncodedString())"
    return HTTPRequest(
      method, "/", headers: headers.merging(["Authorization": text]) { own, _ in own }, body: [UInt8](body.utf8))
  }
}
