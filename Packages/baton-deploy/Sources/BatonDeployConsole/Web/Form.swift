import Baton
import BatonDeploy
import BatonDeployControl
import BatonHTTPServer

/// What a form brings along.
struct Form: Sendable {
  let fields: [String: [String]]

  /// The first value of a field, without white space around it; nil if there is none, or nothing in it.
  subscript(_ name: String) -> String? {
    let text = String(fields[name]?.first?.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? "")
    return text.isEmpty ? nil : text
  }

  func all(_ name: String) -> [String] { fields[name] ?? [] }
}

extension RolloutWish {
  /// What the form of an application's page asks for.
  init(_ form: Form, place: Place) throws {
    let hosts = form.all("host")
    // Of the page: whoever has no host ticked does not mean all of them.
    guard !hosts.isEmpty else { throw Rejection.invalid("Tick at least one host; nothing was done.") }
    guard let kind = Act.Kind(rawValue: form["act"] ?? "") else {
      throw Rejection.invalid("Say whether to deploy, to roll back or to restart; nothing was done.")
    }
    self.init(
      place: place, act: try DeployAct(kind, version: kind == .restart ? nil : form["version"], sha256: nil),
      hosts: try hosts.map { try Checked.host($0) }, policy: try RolloutPolicy(form),
      skipsOffline: form["skip_offline"] != nil, confirmation: form["confirmation"])
  }
}

extension RolloutPolicy {
  fileprivate init(_ form: Form) throws {
    self.init()
    if let text = form["canary"] { canary = try Checked.count(text, "canaries") }
    if let text = form["wave"] { wave = try Checked.portion(text, "hosts at once") }
    if let text = form["max_failures"] { maxFailures = try Checked.portion(text, "failures allowed") }
    if let text = form["pause"] { pause = .seconds(try Checked.count(text, "seconds of the pause", most: 86_400)) }
    rollsBack = form["rollback_on_failure"] != nil
  }
}

extension DeployAct {
  /// - Parameter version: has to be there to deploy; a rollback without one goes to the last good release.
  init(_ kind: Act.Kind, version: String?, sha256: String?) throws {
    let version = try version.map { try Checked.version($0) }
    switch kind {
    case .deploy:
      guard let version else { throw Rejection.invalid("Say which version to deploy; nothing was done.") }
      self = .deploy(version: version, sha256: sha256)
    case .rollback: self = .rollback(to: version)
    case .restart:
      guard version == nil else { throw Rejection.invalid("A restart has no version; nothing was done.") }
      self = .restart
    }
  }
}

/// Values from outside, refused in words.
enum Checked {
  static func app(_ text: String) throws -> String { try name { () throws(InvalidName) in try Names.app(text) } }
  static func environment(_ text: String) throws -> String {
    try name { () throws(InvalidName) in try Names.environment(text) }
  }
  static func version(_ text: String) throws -> String {
    try name { () throws(InvalidName) in try Names.version(text) }
  }
  static func host(_ text: String) throws -> String { try name { () throws(InvalidName) in try Names.host(text) } }

  /// A whole number from 0 on.
  static func count(_ text: String, _ what: String, most: Int = 100_000) throws -> Int {
    guard let number = Int(text), (0...most).contains(number) else {
      throw Rejection.invalid("'\(text.prefix(40))' is no number of \(what): it wants 0 to \(most). Nothing was done.")
    }
    return number
  }

  /// `3`, or `25%`.
  static func portion(_ text: String, _ what: String) throws -> Portion {
    guard let portion = Portion(text: text) else {
      throw Rejection.invalid(
        "'\(text.prefix(40))' is no number of \(what): it wants a number, or 0% to 100%. Nothing was done.")
    }
    return portion
  }

  /// 64 hexadecimal digits.
  static func sha256(_ text: String) throws -> String {
    guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else {
      throw Rejection.invalid("'\(text.prefix(80))' is no SHA-256: it wants 64 hexadecimal digits. Nothing was done.")
    }
    return text.lowercased()
  }

  private static func name(_ check: () throws(InvalidName) -> String) throws -> String {
    do { return try check() } catch { throw Rejection.invalid("\(error). Nothing was done.") }
  }
}

extension HTTPRequest {
  /// The place that the path names.
  var place: Place {
    get throws {
      Place(
        app: try Checked.app(parameters["app"] ?? ""),
        environment: try Checked.environment(parameters["environment"] ?? ""))
    }
  }

  /// The rollout that the path names.
  var id: String { parameters["id"] ?? "" }
}

extension RolloutFilter {
  /// Of a query; what is empty does not matter.
  init(_ query: [String: String]) {
    func value(_ name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.init(
      app: value("app"), environment: value("environment"), by: value("by"), before: value("before"))
  }
}

extension HTTPResponse {
  /// To another page, with GET.
  static func seeOther(_ path: String, headers: [String: String] = [:]) -> HTTPResponse {
    HTTPResponse(status: 303, headers: headers.merging(["Location": path]) { $1 }, body: .bytes([]))
  }

  init(status: Int = 200, json value: some Encodable, contentType: String = "application/json") throws {
    self.init(
      status: status, headers: ["Content-Type": contentType, "Cache-Control": "no-store"],
      body: .bytes(try JSONText.encode(value) + [0x0A]))
  }
}
