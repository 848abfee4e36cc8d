import Testing

@testable import BatonCLI

extension ParsingTests {
  struct CommandParserTests {
    private static let file = Option<String?>.optional("config-file", short: "c", placeholder: "path", help: "A file.")
    private static let daemonize = Option<Bool>.flag("daemonize", short: "d", help: "In the background.")
    private static let host = Option<[String]>.list("host", placeholder: "fqdn", help: "A host.")
    private static let json = Option<Bool>.flag("json", help: "JSON.")
    private static let jsonLines = Option<Bool>.flag("json-lines", help: "JSON lines.")
    private static let wait = Option<Duration>.value(
      "wait", short: "w", placeholder: "time", help: "How long.", default: .seconds(2))

    private static let serve = Command(
      "serve", abstract: "Run.", options: [file.spec, daemonize.spec]
    ) { _ in .success }
    private static let ask = Command(
      "ask", abstract: "Ask.", operands: [.init("environment", help: "Where.", repeats: true)],
      options: [host.spec, json.spec, jsonLines.spec, wait.spec, file.spec]
    ) { _ in .success }
    private static let rename = Command(
      "rename", abstract: "Rename.",
      operands: [.init("old", help: "From."), .init("new", help: "To.", isOptional: true)]
    ) { _ in .success }
    /// Runs `serve` unless told otherwise, as `baton-ping` does.
    private static let ping = Command("ping", abstract: "Ping.", subcommands: [serve, ask, rename], default: "serve")
    /// Must be told what to run, as `baton` must.
    private static let tool = Command(
      "tool", abstract: "Tool.",
      subcommands: [ask, rename, Command("config", abstract: "Look.", subcommands: [serve])])

    /// What a line comes to: `ask -c=x a b`, `help of ping serve`, `version`, or `usage error of ping: …`.
    private func parse(_ line: String, as command: Command = ping) -> String {
      do throws(LocatedUsageError) {
        switch try CommandParser.parse(line.split(separator: " ").map(String.init), as: command) {
        case .help(_, let path): return "help of \(path.joined(separator: " "))"
        case .version: return "version"
        case .run(let command, _, let arguments):
          let options = arguments.values.sorted { $0.key < $1.key }.flatMap { name, values in
            values.map { $0.isEmpty ? "--\(name)" : "--\(name)=\($0)" }
          }
          return ([command.name] + options + arguments.operands).joined(separator: " ")
        }
      } catch {
        return "usage error of \(error.path.joined(separator: " ")): \(error.error)"
      }
    }

    @Test(
      "Options in all the ways that getopt_long knows",
      arguments: [
        ("ask a", "ask a"), ("ask --json a", "ask --json a"), ("ask a --json", "ask --json a"),
        ("ask --wait 5s a", "ask --wait=5s a"), ("ask --wait=5s a", "ask --wait=5s a"),
        ("ask -w 5s a", "ask --wait=5s a"), ("ask -w5s a", "ask --wait=5s a"), ("ask --wa 5s a", "ask --wait=5s a"),
        ("ask --wai=5s a", "ask --wait=5s a"), ("ask --json-l a", "ask --json-lines a"),
        ("ask --host a --host=b c", "ask --host=a --host=b c"), ("ask -- --json", "ask --json"),
        ("ask a -- -w b", "ask a -w b"), ("ask - a", "ask - a"), ("serve -dc x", "serve --config-file=x --daemonize"),
        ("serve -dcx", "serve --config-file=x --daemonize"), ("ask --wait=--json a", "ask --wait=--json a"),
        ("ask -w -1 a", "ask --wait=-1 a"), ("rename a", "rename a"), ("rename a b", "rename a b"),
      ])
    func options(line: String, expected: String) {
      #expect(parse(line) == expected)
    }

    @Test(
      "The default subcommand runs when none is named, with its own options, and a name may stand behind options",
      arguments: [
        ("", "serve"), ("-d", "serve --daemonize"), ("-c x", "serve --config-file=x"),
        ("-d -c x", "serve --config-file=x --daemonize"), ("-dc x", "serve --config-file=x --daemonize"),
        ("-dcx", "serve --config-file=x --daemonize"), ("--config-file x -d", "serve --config-file=x --daemonize"),
        ("--config-file=x", "serve --config-file=x"), ("--config x", "serve --config-file=x"), ("--", "serve"),
        ("-c x serve -d", "serve --config-file=x --daemonize"), ("-dc x serve", "serve --config-file=x --daemonize"),
        ("--config x serve", "serve --config-file=x"), ("-c x ask a", "ask --config-file=x a"),
        ("-c serve", "serve --config-file=serve"), ("-c ask ask a", "ask --config-file=ask a"),
        ("--json ask a", "ask --json a"), ("--wait 5s ask a", "ask --wait=5s a"), ("-w5s ask a", "ask --wait=5s a"),
      ])
    func defaultSubcommand(line: String, expected: String) {
      #expect(parse(line) == expected)
    }

