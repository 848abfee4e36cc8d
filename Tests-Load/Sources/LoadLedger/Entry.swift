/// One line of the ledger that the driver and the script of a load run keep: something that they did or saw.
///
/// Which members there are follows from the event.
public struct Entry: Codable, Sendable {
  public enum Event: String, Codable, Sendable {
    /// The driver begins to ask `hosts`; from then on it owes each a fate.
    case asked
    /// The driver was told what became of `request` at `host`.
    case fate
    /// The driver's `request` is over: nothing more will be told.
    case ended
    /// The script begins a fault, and has ended it: from then on everything has to heal by itself.
    case fault, healed
    /// An agent was killed: what that had said and the broker not confirmed is gone with it. In a run with deploys `id` is what it was at,
    /// and `point` where in it.
    case killed
    /// A process's descriptors, threads and memory.
    case process
    /// How many messages wait in a queue at the end.
    case queue
    /// The driver orders `version` of `host` under the number `id`, once; from then on it is owed one last word.
    case ordered
    /// A host's last word about `id`, each time it is heard.
    case result
    /// A process of an agent is started, and an agent says that it listens.
    case started, up
    /// A step of an act, `name`, begins to do something on the host, and has done it; written by the step's own program.
    case stepBegan, stepEnded
    /// Whoever resolves `current` sees another version than at his last look; none, if there is none. `name` says what is not whole in it.
    case seen
    /// How often he looked, and the longest time between two looks.
    case looked
    /// All that was ordered of a host has had its last word, and `version` is what its `current` is.
    case settled
  }

  /// What a requester can be told of a host.
  public enum Fate: String, Codable, Sendable, CaseIterable {
    case answered, failed, refused, expired, silent
    case notConnected = "not connected"
  }

  public var event: Event
  /// Seconds since the machine's start, on the one clock that all processes of a run share.
  public var at: Double
  /// Seconds since 1970.
  public var wall: Double?
  public var request: Int?
  public var hosts: [String]?
  public var host: String?
  public var fate: Fate?
  /// Of the fault, the process, the queue or the step; why a request was refused; whom a kill has met, and of a deploy what is not whole.
  public var name: String?
  public var pid: Int?
  public var descriptors: Int?
  public var threads: Int?
  /// Resident, in KiB.
  public var memory: Int?
  public var messages: Int?
  /// Of an act.
  public var id: String?
  public var version: String?
  /// Whether a last word is a good one.
  public var isSuccess: Bool?
  /// A last word, all of it.
  public var body: String?
  /// Between two changes of the journal or the disk, or at a random moment.
  public var point: String?
  public var looks: Int?
  /// In seconds.
  public var gap: Double?

  public init(_ event: Event, at: Double, wall: Double? = nil) {
    self.event = event
    self.at = at
    self.wall = wall
  }
}
