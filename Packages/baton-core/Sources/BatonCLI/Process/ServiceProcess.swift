public import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A long-running process of baton: what it was told, where it logs, and when it has to stop.
public struct ServiceProcess: Sendable {
  public let configuration: Configuration
  public let logger: Logger
  /// Requested by SIGTERM and SIGINT.
  public let stop: StopSignal
  /// The executable's name, for the broker's list of connections.
  public let name: String
  /// One for each SIGHUP; for a program that then reads its configuration again, by ``reload``.
  public let hangups: AsyncStream<Void>
  /// The configuration as it stands now in the files that it was read from at the start.
  public let reload: @Sendable () throws -> Configuration
  private let notifier: Notifier

  /// RabbitMQ as it was configured.
  public var broker: RabbitMQ { RabbitMQ(hosts: configuration.connections(name: name), logger: logger) }

  /// Tells systemd what `systemctl status` shows.
  public func report(_ status: Agent.Status) {
    switch status {
    case .listening(let consumers, let address):
      let place = address.map { " to \($0)" } ?? ""
      notifier.status("connected\(place), \(consumers) \(consumers == 1 ? "consumer" : "consumers")")
    case .blocked(let reason): notifier.status("connected, but the broker takes no messages: \(reason)")
    case .disconnected(let reason): notifier.status("not connected, trying again: \(reason)")
    }
  }
}

extension ServiceProcess {
  /// A subcommand that runs until it is told to stop; `serve` unless it has another name.
  ///
  /// - Parameters:
  ///   - program: the executable's name, or another for what is to have a pid file and a name at the broker of its own.
  ///   - files: where its configuration is if no option says so; `/etc/<program>/<program>.cfg` unless given.
  ///   - keys: what it knows beside ``Configuration/keys``.
  ///   - prepare: checks what only this program needs, before it daemonizes; gives what runs until the stop. What that throws is logged,
  ///     and ends the process with 71.
  public static func command(
    _ name: String = "serve", program: String, abstract: String, discussion: String = "", files: [String]? = nil,
    keys: [String] = [], options: [OptionSpec] = [],
    prepare: @escaping @Sendable (Configuration, Arguments) throws -> @Sendable (ServiceProcess) async throws -> Void
  ) -> Command {
    Command(
      name, abstract: abstract, discussion: discussion, options: options + CommonOptions.specs + [daemonize.spec]
    ) { arguments in
      let configuration = try CommonOptions.configuration(arguments, program: program, files: files, keys: keys)
      // A daemon leaves the folder that a relative path is meant from.
      let file = configuration.settings.file.map(Settings.absolute)
      let body = try prepare(configuration, arguments)
      // Nothing above has started a thread; nothing may, before this.
      let daemon = try arguments[daemonize] ? Daemon.detach(program, log: configuration.logFile) : nil
      do {
        let reload = { @Sendable in
          try CommonOptions.configuration(arguments, program: program, files: files, keys: keys, file: file)
        }
        return try run(program, configuration, reload: reload, daemon, body)
      } catch {
        guard let daemon else { throw error }
        daemon.fail(error)
      }
    }
  }

  static let daemonize = Option<Bool>.flag("daemonize", short: "d", help: "Run in the background, with a pid file.")

  private static func run(
    _ program: String, _ configuration: Configuration, reload: @escaping @Sendable () throws -> Configuration,
    _ daemon: Daemon?,
    _ body: @escaping @Sendable (ServiceProcess) async throws -> Void
  ) throws -> ExitCode {
    let path = configuration.pidFile ?? (daemon == nil ? nil : "/run/\(program).pid")
    let pidFile: PIDFile? = if let path { try PIDFile(path) } else { nil }
    let environment = CommonOptions.environment
    let sink =
      try configuration.logFile.map(LogSink.file) ?? .standardError(journal: environment["JOURNAL_STREAM"] != nil)
    let logger = Logger(to: sink, format: configuration.logFormat, level: configuration.logLevel)
    let notifier = Notifier(environment: environment)
    let (hangups, hangup) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let process = ServiceProcess(
      configuration: configuration, logger: logger, stop: StopSignal(), name: program, hangups: hangups, reload: reload,
      notifier: notifier)
    for warning in configuration.warnings { logger.warning(warning) }
    logger.info("Started", ["program": program, "version": Program.version, "pid": "\(getpid())"])
    signal(SIGPIPE, SIG_IGN)
    let code = Supervisor(notifier: notifier, savesMemory: true).run {
      logger.info("Stopping")
      process.stop.request()
    } hangup: {
      do { try sink.reopen() } catch { logger.error("\(error)") }
      logger.info("Log reopened")
      hangup.yield()
    } body: {
      daemon?.ready()
      notifier.ready()
      do {
        try await body(process)
        return .success
      } catch {
        logger.error("Cannot go on", ["reason": "\(error)"])
        return .system
      }
    }
    logger.info("Stopped")
    // Held until here: the file goes when the service has gone.
    _ = consume pidFile
    return code
  }
}
