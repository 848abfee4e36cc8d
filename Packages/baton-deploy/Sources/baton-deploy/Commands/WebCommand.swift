import Baton
import BatonCLI
import BatonDeployConsole
import BatonDeployControl

/// `baton-deploy web`: the console.
enum WebCommand {
  private static let listen = Option<String?>.optional(
    "listen", placeholder: "address",
    help: "Listen here (WEB_LISTEN; default: 127.0.0.1:8480); unix:/path is a socket.")

  static let command = ServiceProcess.command(
    "web", program: "baton-deploy-web", abstract: "Run the web console.",
    discussion: """
      Pages for people and an API for programs, on this machine alone: a proxy with TLS stands in front of it. When it stops, hosts that
      have been told go on; when it is back it goes on with the rollouts that it was at.
      """, files: ["/etc/baton-deploy/web.cfg"], keys: ConsoleService.keys + ["SIGN_KEY"], options: [listen.spec]
  ) { configuration, arguments in
    let service = try ConsoleService(configuration.settings, listen: try arguments[listen])
    let seal = try OperatorOptions.seal(configuration.settings.path("SIGN_KEY"), configuration)
    return { process in
      for warning in service.warnings { process.logger.warning(warning) }
      let control = DeployControl(
        broker: process.broker, by: Operator.machine, user: configuration.user, durable: configuration.durable,
        seal: seal,
        logger: process.logger)
      let (renewals, renewed) = AsyncStream.makeStream(of: ConsoleService.self)
      // Ended below, when the console has.
      let reloading = Task {
        for await _ in process.hangups {
          if let service = reload(process) { renewed.yield(service) }
        }
      }
      defer { reloading.cancel() }
      try await service.run(control, logger: process.logger, until: process.stop, renewals: renewals)
    }
  }

  /// Reads the configuration again; one that is not right changes nothing.
  private static func reload(_ process: ServiceProcess) -> ConsoleService? {
    do {
      let service = try ConsoleService(try process.reload().settings)
      for warning in service.warnings { process.logger.warning(warning) }
      process.logger.info("People and roles read again; what else has changed takes a new start")
      return service
    } catch {
      process.logger.error("Configuration not taken, the old one stays", ["reason": "\(error)"])
      return nil
    }
  }
}
