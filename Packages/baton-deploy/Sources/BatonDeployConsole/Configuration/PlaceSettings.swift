import Baton
import BatonDeployControl

/// What the configuration says of an application in an environment.
struct PlaceSettings: Sendable {
  let place: Place
  /// Hosts that belong there, whether they have ever been heard of or not.
  let hosts: [String]
  /// Where the versions are listed that there are to deploy.
  let versions: VersionSource?

  init(_ entry: Settings) throws(ConfigurationError) {
    try entry.checkKeys(["app", "environment", "hosts", "versions_command", "versions_url"])
    place = Place(
      app: try Self.name("app", in: entry, Names.app),
      environment: try Self.name("environment", in: entry, Names.environment))
    var hosts: [String] = []
    for host in try entry.list("hosts") ?? [] {
      do { hosts.append(try Names.host(host)) } catch {
        throw entry.error("hosts", is: "not usable: \(error)", wants: "names of hosts with commas between")
      }
    }
    self.hosts = hosts
    let (command, url) = (try entry.words("versions_command"), try entry.string("versions_url"))
    guard command == nil || url == nil else {
      throw entry.error("versions_url", is: "there beside versions_command", wants: "one of the two")
    }
    versions = command.map(VersionSource.command) ?? url.map(VersionSource.url)
  }

  private static func name(
    _ key: String, in entry: Settings, _ check: (String) throws(InvalidName) -> String
  ) throws(ConfigurationError) -> String {
    guard let text = try entry.string(key) else {
      throw ConfigurationError(
        place: "\(entry.origin(of: entry.keys.first ?? key))", problem: "'\(key)' is missing",
        remedy: "each of WEB_PLACES wants an app and an environment")
    }
    do { return try check(text) } catch { throw entry.error(key, is: "not usable: \(error)", wants: error.rule) }
  }
}
