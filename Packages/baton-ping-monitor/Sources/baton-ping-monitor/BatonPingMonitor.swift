import Baton
import BatonCLI
import BatonPingMonitor

@main
struct BatonPingMonitor {
  static let program = "baton-ping-monitor"
  /// Without a file of its own it reads that of baton-ping, as the gem's did.
  static let files = ["/etc/\(program)/\(program).cfg", "/etc/baton-ping/baton-ping.cfg"]

  static func main() {
    let serve = ServiceProcess.command(
      program: program, abstract: "Run the monitor (the default).", files: files, keys: PingMonitor.keys
    ) { configuration, _ in
      let monitor = try PingMonitor(configuration)
      return { process in try await run(monitor, process) }
    }
    Program.main(
      Command(
        program, abstract: "Listen to what comes out of baton, and tell those who must know.",
        subcommands: [
          serve, HostsCommand.command, AlertsCommand.command, SilencesCommand.command, SilenceCommand.command,
          UnsilenceCommand.command, CheckCommand.command,
        ], default: "serve"))
  }

  private static func run(_ monitor: PingMonitor, _ process: ServiceProcess) async throws {
    for warning in monitor.warnings { process.logger.warning(warning) }
    let (renewals, renewed) = AsyncStream.makeStream(of: PingMonitor.self)
    // Ended below, when the monitor has.
    let reloading = Task {
      for await _ in process.hangups {
        if let other = reload(monitor, process) { renewed.yield(other) }
      }
    }
    defer { reloading.cancel() }
    try await monitor.run(on: process.broker, logger: process.logger, until: process.stop, renewals: renewals) {
      process.report($0)
    }
  }

  /// Reads the configuration again; one that is not right changes nothing.
  private static func reload(_ monitor: PingMonitor, _ process: ServiceProcess) -> PingMonitor? {
    do {
      let configuration = try process.reload()
      let other = try PingMonitor(configuration)
      for warning in configuration.warnings + other.warnings { process.logger.warning(warning) }
      let keys = monitor.keysOfNewStart(for: other)
      if !keys.isEmpty {
        process.logger.warning("Some keys take a new start", ["keys": keys.joined(separator: " ")])
      }
      process.logger.info("Configuration read again")
      return other
    } catch {
      process.logger.error("Configuration not taken, the old one stays", ["reason": "\(error)"])
      return nil
    }
  }
}
