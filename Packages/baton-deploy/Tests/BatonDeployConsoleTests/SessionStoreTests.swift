import Foundation
import Testing

@testable import BatonDeployConsole

struct SessionStoreTests {
  private let gate: TestDoor
  private let mark = Fingerprint(of: "mark")
  private static let minute: Int64 = 60_000
  private var path: String { "\(gate.path)/sessions.db" }

  init() throws { gate = try TestDoor() }

  @Test("A session is found by its secret, also after a new start, and its secret is not in the file")
  func keeps() throws {
    let store = try SessionStore(path)
    let secret = try store.begin("jo", mark: mark, at: 0)
    #expect(secret.count == 64)
    let again = try SessionStore(path)
    #expect(try again.session(secret, at: 1) == Session(person: "jo", mark: mark, begun: 0, seen: 0))
    #expect(try again.session(String(secret.reversed()), at: 1) == nil)
    #expect(again.key == store.key)
    for file in ["", "-wal"] {
      let bytes = try Data(contentsOf: URL(filePath: path + file))
      #expect(bytes.range(of: Data(secret.utf8)) == nil)
    }
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }

  @Test("It ends an hour after it was used last, and twelve hours after it was begun")
  func ends() throws {
    let store = try SessionStore(path)
    let idle = try store.begin("jo", mark: mark, at: 0)
    #expect(try store.session(idle, at: 59 * Self.minute) != nil)
    #expect(try store.session(idle, at: 118 * Self.minute) != nil)
    #expect(try store.session(idle, at: 178 * Self.minute) == nil)
    let used = try store.begin("jo", mark: mark, at: 0)
    for minute in stride(from: 30, to: Int64(720), by: 30) {
      #expect(try store.session(used, at: minute * Self.minute) != nil)
    }
    #expect(try store.session(used, at: 720 * Self.minute) == nil)
  }

  @Test("One person has at most twenty; the one that was not used for the longest goes")
  func limits() throws {
    let store = try SessionStore(path)
    let secrets = try (0..<21).map { try store.begin("jo", mark: mark, at: Int64($0)) }
    let other = try store.begin("kim", mark: mark, at: 0)
    #expect(try secrets.map { try store.session($0, at: 100) != nil } == [false] + Array(repeating: true, count: 20))
    #expect(try store.session(other, at: 100) != nil)
  }

  @Test("It can be ended, once")
  func end() throws {
    let store = try SessionStore(path)
    let secret = try store.begin("jo", mark: mark, at: 0)
    #expect(try store.end(secret))
    #expect(try !store.end(secret))
    #expect(try store.session(secret, at: 0) == nil)
  }
}
