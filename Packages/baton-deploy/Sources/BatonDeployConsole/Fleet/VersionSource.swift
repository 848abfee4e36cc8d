import Baton
import BatonHTTP
import BatonProcess

/// Where the versions are listed that there are to deploy.
enum VersionSource: Sendable, Hashable {
  /// A program that writes one version a line, the newest first.
  case command([String])
  /// The same as a text, or as a JSON array of strings.
  case url(String)

  /// What is taken of a longer list.
  private static let most = 200
  private static let timeout = Duration.seconds(10)

  /// What is listed now; what is no version is left out.
  func list() async throws -> [String] {
    let words =
      switch self {
      case .command(let words): try await Self.lines(of: words)
      case .url(let address): try await Self.lines(at: address)
      }
    return Array(words.compactMap { try? Names.version($0) }.prefix(Self.most))
  }

  private static func lines(of words: [String]) async throws -> [String] {
    let lines = Lines()
    let program = Program(words, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], timeout: timeout)
    let ending = try await program.run { await lines.append($0) }
    guard ending.isSuccess else { throw VersionsUnknown(reason: "'\(words[0])' \(ending)") }
    return await lines.all
  }

  private static func lines(at address: String) async throws -> [String] {
    var client = HTTPClient()
    client.schemes = [.https, .http, .file]
    client.timeout = timeout
    let response = try await client.get(address)
    guard response.isSuccess else {
      throw VersionsUnknown(reason: "\(address.withoutCredentials) answers with status \(response.status)")
    }
    if let names = try? JSONText.decode([String].self, from: response.body) { return names }
    return String(decoding: response.body, as: UTF8.self).split(whereSeparator: \.isNewline).map {
      String($0.filter { !$0.isWhitespace })
    }
  }
}

/// What a program has written so far.
private actor Lines {
  private(set) var all: [String] = []
  func append(_ line: String) { all.append(String(line.filter { !$0.isWhitespace })) }
}

/// Why there is no list of versions just now.
struct VersionsUnknown: Error, CustomStringConvertible {
  let reason: String
  var description: String { "the list of versions cannot be had: \(reason)" }
}
