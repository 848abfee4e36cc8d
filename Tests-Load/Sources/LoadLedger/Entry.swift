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
    /// The script killed an agent: what that had said and the broker not confirmed is gone with it.
    case killed
    /// A process's descriptors, threads and memory.
    case process
    /// How many messages wait in a queue at the end.
    case queue
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
  /// Of the fault, the process or the queue; why a request was refused.
  public var name: String?
  public var pid: Int?
  public var descriptors: Int?
  public var threads: Int?
  /// Resident, in KiB.
  public var memory: Int?
  public var messages: Int?

  public init(_ event: Event, at: Double, wall: Double? = nil) {
    self.event = event
    self.at = at
    self.wall = wall
  }
}
