import Baton

/// What entries of the monitor's configuration have in common.
extension Settings {
  /// An error about the value of a key, with its place.
  func error(_ key: String, _ problem: String, _ remedy: String) -> ConfigurationError {
    ConfigurationError(place: place(of: key), problem: "\(key) \(problem)", remedy: remedy)
  }

  /// A key that has to be there.
  func missing(_ key: String) -> ConfigurationError {
    ConfigurationError(
      place: keys.first.map { place(of: $0) } ?? "\(file ?? "configuration")", problem: "\(key) is missing",
      remedy: "add '\(key): …' to this entry")
  }

  /// Matchers as they are typed on the command line: a list of `FIELD=PATTERN`.
  func matchers(_ key: String) throws(ConfigurationError) -> [Matcher] {
    var matchers: [Matcher] = []
    for text in try list(key) ?? [] {
      do { matchers.append(try Matcher(text)) } catch {
        throw ConfigurationError(place: place(of: key), problem: "\(error)", remedy: "correct it")
      }
    }
    return matchers
  }

  func patterns(_ key: String) throws(ConfigurationError) -> [Pattern] { try (list(key) ?? []).map { Pattern($0) } }

  /// `{changes: 6, within: 10m, calm: 5m}`
  func damping(_ key: String, standard: Damping) throws(ConfigurationError) -> Damping {
    guard let settings = try nested(key) else { return standard }
    try settings.checkKeys(["changes", "within", "calm"])
    var damping = standard
    damping.changes = try settings.int("changes", in: 2...100) ?? damping.changes
    damping.window = try settings.duration("within") ?? damping.window
    damping.calm = try settings.duration("calm") ?? damping.calm
    return damping
  }

  private func place(of key: String) -> String { "\(origin(of: key))" }
}
