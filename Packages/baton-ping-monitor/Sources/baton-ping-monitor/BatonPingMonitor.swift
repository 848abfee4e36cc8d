import BatonCLI
import BatonPingMonitor

@main
struct BatonPingMonitor {
  static func main() {
    let program = "baton-ping-monitor"
    let serve = ServiceProcess.command(
      program: program, abstract: "Run the monitor (the default).",
      // Without a file of its own it reads that of baton-ping, as the gem's did.
      files: ["/etc/\(program)/\(program).cfg", "/etc/baton-ping/baton-ping.cfg"], keys: PingMonitor.keys
    ) { configuration in
      let monitor = try PingMonitor(configuration)
      return { process in
        await monitor.run(on: process.broker, logger: process.logger, until: process.stop) { process.report($0) }
      }
    }
    Program.main(
      Command(program, abstract: "Write down what comes out of baton.", subcommands: [serve], default: "serve"))
  }
}
