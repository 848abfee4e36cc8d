import Baton
import BatonCLI
import BatonPingMonitor

/// What the commands that look into a monitor's database have in common.
enum Look {
  static let json = Option<Bool>.flag("json", help: "Write one JSON document.")

  static func configuration(_ arguments: Arguments) throws -> Configuration {
    let configuration = try CommonOptions.configuration(
      arguments, program: BatonPingMonitor.program, files: BatonPingMonitor.files, keys: PingMonitor.keys)
    let logger = CommonOptions.logger(configuration)
    for warning in configuration.warnings { logger.warning(warning) }
    return configuration
  }

  /// The database of the monitor with that configuration; a command does not make one.
  static func state(_ arguments: Arguments) throws -> StateFile {
    let path = try BridgeSettings(configuration(arguments).settings).stateFile
    return try StateFile(opening: path)
  }

  static func write(_ value: some Encodable) throws {
    Output.standard.writeLine(String(decoding: try JSONText.encode(value), as: UTF8.self))
  }
}
