import AMQP
import Baton
import BatonCLI
import Doctor

/// `baton doctor`: what is wrong between this host and an answer, and what to do about it.
enum DoctorCommand {
  private static let role = Option<String?>.optional(
    "role", placeholder: "role",
    help: "What the user has to be fit for: agent, api or monitor (default: as the file's name says).")
  private static let extensions = Option<[String]>.list(
    "extension", placeholder: "name", help: "For this extension (default: as the file's name says); may be given again."
  )
  private static let json = Option<Bool>.flag("json", help: "Write one JSON document.")

  private static let files = ["baton", "baton-ping", "baton-ping-monitor", "baton-deploy"].map {
    "/etc/\($0)/\($0).cfg"
  }

  static let command = Command(
    "doctor", abstract: "Look for what is wrong between this host and an answer, and say what to do.",
    discussion: """
      It changes nothing. Without '--config-file' it reads the first of
      \(files.joined(separator: ", ")).

      EXIT CODES:
        0   all is well, or there are warnings alone
        1   something failed
        78  the configuration cannot be read
      """,
    options: [role.spec, extensions.spec, json.spec] + CommonOptions.specs
  ) { arguments in
    let configuration = try CommonOptions.configuration(arguments, program: "baton", files: files)
    let name = configuration.settings.file?.split(separator: "/").last.map(String.init) ?? "baton.cfg"
    let patient = Patient(
      program: name.hasSuffix(".cfg") ? String(name.dropLast(4)) : "baton",
      role: try arguments[role].map(parse),
      extensions: try arguments[extensions].map { name in
        do { return try Names.app(name.hasPrefix("baton_") ? name : "baton_\(name)") } catch {
          throw UsageError("\(error).")
        }
      })
    let asJSON = try arguments[json]
    let findings = Locked<[Finding]>([])
    return Supervisor().run {
      let worst = await Doctor(patient, configuration: configuration) { finding in
        if asJSON { findings.withLock { $0.append(finding) } } else { show(finding) }
      }.run()
      if asJSON {
        do {
          Output.standard.writeLine(String(decoding: try JSONText.encode(findings.withLock { $0 }), as: UTF8.self))
        } catch {
          return Program.report(error, program: "baton")
        }
      }
      return worst == .failed ? .failure : .success
    }
  }

  private static func parse(_ word: String) throws(UsageError) -> Patient.Role {
    guard let role = Patient.Role(rawValue: word) else { throw UsageError("'\(word)' is none of agent, api, monitor.") }
    return role
  }

  private static func show(_ finding: Finding) {
    let status = finding.status.rawValue
    let line = "\(status)\(String(repeating: " ", count: 9 - status.count))\(finding.check): \(finding.detail)"
    Output.standard.writeLine(line.escapingControlCharacters)
    if let remedy = finding.remedy { Output.standard.writeLine("         → \(remedy)".escapingControlCharacters) }
  }
}
