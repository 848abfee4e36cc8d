import Baton
import BatonCLI
import BatonPingMonitor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `baton-ping-monitor silence`: tell nobody of alerts that match, for a while.
enum SilenceCommand {
  private static let time = Option<Duration>.value(
    "for", placeholder: "time", help: "How long (default: 1h).", default: .seconds(3600))
  private static let reason = Option<String?>.optional("why", placeholder: "text", help: "For those who wonder.")
  private static let by = Option<String?>.optional("by", placeholder: "name", help: "By whom (default: the user).")
  private static let untilResolved = Option<Bool>.flag(
    "expire-on-resolve", help: "End it when all that it has silenced is over.")

  static let command = Command(
    "silence", abstract: "Tell nobody of alerts that match all of the matchers, for a while.",
    discussion: """
      A matcher is FIELD=PATTERN or FIELD!=PATTERN, with * and ? in the pattern as shells have them; fields are
      \(Matcher.Field.allCases.map(\.rawValue).joined(separator: ", ")).
      It writes the silence's id, for 'unsilence'. The monitor takes it up within a second.
      """,
    operands: [.init("matcher", help: "host=web*.example, alert=HostSilent, …", repeats: true)],
    options: [time.spec, reason.spec, by.spec, untilResolved.spec, Look.json.spec] + CommonOptions.specs
  ) { arguments in
    var matchers: [Matcher] = []
    for word in arguments.operands {
      do { matchers.append(try Matcher(word)) } catch { throw UsageError("\(error).".escapingControlCharacters) }
    }
    let now = SteadyClock().now
    let user = getenv("SUDO_USER") ?? getenv("USER")
    let silence = Silence(
      id: String(UInt32.random(in: 0...UInt32.max), radix: 36), matchers: matchers, startsAt: now,
      endsAt: now + (try arguments[time]),
      by: try arguments[by] ?? user.map { String(cString: $0) } ?? "uid \(getuid())",
      reason: try arguments[reason] ?? "", expiresOnResolve: try arguments[untilResolved])
    try Look.state(arguments).add(silence)
    if try arguments[Look.json] {
      try Look.write(SilenceView(silence, at: now))
    } else {
      Output.standard.writeLine(silence.id)
    }
    return .success
  }
}

/// `baton-ping-monitor silences`: what is silenced, until when, by whom and why.
enum SilencesCommand {
  private static let all = Option<Bool>.flag("all", help: "Also those that are over, of the last week.")

  static let command = Command(
    "silences", abstract: "Show what is silenced.", options: [all.spec, Look.json.spec] + CommonOptions.specs
  ) { arguments in
    let now = SteadyClock().now
    let isAll = try arguments[all]
    let silences = try Look.state(arguments).silences().filter { isAll || $0.endsAt > now }
    guard try !arguments[Look.json] else {
      try Look.write(silences.map { SilenceView($0, at: now) })
      return .success
    }
    var table = Table([
      .init("ID"), .init("MATCHERS"), .init("UNTIL"), .init("BY"), .init("WHY"),
    ])
    for silence in silences {
      let until = silence.endsAt.text + (silence.expiresOnResolve ? " or resolved" : "")
      table.append([
        silence.id, silence.matchers.map(\.text).joined(separator: " "), until, silence.by, silence.reason,
      ])
    }
    Output.standard.write(table.text)
    return .success
  }
}

/// `baton-ping-monitor unsilence`: end silences.
enum UnsilenceCommand {
  static let command = Command(
    "unsilence", abstract: "End silences; what is still wrong is told now.",
    operands: [.init("id", help: "as 'silences' shows it", repeats: true)], options: CommonOptions.specs
  ) { arguments in
    let state = try Look.state(arguments)
    let now = SteadyClock().now
    var code = ExitCode.success
    for id in arguments.operands where try state.endSilence(id, at: now) == nil {
      Output.error.writeLine("There is no silence '\(id)' in force.".escapingControlCharacters)
      code = .failure
    }
    return code
  }
}

/// A silence as JSON.
private struct SilenceView: Encodable {
  let id: String
  let matchers: [String]
  let startsAt: String
  let endsAt: String
  let isInForce: Bool
  let by: String
  let reason: String
  let expiresOnResolve: Bool

  init(_ silence: Silence, at now: Moment) {
    id = silence.id
    matchers = silence.matchers.map(\.text)
    startsAt = silence.startsAt.text
    endsAt = silence.endsAt.text
    isInForce = silence.isInForce(at: now)
    by = silence.by
    reason = silence.reason
    expiresOnResolve = silence.expiresOnResolve
  }

  enum CodingKeys: String, CodingKey {
    case id, matchers, by
    case startsAt = "starts_at"
    case endsAt = "ends_at"
    case isInForce = "in_force"
    case reason = "why"
    case expiresOnResolve = "expire_on_resolve"
  }
}
