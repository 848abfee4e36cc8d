import Testing

@testable import BatonCLI

/// What packages are made with, from a program's own table of options.
struct ManualTests {
  private let command = Command(
    "baton-x", abstract: "Try things.",
    subcommands: [
      Command("serve", abstract: "Run.") { _ in .success },
      Command(
        "ask", abstract: "Ask 'em.", discussion: ".dots and\n'quotes",
        operands: [.init("place", help: "Where.", repeats: true)],
        options: [
          OptionSpec(name: "hosts-file", short: "f", placeholder: "path", help: "Read [it].", repeats: false),
          OptionSpec(name: "wait", short: nil, placeholder: "time", help: "Wait.", repeats: false),
        ]
      ) { _ in .success },
      Command("config", abstract: "Look.", subcommands: [Command("show", abstract: "Show.") { _ in .success }]),
    ], default: "serve")

  @Test("The manual page has a place for each command, and nothing in it is taken for a request")
  func manual() {
    let text = Manual(command: command, version: "1.2").text(seeAlso: ["baton"])
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.starts(with: [#".TH "BATON-X" 1 "" "baton 1.2" "baton""#, ".SH NAME", #"baton\-x \- try things"#]))
    #expect(lines.contains(#"\fBbaton\-x ask\fR \fIplace\fR ... [\fIoptions\fR]"#))
    #expect(lines.contains(#"\fB\-f\fR, \fB\-\-hosts\-file\fR \fIpath\fR"#))
    #expect(lines.contains(".SH COMMAND CONFIG SHOW"))
    #expect(lines.contains(#"\&.dots and"#) && lines.contains(#"\&'quotes"#))
    #expect(lines.contains(#"\fBbaton\fR(1)"#))
  }

  @Test("It exits as the help says, and each code stands once")
  func exitStatus() {
    let text = Manual(command: command, version: "1.2").text(seeAlso: [])
    for code in [0, 1, 2, 4, 64, 69, 71, 73, 75, 77, 78, 130] {
      #expect(text.split(separator: "\n").count { $0 == "\\fB\(code)\\fR" } == 1)
    }
  }

  @Test("Both are printed on request, and a shell that is not known is a usage error")
  func hidden() {
    #expect(Program.run(command, words: ["--generate-completion-script", "tcsh"]) == .usage)
    #expect(Program.run(command, words: ["--generate-completion-script"]) == .usage)
  }
}
