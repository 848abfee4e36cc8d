import Baton
import BatonCLI
import BatonDeploy

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `baton-deploy serve`: the agent.
enum ServeCommand {
  /// How long acts may go on after a stop; then they are taken back, for which they have ``settling``.
  private static let patience = Duration.seconds(45)
  private static let settling = Duration.seconds(30)

  static let command = ServiceProcess.command(
    program: "baton-deploy", abstract: "Run the agent (the default).", keys: DeployConfiguration.keys
  ) { configuration, _ in
    let facts = try Facts(configuration).server
    let deploying = try DeployConfiguration(configuration, on: facts)
    let server = deploying.naming(facts)
    try Desk.check(deploying, on: server)
    return { process in
      do {
        try await run(process, deploying, on: server)
      } catch {
        process.logger.error("Cannot serve", ["error": "\(error)"])
      }
    }
  }

  private static func run(
    _ process: ServiceProcess, _ configuration: DeployConfiguration, on server: Server
  ) async throws {
    let desk = try Desk(configuration, on: server, surroundings: surroundings, logger: process.logger)
    for warning in configuration.warnings { process.logger.warning(warning) }
    let service = DeployService(configuration, desk: desk)
    let renewal = Renewal(service)
    let agent = Agent(
      service, on: server, broker: process.broker, observers: [LogObserver(logger: process.logger)],
      logger: process.logger, durable: process.configuration.durable, patience: patience)
    // Ended below, when the agent has.
    let reloading = Task {
      for await _ in process.hangups { await reload(process, desk, renewal, on: server) }
    }
    await agent.run(until: process.stop, renewal: renewal) { process.report($0) }
    reloading.cancel()
    await desk.settle(limit: settling)
  }

  /// Reads the configuration again; one that is not right changes nothing.
  private static func reload(_ process: ServiceProcess, _ desk: Desk, _ renewal: Renewal, on server: Server) async {
    do {
      let configuration = try DeployConfiguration(try process.reload(), on: server)
      for warning in configuration.warnings { process.logger.warning(warning) }
      await desk.reconfigure(configuration)
      renewal.renew(DeployService(configuration, desk: desk))
      process.logger.info("Configuration read again", ["apps": configuration.apps.map(\.name).joined(separator: " ")])
    } catch {
      process.logger.error("Configuration not taken, the old one stays", ["error": "\(error)"])
    }
  }

  private static var surroundings: Surroundings {
    var surroundings = Surroundings(unpacker: [executable, "unpack"])
    #if DEBUG
      // Only in a build for tests: ends the process, as a kill -9 would, at a point that is named.
      if let point = CommonOptions.environment["BATON_DEPLOY_DIE_AT"] {
        surroundings.failpoint = { if $0 == point { kill(getpid(), SIGKILL) } }
      }
    #endif
    return surroundings
  }

  /// This program's own file, or the newer one that has taken its place: then the kernel adds a word to the name.
  private static var executable: String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { chars in
        chars.baseAddress.map { readlink("/proc/self/exe", $0, chars.count) } ?? -1
      }
    }
    guard count > 0 else { return CommandLine.arguments.first ?? "baton-deploy" }
    let path = String(decoding: buffer.prefix(count), as: UTF8.self)
    return path.hasSuffix(" (deleted)") ? String(path.dropLast(" (deleted)".count)) : path
  }
}
