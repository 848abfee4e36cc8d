import Baton
import BatonCLI
import BatonDeployConsole

/// What the commands have in common that look after the console's files.
enum WebOptions {
  /// The console's own.
  static func configuration(_ arguments: Arguments) throws -> Configuration {
    try CommonOptions.configuration(
      arguments, program: "baton-deploy", files: ["/etc/baton-deploy/web.cfg"], keys: PeopleSettings.keys)
  }

  static func path(_ key: String, _ configuration: Configuration) throws -> String {
    guard let path = try configuration.settings.path(key) else {
      throw ConfigurationError(
        place: configuration.settings.file ?? "configuration", problem: "\(key) is not set",
        remedy: "name a file with it, and the configuration with -c")
    }
    return path
  }
}
