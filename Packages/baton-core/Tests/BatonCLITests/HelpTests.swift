import Testing

@testable import BatonCLI

struct HelpTests {
  private let ask = Command(
    "ask", abstract: "Ask the servers.", discussion: "EXIT CODES:\n  0   all is well",
    operands: [
      .init("environment", help: "production, development, …", repeats: true),
      .init("note", help: "Anything.", isOptional: true),
    ],
    options: [
      OptionSpec(name: "host", short: nil, placeholder: "fqdn", help: "Ask this host alone.", repeats: true),
      OptionSpec(
        name: "config-file", short: "c", placeholder: "path",
        help: "Read the configuration from this file instead of looking for it in the place where it always is.",
        repeats: false),
      OptionSpec(name: "json", short: nil, placeholder: nil, help: "Write JSON.", repeats: false),
    ]
  ) { _ in .success }

  @Test("A command: overview, usage, arguments, options, discussion, in 80 columns")
  func command() {
    let text = Help(command: ask, path: ["baton-ping", "ask"]).text
    #expect(
      text == """
        OVERVIEW: Ask the servers.

        USAGE: baton-ping ask <environment> ... [<note>] [--host <fqdn>] ... [--config-file <path>] [--json]

        ARGUMENTS:
          <environment>           production, development, …
          <note>                  Anything.

        OPTIONS:
          --host <fqdn>           Ask this host alone.
          -c, --config-file <path>
                                  Read the configuration from this file instead of
                                  looking for it in the place where it always is.
          --json                  Write JSON.
          --version               Show the version.
          -h, --help              Show help information.

        EXIT CODES:
          0   all is well

        """)
  }

  @Test("A family with a default: the default's options, and the subcommands")
  func family() {
    let serve = Command(
      "serve", abstract: "Run the service.",
      options: [OptionSpec(name: "daemonize", short: "d", placeholder: nil, help: "Hide.", repeats: false)]
    ) { _ in .success }
    let command = Command("baton-ping", abstract: "Ping.", subcommands: [serve, ask], default: "serve")
    #expect(
      Help(command: command, path: ["baton-ping"]).text == """
        OVERVIEW: Ping.

        USAGE: baton-ping [<subcommand>]

        OPTIONS:
          -d, --daemonize         Hide.
          --version               Show the version.
          -h, --help              Show help information.

        SUBCOMMANDS:
          serve (default)         Run the service.
          ask                     Ask the servers.

          See 'baton-ping <subcommand> --help' for detailed help.

        """)
  }

  @Test("A family without a default wants a subcommand")
  func noDefault() {
    let command = Command("config", abstract: "Look.", subcommands: [ask])
    let text = Help(command: command, path: ["baton", "config"]).text
    #expect(text.contains("USAGE: baton config <subcommand>\n"))
    #expect(text.contains("See 'baton config <subcommand> --help'"))
  }
}
