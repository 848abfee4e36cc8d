import Baton
import Foundation
import Testing

@testable import BatonDeployConsole

struct ConsoleAuditTests {
  @Test("Each act is a line, for its owner alone, and nothing in it makes another")
  func writes() throws {
    let gate = try TestDoor()
    let path = "\(gate.path)/audit.jsonl"
    let audit = ConsoleAudit(path, now: { 1_800_000_000_000 }, logger: .discarding)
    audit.write(.init(who: "jo", client: "10.0.0.1", act: "deploy", place: "shop in production", rollout: "r1"))
    let reason = "\u{1B}[2K\n\u{85}" + String(repeating: "x", count: 2000)
    audit.write(.init(who: nil, client: "unix", act: "log-in", isPermitted: false, reason: reason))
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines[0]
        == #"{"act":"deploy","client":"10.0.0.1","permitted":true,"place":"shop in production","rollout":"r1","time":"2027-01-15T08:00:00.000Z","who":"jo"}"#
    )
    #expect(lines[1].utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    #expect(lines[1].utf8.count < 700)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }

  @Test("One that cannot be written is in the log")
  func fails() throws {
    let gate = try TestDoor()
    let log = "\(gate.path)/log"
    let sink = LogSink { line in try? Data(line.utf8).write(to: URL(filePath: log)) }
    let audit = ConsoleAudit("\(gate.path)/none/audit.jsonl", now: { 0 }, logger: Logger(to: sink))
    audit.write(.init(who: "jo", client: "unix", act: "deploy"))
    #expect(try String(contentsOfFile: log, encoding: .utf8).contains("Cannot write the audit"))
  }
}
