public import BatonCLI
public import BatonDeployControl

extension Portion: OptionValue {
  public init?(optionText: String) { self.init(text: optionText) }
  public static var wanted: String { "a number of hosts, or a percentage such as 25%" }
}

/// How carefully, and whether to ask first.
struct RolloutOptions: Sendable {
  private static let canary = Option<Int?>.optional(
    "canary", placeholder: "n", help: "So many hosts go first, and all of them must succeed before any other begins.")
  private static let wave = Option<Portion>.value(
    "wave", placeholder: "n|n%",
    help: "At most so many hosts at once; the next begins when one has ended (default: 25%).",
    default: .percent(25))
  private static let pause = Option<Duration>.value(
    "pause", placeholder: "time", help: "After each host leave its place empty for so long.", default: .zero)
  private static let maxFailures = Option<Portion>.value(
    "max-failures", placeholder: "n|n%",
    help: "If more hosts than these fail in all, no other begins (default: 0).", default: .count(0))
  private static let rollsBack = Option<Bool>.flag(
    "rollback-on-failure", help: "Then have those that have switched go back to what they ran before.")
  private static let timeout = Option<Duration>.value(
    "timeout", placeholder: "time", help: "A host that takes longer counts as silent (default: 15m).",
    default: .seconds(900))
  private static let skipOffline = Option<Bool>.flag(
    "skip-offline", help: "Go on without named hosts that are not connected or do not answer.")
  private static let yes = Option<Bool>.flag("yes", short: "y", help: "Do not ask whether to begin.")
  private static let plan = Option<Bool>.flag("plan", help: "Only show which hosts it would be.")
  private static let resume = Option<String?>.optional(
    "resume", placeholder: "id", help: "Go on with a rollout that was paused or interrupted.")

  static let specs =
    [
      canary.spec, wave.spec, pause.spec, maxFailures.spec, rollsBack.spec, timeout.spec, skipOffline.spec, yes.spec,
      plan.spec, resume.spec, OperatorOptions.jsonLines.spec,
    ] + OperatorOptions.specs

  let policy: RolloutPolicy
  let skipsOffline: Bool
  let isConfirmed: Bool
  let isOnlyPlan: Bool
  let resumes: String?
  let isJSON: Bool

  init(_ arguments: Arguments) throws {
    var policy = RolloutPolicy()
    policy.canary = try arguments[Self.canary] ?? 0
    policy.wave = try arguments[Self.wave]
    policy.pause = try arguments[Self.pause]
    policy.maxFailures = try arguments[Self.maxFailures]
    policy.rollsBack = try arguments[Self.rollsBack]
    policy.limit = try arguments[Self.timeout]
    self.policy = policy
    skipsOffline = try arguments[Self.skipOffline]
    isConfirmed = try arguments[Self.yes]
    isOnlyPlan = try arguments[Self.plan]
    resumes = try arguments[Self.resume]
    isJSON = try arguments[OperatorOptions.jsonLines]
  }
}