    @Test(
      "A family without a default wants a name, and finds it behind options",
      arguments: [
        ("ask a", "ask a"), ("-c x ask a", "ask --config-file=x a"), ("config serve -d", "serve --daemonize"),
        ("-c x config serve", "serve --config-file=x"),
        ("", "usage error of tool: Missing subcommand: one of ask, rename, config."),
        ("-c x", "usage error of tool: Missing subcommand: one of ask, rename, config."),
        ("config", "usage error of tool config: Missing subcommand: one of serve."),
        ("--jso", "usage error of tool: '--jso' could be '--json' or '--json-lines'."),
        ("--colour", "usage error of tool: Unknown option '--colour'."),
        ("aks a", "usage error of tool: Unknown subcommand 'aks'."),
        ("renam a", "usage error of tool: Unknown subcommand 'renam'. Did you mean 'rename'?"),
        ("config sevre", "usage error of tool config: Unknown subcommand 'sevre'."),
        ("config serv", "usage error of tool config: Unknown subcommand 'serv'. Did you mean 'serve'?"),
      ])
    func family(line: String, expected: String) {
      #expect(parse(line, as: Self.tool) == expected)
    }

    @Test(
      "Help and version at each level",
      arguments: [
        ("-h", "help of tool"), ("--help", "help of tool"), ("--hel", "help of tool"), ("--version", "version"),
        ("-c x --help", "help of tool"), ("ask -h", "help of tool ask"), ("ask --help a", "help of tool ask"),
        ("ask a --help", "help of tool ask"), ("-h ask", "help of tool ask"), ("ask --version", "version"),
        ("config --help", "help of tool config"), ("config serve -dh", "help of tool config serve"),
        ("rename -h --nothing", "usage error of tool rename: Unknown option '--nothing'."),
      ])
    func help(line: String, expected: String) {
      #expect(parse(line, as: Self.tool) == expected)
    }

    @Test(
      "Help of a family with a default is the family's, whatever stands beside it",
      arguments: [
        ("-h", "help of ping"), ("--help", "help of ping"), ("-d --help", "help of ping"), ("-dh", "help of ping"),
        ("-c x -h", "help of ping"), ("-c -h", "serve --config-file=-h"), ("serve -h", "help of ping serve"),
        ("ask -h", "help of ping ask"), ("-d --version", "version"), ("--vers", "version"),
        ("nonsense --help", "usage error of ping: Unknown subcommand 'nonsense'."),
      ])
    func defaultHelp(line: String, expected: String) {
      #expect(parse(line) == expected)
    }

    @Test(
      "What is wrong is named, with what may be meant",
      arguments: [
        ("ask --wayt 5s a", "usage error of ping ask: Unknown option '--wayt'. Did you mean '--wait'?"),
        ("ask --nothing a", "usage error of ping ask: Unknown option '--nothing'."),
        ("ask -x a", "usage error of ping ask: Unknown option '-x'."),
        ("ask a -jx", "usage error of ping ask: Unknown option '-j'."),
        ("ask --js a", "usage error of ping ask: '--js' could be '--json' or '--json-lines'."),
        ("ask --json=yes a", "usage error of ping ask: '--json' takes no value."),
        ("ask a --wait", "usage error of ping ask: Missing value for '--wait'."),
        ("ask a -w", "usage error of ping ask: Missing value for '-w'."),
        ("-c", "usage error of ping: Missing value for '-c'."),
        ("ask", "usage error of ping ask: Missing expected argument '<environment>'."),
        ("rename", "usage error of ping rename: Missing expected argument '<old>'."),
        ("rename a b c", "usage error of ping rename: Unexpected argument 'c'."),
        ("--json", "usage error of ping serve: Unknown option '--json'."),
        ("serve a", "usage error of ping serve: Unexpected argument 'a'."),
        ("srve", "usage error of ping: Unknown subcommand 'srve'. Did you mean 'serve'?"),
        ("--deamonize", "usage error of ping: Unknown option '--deamonize'. Did you mean '--daemonize'?"),
      ])
    func mistakes(line: String, expected: String) {
      #expect(parse(line) == expected)
    }

    @Test("A word from outside cannot forge lines of the message", arguments: ["--x\n\u{1B}[2J", "ask\n\u{1B}[2J"])
    func escaped(word: String) {
      do throws(LocatedUsageError) {
        _ = try CommandParser.parse([word], as: Self.tool)
        Issue.record("it was taken")
      } catch {
        #expect(error.error.description.contains(#"\n\u{1b}[2J"#))
      }
    }

    @Test("Empty words are operands like others")
    func emptyWords() throws {
      guard case .run(_, _, let arguments) = try CommandParser.parse(["rename", "", ""], as: Self.ping) else {
        Issue.record("it was not run")
        return
      }
      #expect(arguments.operands == ["", ""])
    }
  }
}

/// All that parses command lines, one after the other: getopt keeps its state in globals of the process.
@Suite(.serialized)
enum ParsingTests {}
