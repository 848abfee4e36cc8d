#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What this host is, and how we know: configuration first, then the facts of ohai or facter, then the system itself.
public struct Facts: Sendable {
  /// Where ohai's facts are by default.
  public static let standardFile = "/var/lib/ohai/facts.json"

  public let server: Server
  /// For each of `environment`, `fqdn` and `app_names` where it came from, for people.
  public let origins: [String: String]

  /// Throws ``ConfigurationError`` for a facts file that is named and cannot be read, or a name that cannot be used.
  public init(_ configuration: Configuration) throws(ConfigurationError) {
    let path = configuration.factsFile ?? Self.standardFile
    let facts = try FactsFile.read(path, isNamed: configuration.factsFile != nil)
    let settings = configuration.settings
    var origins: [String: String] = [:]

    func choose<Value>(
      _ name: String, _ key: String, _ configured: Value?, _ fact: Value?, _ standard: (value: Value, origin: String)
    ) -> Value {
      if let configured {
        origins[name] = "\(settings.origin(of: key))"
        return configured
      }
      origins[name] = fact == nil ? standard.origin : path
      return fact ?? standard.value
    }

    let environment = choose(
      "environment", "ENVIRONMENT", configuration.environment, facts.environment, ("development", "default"))
    let fqdn = choose("fqdn", "FQDN", configuration.fqdn, facts.fqdn, (Self.hostName, "host name"))
    let apps = choose("app_names", "APP_NAMES", configuration.appNames, facts.appNames, ([], "default"))
    do {
      server = Server(
        environment: try Names.environment(environment), fqdn: try Names.host(fqdn),
        appNames: try apps.map { app throws(InvalidName) in try Names.app(app) })
    } catch {
      throw ConfigurationError(
        place: path, problem: error.description, remedy: "correct the fact, or set ENVIRONMENT, FQDN or APP_NAMES")
    }
    self.origins = origins
  }

  /// The corresponding C function is `gethostname(2)`.
  private static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// The facts of ohai or facter that baton reads: `fqdn`, `chef_environment`, and the applications in `trebuchet`.
struct FactsFile: Decodable {
  /// Bytes; ohai's files have some hundred thousand.
  static let limit = 16 * 1024 * 1024

  var fqdn: String?
  var environment: String?
  var appNames: [String]?

  enum CodingKeys: String, CodingKey {
    case fqdn
    case environment = "chef_environment"
    case trebuchet
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    fqdn = try container.decodeIfPresent(String.self, forKey: .fqdn).flatMap { $0.isEmpty ? nil : $0 }
    environment = try container.decodeIfPresent(String.self, forKey: .environment).flatMap { $0.isEmpty ? nil : $0 }
    appNames = try container.decodeIfPresent(JSONValue.self, forKey: .trebuchet).map(Self.appNames)
  }

  /// The gem takes the keys of an object; a list of names is taken as well.
  private static func appNames(_ trebuchet: JSONValue) -> [String] {
    switch trebuchet {
    case .object(let apps): apps.keys.sorted()
    case .array(let names): names.compactMap(\.string)
    case .string(let name): [name]
    default: []
    }
  }

  /// The facts, none if there is no file and nobody named it.
  static func read(_ path: String, isNamed: Bool) throws(ConfigurationError) -> FactsFile {
    do {
      return try JSONText.decode(FactsFile.self, from: try FileBytes.read(path, limit: limit))
    } catch let error as FileBytes.Failure {
      if error.isMissing, !isNamed { return FactsFile() }
      throw ConfigurationError(place: path, problem: error.reason, remedy: "see to FACTS_FILE and the file's rights")
    } catch {
      throw ConfigurationError(
        place: path, problem: "\(error)", remedy: "it wants a JSON object as ohai or facter write it")
    }
  }
}
