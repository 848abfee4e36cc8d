/// Covers secrets in what is said: those that the configuration names, and what looks like one.
struct Masker: Sendable {
  static let cover = "********"
  /// A shorter one would cover half of every line.
  private static let shortest = 4
  private static let suspects = [
    "password", "passwd", "secret", "token", "api_key", "apikey", "access_key", "private_key",
  ]

  /// The longest first, since one may be part of another.
  private let secrets: [String]

  init(_ secrets: [String]) {
    self.secrets = Set(secrets).filter { $0.utf8.count >= Self.shortest }.sorted { $0.utf8.count > $1.utf8.count }
  }

  /// Whether a variable of that name holds a secret.
  static func isSuspect(_ name: String) -> Bool {
    let lowered = name.lowercased()
    return suspects.contains { lowered.contains($0) } || lowered.hasSuffix("_key") || lowered.hasSuffix("_pass")
  }

  func masked(_ line: String) -> String {
    let known = secrets.reduce(line) { $0.replacing($1, with: Self.cover) }
    return Self.maskURLs(in: Self.maskAssignments(in: known))
  }

  /// `password=…`, `TOKEN: …`: what comes after it, to the next space.
  private static func maskAssignments(in line: String) -> String {
    guard line.contains(where: { $0 == "=" || $0 == ":" }) else { return line }
    var words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    for (index, word) in words.enumerated() {
      guard let sign = word.firstIndex(where: { $0 == "=" || $0 == ":" }), isSuspect(String(word[..<sign])) else {
        continue
      }
      let value = word.index(after: sign)
      if value < word.endIndex {
        words[index] = word[..<value] + cover
      } else if index + 1 < words.count {
        words[index + 1] = cover
      }
    }
    return words.joined(separator: " ")
  }

  /// `https://user:password@host`
  private static func maskURLs(in line: String) -> String {
    var masked = ""
    var rest = line[...]
    while let start = rest.firstRange(of: "://") {
      masked += rest[..<start.upperBound]
      rest = rest[start.upperBound...]
      let authority = rest.prefix { $0 != "/" && $0 != " " && $0 != "\"" && $0 != "'" }
      guard let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") else { continue }
      masked += cover
      rest = rest[at...]
    }
    return masked + rest
  }
}
