public import Baton

extension Command {
  /// A command that asks the servers of environments something, and shows what they answer.
  ///
  /// The members of the request are its options: `count` is `--count`, `app_names` is `--app-names`, given once for each element, and
  /// `start` within `window` is `--window.start`.
  /// - Parameters:
  ///   - name: of the command.
  ///   - service: of the extension: `baton_ping`.
  public static func ask<R: Request>(
    _ request: R.Type, named name: String, of service: String, program: String, abstract: String
  ) -> Command {
    let members = Result { () throws(ShapeError) in
      RequestOptions(try Shape(of: request), besides: AskOptions.specs)
    }
    return Command(
      name, abstract: abstract, discussion: AskOptions.discussion,
      operands: [.init("environment", help: "production, development, …", repeats: true)],
      options: ((try? members.get())?.specs ?? []) + AskOptions.specs
    ) { arguments in
      let request = try members.get().request(R.self, arguments)
      let question = try AskOptions(arguments)
      let configuration = try CommonOptions.configuration(arguments, program: program)
      let logger = CommonOptions.logger(configuration)
      for warning in configuration.warnings { logger.warning(warning) }
      let broker = RabbitMQ(hosts: configuration.connections(name: "\(program) ask"), logger: logger)
      let api = API(service, broker: broker, user: configuration.user, durable: configuration.durable)
      return Supervisor().run { await question.ask(request, api, program: program) }
    }
  }
}

extension Service {
  /// The subcommand `ask` of a program: a word for each type of request that the service takes, and behind it the request's members.
  public func askCommand(program: String) -> Command {
    func command<R: Request>(_ request: R.Type) -> Command {
      .ask(
        request, named: R.type, of: name, program: program,
        abstract: "Send the request '\(R.type)' to the servers of environments.")
    }
    return Command("ask", abstract: "Ask servers something.", subcommands: requests.map { command($0) })
  }
}
