import Baton
import BatonCLI
import BatonDeploy
import BatonDeployControl
import BatonSigning

/// What all commands of the operator take: which application, where, how long to wait.
struct OperatorOptions: Sendable {
  static let to = Option<String?>.optional(
    "to", placeholder: "environment", help: "The environment: production, development, …")
  static let hosts = Option<[String]>.list(
    "host", placeholder: "fqdn", help: "This host alone; may be given again for more.")
  static let hostsFile = Option<String?>.optional(
    "hosts-file", placeholder: "path", help: "The hosts in this file, one a line ('-' reads standard input).")
  static let wait = Option<Duration>.value(
    "wait", placeholder: "time", help: "Wait for hosts to answer at most so long (default: 2s).", default: .seconds(2))
  static let json = Option<Bool>.flag("json", help: "Write one JSON document.")
  static let jsonLines = Option<Bool>.flag("json-lines", help: "Write one JSON object a line, as things happen.")

  static let signKey = Option<String?>.optional(
    "sign-key", placeholder: "path", help: "Sign with this key, which 'baton keygen' made (SIGN_KEY).")

  /// For commands about one application in one environment.
  static let specs = [to.spec, hosts.spec, hostsFile.spec, wait.spec, signKey.spec] + CommonOptions.specs

  static let app = Command.Operand("app", help: "The application.")

  let hosts: [String]
  let wait: Duration

  init(_ arguments: Arguments) throws {
    hosts = try (arguments[Self.hosts] + HostsFile.read(arguments[Self.hostsFile])).checked(as: Names.host)
    if try arguments[Self.hostsFile] != nil, hosts.isEmpty { throw UsageError("The hosts file names no host.") }
    wait = try arguments[Self.wait]
  }

  /// The application of the first word, in the environment of `--to`.
  static func place(_ arguments: Arguments) throws -> Place {
    guard let app = arguments.operands.first else { throw UsageError("Missing expected argument '<app>'.") }
    guard let environment = try arguments[to] else {
      throw UsageError("Missing option '--to': which environment is meant?")
    }
    return Place(
      app: try [app].checked(as: Names.app)[0], environment: try [environment].checked(as: Names.environment)[0])
  }

  /// The face to the hosts that configuration and options give.
  static func control(_ arguments: Arguments, command: String) throws -> DeployControl {
    let configuration = try CommonOptions.configuration(
      arguments, program: "baton-deploy", keys: DeployConfiguration.keys)
    let seal = try seal(try arguments[signKey] ?? configuration.settings.path("SIGN_KEY"), configuration)
    let logger = CommonOptions.logger(configuration)
    for warning in configuration.warnings { logger.warning(warning) }
    let broker = RabbitMQ(hosts: configuration.connections(name: "baton-deploy \(command)"), logger: logger)
    return DeployControl(
      broker: broker, by: Operator.name, user: configuration.user, durable: configuration.durable,
      seal: seal, logger: logger)
  }

  /// Signs with the key in a file; nil without one.
  static func seal(_ path: String?, _ configuration: Configuration) throws -> Seal? {
    guard let path else { return nil }
    do {
      return .signing(with: try SigningKey(file: path))
    } catch {
      throw ConfigurationError(
        place: "\(configuration.settings.origin(of: "SIGN_KEY"))", problem: error.reason,
        remedy: "see to the path of --sign-key, or of SIGN_KEY")
    }
  }
}
