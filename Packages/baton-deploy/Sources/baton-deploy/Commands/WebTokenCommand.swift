import Baton
import BatonCLI
import BatonDeployConsole
import BatonDeployControl

/// `baton-deploy web-token`: which programs may use the console's API.
enum WebTokenCommand {
  private static let may = Option<[String]>.list(
    "may", placeholder: "right",
    help: "'read', or 'deploy:APP/ENVIRONMENT' with '*' for any; several times for several.")
  private static let expires = Option<Lifetime>.value(
    "expires", placeholder: "time", help: "How long it holds: 12h, 90d or 52w (default: 90d).",
    default: Lifetime(hours: 90 * 24))
  private static let list = Option<Bool>.flag("list", help: "Show which there are.")
  private static let remove = Option<Bool>.flag("remove", help: "Take it away: it is refused at once.")

  static let command = Command(
    "web-token", abstract: "Make a token for a program that uses the web console's API, show them, or take one away.",
    discussion: """
      The token goes to standard output, this once: the file of WEB_TOKENS keeps only what it takes to know it again. A running console
      reads the file again by itself.
      """,
    operands: [.init("name", help: "What the program is called, in the audit and to people.", isOptional: true)],
    options: [may.spec, expires.spec, list.spec, remove.spec] + CommonOptions.specs
  ) { arguments in
    let configuration = try WebOptions.configuration(arguments)
    let file = TokenFile(try WebOptions.path("WEB_TOKENS", configuration))
    let (isList, isRemoval) = (try arguments[list], try arguments[remove])
    if isList {
      guard arguments.operands.isEmpty, !isRemoval else { throw UsageError("--list takes nothing beside it.") }
      show(try file.tokens())
      return .success
    }
    guard let name = arguments.operands.first else { throw UsageError("Missing expected argument '<name>'.") }
    if isRemoval {
      guard try file.remove(name) else { return complain("there is no token '\(name)'") }
      return .success
    }
    return try make(name, try arguments[may], try arguments[expires], file)
  }

  private static func make(_ name: String, _ may: [String], _ lifetime: Lifetime, _ file: TokenFile) throws -> ExitCode
  {
    guard !may.isEmpty else { throw UsageError("Missing option '--may': 'read', or 'deploy:APP/ENVIRONMENT'.") }
    let now = Times.system.now()
    let made: (token: AccessToken, secret: String)
    do {
      made = try AccessToken.make(
        name: name, may: may, by: Operator.name, now: now, expires: now + lifetime.milliseconds)
    } catch {
      throw UsageError("\(error).")
    }
    guard try file.add(made.token) else {
      return complain("there is a token '\(name)' already; --remove takes it away")
    }
    Output.standard.writeLine(made.secret)
    Output.error.writeLine("It holds until \(Moment.text(made.token.expires)), and is not shown again.")
    return .success
  }

  private static func show(_ tokens: [AccessToken]) {
    guard !tokens.isEmpty else { return }
    let now = Times.system.now()
    var table = Table([.init("NAME"), .init("MAY"), .init("EXPIRES"), .init("BY")])
    for token in tokens {
      table.append([
        token.name, token.may.joined(separator: " "),
        token.expires > now ? Moment.text(token.expires) : "expired", token.by ?? "–",
      ])
    }
    Output.standard.write(table.text)
  }

  private static func complain(_ problem: String) -> ExitCode {
    Output.error.writeLine("baton-deploy: \(problem)".escapingControlCharacters)
    return .failure
  }
}

/// How long a token holds.
struct Lifetime: OptionValue {
  private static let most = 10 * 366 * 24

  let hours: Int

  var milliseconds: Int64 { Int64(hours) * 3_600_000 }

  init(hours: Int) { self.hours = hours }

  init?(optionText: String) {
    let units: [Character: Int] = ["h": 1, "d": 24, "w": 7 * 24]
    guard let unit = optionText.last.flatMap({ units[$0] }), let count = Int(optionText.dropLast()),
      (1...Self.most / unit).contains(count)
    else { return nil }
    hours = count * unit
  }

  static let wanted = "a time such as 12h, 90d or 52w, of ten years at most"
}
