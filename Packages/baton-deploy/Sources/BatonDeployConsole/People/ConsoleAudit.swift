public import Baton
import BatonDeploy

/// A file with one line of JSON for each act at the console: who did what, from where, and whether he might.
public struct ConsoleAudit: Sendable {
  public struct Entry: Codable, Sendable, Hashable {
    /// ISO 8601, in UTC.
    public var time = ""
    /// `jo`, or `token:chatbot`; as it was said, where nobody has been let in.
    public var who: String?
    /// The address that it came from.
    public var client: String
    /// `log-in`, `log-out`, `deploy`, `approve`, …
    public var act: String
    /// `shop in production`
    public var place: String?
    public var rollout: String?
    public var isPermitted: Bool
    /// Why not, or what else there is to say.
    public var reason: String?

    public init(
      who: String?, client: String, act: String, place: String? = nil, rollout: String? = nil,
      isPermitted: Bool = true, reason: String? = nil
    ) {
      self.who = who
      self.client = client
      self.act = act
      self.place = place
      self.rollout = rollout
      self.isPermitted = isPermitted
      self.reason = reason
    }

    enum CodingKeys: String, CodingKey {
      case time, who, client, act, place, rollout, reason
      case isPermitted = "permitted"
    }

    /// Nothing in it can forge another line, or be a page long.
    fileprivate var tame: Entry {
      var entry = self
      entry.client = Self.tame(client)
      entry.who = who.map(Self.tame)
      entry.place = place.map(Self.tame)
      entry.rollout = rollout.map(Self.tame)
      entry.reason = reason.map(Self.tame)
      return entry
    }

    private static func tame(_ text: String) -> String { String(text.prefix(500)).escapingControlCharacters }
  }

  public let path: String
  private let logger: Logger
  private let now: @Sendable () -> Int64

  public init(_ path: String, now: @escaping @Sendable () -> Int64, logger: Logger) {
    self.path = path
    self.now = now
    self.logger = logger
  }

  /// Adds a line, with the time. Where it cannot, the log says so, and what was to be done goes on: whoever has to mend a full disk must
  /// be able to do it.
  public func write(_ entry: Entry) {
    var line = entry.tame
    line.time = Timestamp.text(milliseconds: now())
    do { try LineFile(path: path).append(line) } catch {
      logger.error("Cannot write the audit", ["error": "\(error)", "who": entry.who ?? "-", "act": entry.act])
    }
  }
}
