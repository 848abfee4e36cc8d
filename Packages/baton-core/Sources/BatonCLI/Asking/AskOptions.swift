import Baton

/// Whom to ask, how long to wait, and how to show what comes: what a command line says besides the request.
struct AskOptions: Sendable {
  private static let hosts = Option<[String]>.list(
    "host", placeholder: "fqdn", help: "Ask this host alone; may be given again for more.")
  private static let hostsFile = Option<String?>.optional(
    "hosts-file", placeholder: "path", help: "Ask the hosts in this file, one a line ('-' reads standard input).")
  private static let expect = Option<Int?>.optional(
    "expect", placeholder: "n", help: "End when so many have answered; exit with 4 if fewer do.")
  private static let wait = Option<Duration>.value(
    "wait", placeholder: "time", help: "Wait for answers at most so long (default: 2s).", default: .seconds(2))
  private static let quiet = Option<Duration?>.optional(
    "quiet", placeholder: "time", help: "End when so long no answer has come after the last one.")
  private static let legacy = Option<Bool>.flag("legacy", help: "Also hear hosts that run the Ruby gem.")
  private static let json = Option<Bool>.flag("json", help: "Write one JSON document.")
  private static let jsonLines = Option<Bool>.flag("json-lines", help: "Write one JSON object a line, as answers come.")

  static var specs: [OptionSpec] {
    [hosts.spec, hostsFile.spec, expect.spec, wait.spec, quiet.spec, legacy.spec, json.spec, jsonLines.spec]
      + CommonOptions.specs
  }

  static let discussion = """
    EXIT CODES:
      0   all who were asked answered
      1   some host answered with a failure
      2   nobody is listening there
      4   a named host, the expected number or an environment is missing
      64 usage, 69 broker unreachable, 75 broker blocked, 77 denied, 78 configuration
    """

  private let environments: [String]
  private let hosts: [String]
  private let ending: Ending
  private let legacy: Bool
  private let format: ReportFormat

  init(_ arguments: Arguments) throws {
    environments = try Self.names(arguments.operands, Names.environment)
    hosts = try Self.names(arguments[Self.hosts] + HostsFile.read(arguments[Self.hostsFile]), Names.host)
    if try arguments[Self.hostsFile] != nil, hosts.isEmpty { throw UsageError("The hosts file names no host.") }
    ending = Ending(
      deadline: try arguments[Self.wait], count: try arguments[Self.expect], quiet: try arguments[Self.quiet])
    legacy = try arguments[Self.legacy]
    format = try ReportFormat(json: arguments[Self.json], jsonLines: arguments[Self.jsonLines])
  }

  /// Asks, reports as answers come, and gives the code to exit with.
  func ask<R: Request>(_ request: R, _ api: API, program: String) async -> ExitCode {
    var report = Report(of: R.Reply.self, format, environments: environments, hosts: hosts, expected: ending.count)
    let targets = Target.each(of: environments, hosts: hosts)
    do {
      for try await answer in api.ask(request, of: targets, until: ending, legacy: legacy) { report.add(answer) }
      return report.finish()
    } catch is CancellationError {
      return report.finish()
    } catch {
      report.clear()
      return Program.report(error, program: program)
    }
  }

  /// Checked, and each once.
  private static func names(
    _ words: [String], _ check: (String) throws(InvalidName) -> String
  ) throws(UsageError) -> [String] {
    var names: [String] = []
    for word in words {
      do {
        let name = try check(word)
        if !names.contains(name) { names.append(name) }
      } catch {
        throw UsageError("\(error).")
      }
    }
    return names
  }
}
