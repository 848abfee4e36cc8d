import BatonDeployControl
import BatonHTTPServer

/// The pages' pieces as they are now: made once for all who look, and not more often than anybody can read.
actor Rendering {
  /// Pieces that are so old are made anew when something is different; milliseconds.
  private static let pace: Int64 = 250

  /// What somebody who looks has been sent last. Of another console it is not comparable.
  struct Version: Hashable, Sendable {
    let console: UInt64
    let number: Int
  }

  private struct Key: Hashable {
    let place: Place
    let mayDeploy: Bool
  }

  private struct Made {
    var number = 0
    var revision = -1
    var at: Int64 = 0
    var pieces = Pieces()
    /// What has become different with the last number: most who look have seen the one before.
    var last: [EventStream.Event] = []
  }

  private let console = UInt64.random(in: 0...UInt64.max)
  private let now: @Sendable () -> Int64
  private var made: [Key: Made] = [:]
  private var cells: [Place: (revision: Int, cell: HTML)] = [:]

  init(now: @escaping @Sendable () -> Int64) { self.now = now }

  /// What changes of an application's page.
  func pieces(of spot: Spot, mayDeploy: Bool) async -> (pieces: Pieces, version: Version) {
    let made = await current(spot, mayDeploy, waits: false)
    return (made.pieces, Version(console: console, number: made.number))
  }

  /// What has become different of an application's page since a version; everything, if that is not known any more.
  func events(of spot: Spot, mayDeploy: Bool, since version: Version?) async -> (
    events: [EventStream.Event], version: Version
  ) {
    let made = await current(spot, mayDeploy, waits: true)
    let new = Version(console: console, number: made.number)
    if version == new { return ([], new) }
    let isNext = version == Version(console: console, number: made.number - 1)
    return (isNext ? made.last : made.pieces.events, new)
  }

  /// A place on the fleet's page.
  func cell(of spot: Spot) -> HTML {
    if let known = cells[spot.place], known.revision == spot.revision { return known.cell }
    let cell = FleetPage.cell(spot)
    cells[spot.place] = (spot.revision, cell)
    return cell
  }

  /// As it is now, or was a moment ago; nobody who would wait for the newest is left with less.
  private func current(_ spot: Spot, _ mayDeploy: Bool, waits: Bool) async -> Made {
    let key = Key(place: spot.place, mayDeploy: mayDeploy)
    while true {
      let known = made[key] ?? Made()
      let wait = known.at + Self.pace - now()
      if known.revision >= spot.revision || Task.isCancelled { return known }
      if known.number == 0 || wait <= 0 { return make(key, spot, from: known) }
      guard waits else { return known }
      try? await Task.sleep(for: .milliseconds(wait))
    }
  }

  private func make(_ key: Key, _ spot: Spot, from before: Made) -> Made {
    let pieces = ApplicationPage.pieces(spot, mayDeploy: key.mayDeploy)
    let new = Made(
      number: before.number + 1, revision: spot.revision, at: now(), pieces: pieces,
      last: pieces.differing(from: before.pieces).events)
    made[key] = new
    return new
  }
}

extension Rendering.Version: LosslessStringConvertible {
  /// As it stands in the address of a page's events.
  init?(_ text: String) {
    let parts = text.split(separator: ".")
    guard parts.count == 2, let console = UInt64(parts[0], radix: 36), let number = Int(parts[1]) else { return nil }
    self.init(console: console, number: number)
  }

  var description: String { "\(String(console, radix: 36)).\(number)" }
}
