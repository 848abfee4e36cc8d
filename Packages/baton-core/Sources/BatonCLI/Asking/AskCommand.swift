import Baton
import BatonCLI
import BatonPing

/// `baton-ping ask`: who is there?
enum AskCommand {
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

  static let command = Command(
    "ask", abstract: "Ask the servers of environments whether they are there.",
    discussion: """
      EXIT CODES:
        0   all who were asked answered
        1   some host answered with a failure
        2   nobody is listening there
        4   a named host, the expected number or an environment is missing
        64 usage, 69 broker unreachable, 75 broker blocked, 77 denied, 78 configuration
      """,
    operands: [.init("environment", help: "production, development, …", repeats: true)],
    options: [
      hosts.spec, hostsFile.spec, expect.spec, wait.spec, quiet.spec, legacy.spec, json.spec, jsonLines.spec,
    ] + CommonOptions.specs
  ) { arguments in
    let environments = try names(arguments.operands, Names.environment)
    let hosts = try names(arguments[hosts] + HostsFile.read(arguments[hostsFile]), Names.host)
    if try arguments[hostsFile] != nil, hosts.isEmpty { throw UsageError("The hosts file names no host.") }
    let ending = Ending(deadline: try arguments[wait], count: try arguments[expect], quiet: try arguments[quiet])
    let legacy = try arguments[legacy]
    let format = try ReportFormat(json: arguments[json], jsonLines: arguments[jsonLines])
    let configuration = try CommonOptions.configuration(arguments, program: "baton-ping")
    let logger = CommonOptions.logger(configuration)
    for warning in configuration.warnings { logger.warning(warning) }
    let broker = RabbitMQ(hosts: configuration.connections(name: "baton-ping ask"), logger: logger)
    let api = PingAPI(broker: broker, user: configuration.user, durable: configuration.durable)
    return Supervisor().run {
      var report = Report(format: format, environments: environments, hosts: hosts, expected: ending.count)
      do {
        for try await answer in api.ping(environments, hosts: hosts, until: ending, legacy: legacy) {
          report.add(answer)
        }
        return report.finish()
      } catch is CancellationError {
        return report.finish()
      } catch {
        report.clear()
        return Program.report(error, program: "baton-ping")
      }
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
