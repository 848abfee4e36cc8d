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
    ) { configuration in
      let monitor = try PingMonitor(configuration)
      return { process in
        try await monitor.run(on: process.broker, logger: process.logger, until: process.stop) { process.report($0) }
      }
    }
    Program.main(
      Command(
        program, abstract: "Listen to what comes out of baton, and tell those who must know.",
        subcommands: [
          serve, HostsCommand.command, AlertsCommand.command, SilencesCommand.command, SilenceCommand.command,
          UnsilenceCommand.command, CheckCommand.command,
        ], default: "serve"))
  }
}
