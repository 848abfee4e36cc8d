package import Baton

/// A host that ought to be there, from the hosts file.
package struct Expected: Sendable, Hashable {
  package let fqdn: String
  /// Empty: whichever.
  package let environment: String

  func isMet(by id: Host.ID) -> Bool { fqdn == id.fqdn && (environment.isEmpty || environment == id.environment) }
}

extension Expected {
  /// Reads a hosts file: on each line a host, and behind it its environment if that matters; `#` begins a comment.
  package static func parse(_ text: String, file: String) throws(ConfigurationError) -> [Expected] {
    var hosts: [Expected] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard !words.isEmpty else { continue }
      do {
        let host = try Expected(words)
        if !hosts.contains(host) { hosts.append(host) }
      } catch {
        throw ConfigurationError(
          place: "\(file):\(index + 1)", problem: error.description, remedy: "write 'HOST ENVIRONMENT' on each line")
      }
    }
    return hosts
  }

  private init(_ words: [String]) throws(InvalidName) {
    fqdn = try Names.host(words[0])
    // More than two words are no environment either.
    environment = words.count == 1 ? "" : try Names.environment(words.dropFirst().joined(separator: " "))
  }
}
