#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// All ledgers of a run, merged: what each actor did and saw.
public struct History: Sendable {
  /// A question of the driver's.
  public struct Request: Sendable {
    var asked = 0.0
    var hosts: [String] = []
    var fates: [(host: String, fate: Entry.Fate, at: Double)] = []
    var ended: Double?
  }

  /// Something that an agent said.
  struct Said: Sendable {
    let agent: String
    var isConfirmed = false
    /// When it was confirmed, in seconds since 1970.
    var wall: Double?
  }

  struct Fault: Sendable {
    let name: String
    let began: Double
    let wall: Double?
    var healed: Double?
    var healedWall: Double?
  }

  var requests: [Int: Request] = [:]
  /// By message id.
  var said: [String: Said] = [:]
  /// How often the monitor wrote down each message id.
  var read: [String: Int] = [:]
  var faults: [Fault] = []
  /// Names of the agents that were killed.
  var killed: Set<String> = []
  /// In order, for each process by its number.
  var processes: [Int: [Entry]] = [:]
  var queues: [String: Int] = [:]
  /// What became of what was ordered.
  public internal(set) var deploys = Deploys()
  /// Lines that could not be read, the last one of a killed process aside.
  var unreadable: [String] = []

  public init() {}

  // MARK: - Ledgers

  /// A ledger of the driver's or the script's.
  public mutating func addLedger(_ text: String, name: String) {
    for line in lines(of: text) {
      guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line.utf8)) else {
        unreadable.append("\(name): \(line)")
        continue
      }
      add(entry)
    }
  }

  /// The log of an agent.
  public mutating func addAgent(_ text: String, name: String) {
    for line in logLines(text, name) {
      if line.message == "Said", let id = line.messageID {
        said[id] = Said(agent: name)
      } else if line.message == "Confirmed", let ids = line.messageIDs {
        for id in ids.split(separator: " ") {
          said[String(id), default: Said(agent: name)].isConfirmed = true
          said[String(id)]?.wall = line.time.flatMap(Self.seconds)
        }
      }
    }
  }

  /// The log of a monitor.
  public mutating func addMonitor(_ text: String, name: String) {
    for line in logLines(text, name) where line.message == "Message read" {
      if let id = line.messageID { read[id, default: 0] += 1 }
    }
  }

  private mutating func add(_ entry: Entry) {
    switch entry.event {
    case .asked:
      guard let request = entry.request else { return }
      requests[request, default: Request()].asked = entry.at
      requests[request]?.hosts = entry.hosts ?? []
    case .fate:
      guard let request = entry.request, let host = entry.host, let fate = entry.fate else { return }
      requests[request, default: Request()].fates.append((host, fate, entry.at))
    case .ended:
      if let request = entry.request { requests[request, default: Request()].ended = entry.at }
    case .fault: faults.append(Fault(name: entry.name ?? "", began: entry.at, wall: entry.wall))
    case .healed:
      guard let last = faults.indices.last else { return }
      (faults[last].healed, faults[last].healedWall) = (entry.at, entry.wall)
    case .killed:
      if let name = entry.name { killed.insert(name) }
      deploys.add(entry)
    case .process: if let pid = entry.pid { processes[pid, default: []].append(entry) }
    case .queue: if let name = entry.name { queues[name] = entry.messages }
    case .ordered, .result, .started, .up, .stepBegan, .stepEnded, .seen, .looked, .settled: deploys.add(entry)
    }
  }

  private mutating func logLines(_ text: String, _ name: String) -> [LogLine] {
    let all = lines(of: text)
    return all.enumerated().compactMap { index, line in
      if let line = try? JSONDecoder().decode(LogLine.self, from: Data(line.utf8)) { return line }
      // One that is killed may leave half a line.
      if index < all.count - 1 || !killed.contains(name) { unreadable.append("\(name): \(line)") }
      return nil
    }
  }

  /// `2026-11-24T19:06:20.929Z`
  private static func seconds(_ time: String) -> Double? {
    try? Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)).timeIntervalSince1970
  }
}

/// The lines of a text that are not empty.
private func lines(of text: String) -> [Substring] { text.split(separator: "\n") }
