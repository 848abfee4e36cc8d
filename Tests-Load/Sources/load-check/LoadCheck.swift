import LoadLedger

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `load-check [--deploys] FOLDER`: merges the ledgers of a run and says whether the invariants of RELIABILITY hold: of one in which hosts
/// are asked 1, 5 and 6, of one with deploys 1 to 5.
///
/// `*.ledger` are of the driver and the script, `*.agent.log` and `*.monitor.log` what their names say, `secrets` the passwords, one a
/// line; every other file is something that a secret must not stand in.
@main
struct LoadCheck {
  static func main() {
    var words = Array(CommandLine.arguments.dropFirst())
    let isOfDeploys = words.first == "--deploys"
    if isOfDeploys { words.removeFirst() }
    guard words.count == 1 else {
      print("usage: load-check [--deploys] FOLDER")
      exit(64)
    }
    do {
      exit(try check(words[0], isOfDeploys) ? 0 : 1)
    } catch {
      print("load-check: \(error)")
      exit(66)
    }
  }

  private static func check(_ folder: String, _ isOfDeploys: Bool) throws -> Bool {
    var history = History()
    var secrets = Secrets([])
    var texts: [(name: String, bytes: [UInt8])] = []
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
    }
    // Ledgers first: they tell which agents were killed.
    for name in names where name.hasSuffix(".ledger") { history.addLedger(try text(name), name: name) }
    for name in names {
      if name.hasSuffix(".agent.log") {
        history.addAgent(try text(name), name: String(name.dropLast(".agent.log".count)))
      } else if name.hasSuffix(".monitor.log") {
        history.addMonitor(try text(name), name: name)
      }
      if name == "secrets" {
        secrets = Secrets(try text(name).split(separator: "\n").map(String.init))
      } else {
        texts.append((name, [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))))
      }
    }
    let findings = isOfDeploys ? findings(of: history.deploys, history) : findings(of: history, secrets, texts)
    for (title, finding) in findings {
      print("\(finding.violations.isEmpty ? "ok    " : "BROKEN") \(title)")
      for line in finding.measures { print("         \(line)") }
      for line in finding.violations { print("       ! \(line)") }
    }
    return findings.allSatisfy(\.1.violations.isEmpty)
  }

  private static func findings(
    of history: History, _ secrets: Secrets, _ texts: [(name: String, bytes: [UInt8])]
  ) -> [(String, Finding)] {
    [
      ("1: one fate for each host asked", history.fates()), ("1: confirmed and lost = 0", history.losses()),
      ("5: back within 30 s", history.recoveries()), ("5: nothing gathers", history.resources()),
      ("6: no secret anywhere", secrets.leaks(in: texts)), ("ledgers are whole", history.wholeness()),
    ]
  }

  private static func findings(of deploys: Deploys, _ history: History) -> [(String, Finding)] {
    [
      ("1 and 2: one last word for each act, done once", deploys.lastWords()),
      ("3: 'current' is always a whole release", deploys.currents()),
      ("4: one act at a time", deploys.overlaps()), ("5: back after each kill", deploys.comebacks()),
      ("5: nothing gathers", history.resources()), ("ledgers are whole", history.wholeness()),
    ]
  }
}
