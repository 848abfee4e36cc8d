public import Baton
import BatonDeployControl

/// What the console is told beside what every program of baton is told.
public struct ConsoleSettings: Sendable {
  public static let keys = [
    "WEB_LISTEN", "WEB_STATE", "WEB_CONFIRM", "WEB_SECOND_PERSON", "WEB_PLACES", "WEB_ENVIRONMENTS",
  ]

  public enum Listen: Hashable, Sendable {
    case port(host: String, Int)
    case socket(String)
  }

  public let listen: Listen
  /// The folder of what must not be forgotten.
  public let state: String
  /// Environments whose name has to be typed before anything happens there.
  let confirmed: Set<String>
  /// Environments where nothing begins before a second person has said yes.
  let secondPerson: Set<String>
  let places: [PlaceSettings]
  /// Whose hosts are asked at the start which applications they have.
  let environments: [String]

  /// - Parameter listen: goes before `WEB_LISTEN`: `127.0.0.1:8480`, `[::1]:8480`, `unix:/run/baton-deploy-web/web.sock`.
  public init(_ settings: Settings, listen: String? = nil) throws(ConfigurationError) {
    let configured = try settings.string("WEB_LISTEN")
    let text = listen ?? configured ?? "127.0.0.1:8480"
    guard let parsed = Listen(text) else {
      throw ConfigurationError(
        place: listen == nil ? "\(settings.origin(of: "WEB_LISTEN"))" : "--listen",
        problem: "'\(text)' is no address to listen on",
        remedy:
          "it wants an address of this machine alone, such as 127.0.0.1:8480 or [::1]:8480, or a socket, such as unix:/run/web.sock"
      )
    }
    self.listen = parsed
    state = try settings.path("WEB_STATE") ?? "/var/lib/baton-deploy-web"
    confirmed = try Self.environments("WEB_CONFIRM", settings) ?? ["production"]
    secondPerson = try Self.environments("WEB_SECOND_PERSON", settings) ?? []
    environments =
      try Self.environments("WEB_ENVIRONMENTS", settings)?.sorted() ?? ["development", "production", "staging", "test"]
    var places: [PlaceSettings] = []
    for entry in try settings.elements("WEB_PLACES", shorthand: "app") ?? [] {
      let place = try PlaceSettings(entry)
      guard !places.contains(where: { $0.place == place.place }) else {
        throw entry.error("app", is: "there twice: \(place.place)", wants: "each application in an environment once")
      }
      places.append(place)
    }
    self.places = places
  }

  /// The environments of a list; an empty list is not a missing one.
  private static func environments(_ key: String, _ settings: Settings) throws(ConfigurationError) -> Set<String>? {
    guard let names = try settings.list(key) else { return nil }
    var environments: Set<String> = []
    for name in names where name != "none" {
      do { environments.insert(try Names.environment(name)) } catch {
        throw settings.error(
          key, is: "not usable: \(error)", wants: "names of environments with commas between, or none")
      }
    }
    return environments
  }
}

extension ConsoleSettings.Listen: CustomStringConvertible {
  init?(_ text: String) {
    if text.hasPrefix("unix:/") {
      self = .socket(String(text.dropFirst("unix:".count)))
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else { return nil }
    let host = text[..<colon]
    let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
    guard bare.hasPrefix("127.") || bare == "::1" else { return nil }
    self = .port(host: bare, port)
  }

  /// As a person would open it.
  public var description: String {
    switch self {
    case .port(let host, let port): host.contains(":") ? "http://[\(host)]:\(port)/" : "http://\(host):\(port)/"
    case .socket(let path): "unix:\(path)"
    }
  }
}
