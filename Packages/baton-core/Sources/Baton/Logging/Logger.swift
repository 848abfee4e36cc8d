/// Writes lines for people and for log collectors: a constant message, and what varies in metadata.
public struct Logger: Sendable {
  public enum Level: Int, Sendable, Comparable {
    case debug, info, warning, error

    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    /// As it stands in a line of text, with the spaces behind it that make a column.
    var column: String {
      switch self {
      case .debug: "DEBUG   "
      case .info: "INFO    "
      case .warning: "WARNING "
      case .error: "ERROR   "
      }
    }

    /// The severities of syslog, as journald takes them at the beginning of a line (sd-daemon(3)).
    var priority: Int {
      switch self {
      case .debug: 7
      case .info: 6
      case .warning: 4
      case .error: 3
      }
    }
  }

  public enum Format: String, Sendable, CaseIterable {
    case text, json
  }

  private let sink: LogSink
  private let format: Format
  private let level: Level

  /// - Parameter level: what is below it is not written.
  public init(to sink: LogSink, format: Format = .text, level: Level = .info) {
    self.sink = sink
    self.format = format
    self.level = level
  }

  /// Writes nothing.
  public static let discarding = Logger(to: LogSink { _ in })

  /// What it costs to put the metadata together is spent only if the line is written.
  public func debug(_ message: String, _ metadata: @autoclosure () -> KeyValuePairs<String, String> = [:]) {
    guard level <= .debug else { return }
    log(.debug, message, metadata())
  }

  public func info(_ message: String, _ metadata: KeyValuePairs<String, String> = [:]) {
    log(.info, message, metadata)
  }

  public func warning(_ message: String, _ metadata: KeyValuePairs<String, String> = [:]) {
    log(.warning, message, metadata)
  }

  public func error(_ message: String, _ metadata: KeyValuePairs<String, String> = [:]) {
    log(.error, message, metadata)
  }

  /// Writes a line with a body of JSON in it: beneath `body` where lines are JSON, behind the message where they are text.
  ///
  /// Says whether it could, for a caller who must not go on otherwise.
  /// - Parameter messageID: for programs, so only where lines are JSON; the lines of text are the gem's.
  public func log(_ level: Level, _ message: String, body: [UInt8], messageID: String? = nil) -> Bool {
    guard level >= self.level else { return true }
    switch format {
    case .text:
      return write(level, "\(message): \(String(decoding: body, as: UTF8.self).escapingControlCharacters)")
    case .json:
      // A body that is no JSON goes in as a string; `JSONValue` takes what has been checked.
      let value = (try? JSONText.decode(JSONValue.self, from: body)) ?? .string(String(decoding: body, as: UTF8.self))
      var members: [String: JSONValue] = ["message": .string(message), "body": value]
      if let messageID { members["message_id"] = .string(messageID) }
      return writeJSON(level, members)
    }
  }

  public func log(_ level: Level, _ message: String, _ metadata: KeyValuePairs<String, String>) {
    guard level >= self.level else { return }
    switch format {
    case .text:
      let pairs = metadata.map { " \($0)=\($1.quotedForLog)" }.joined()
      write(level, message.escapingControlCharacters + pairs)
    case .json:
      var members: [String: JSONValue] = [:]
      for (key, value) in metadata { members[key] = .string(value) }
      members["message"] = .string(message)
      writeJSON(level, members)
    }
  }

  @discardableResult
  private func write(_ level: Level, _ line: String) -> Bool {
    // Not by interpolation, which would make room again and again.
    var text = ""
    text.reserveCapacity(line.utf8.count + 40)
    if sink.isJournal {
      text += "<\(level.priority)>"
    } else {
      text += Timestamp.now
      text += " "
      text += level.column
    }
    text += line
    text += "\n"
    return sink.write(text)
  }

  @discardableResult
  private func writeJSON(_ level: Level, _ members: [String: JSONValue]) -> Bool {
    var members = members
    members["level"] = .string("\(level)")
    members["time"] = .string(Timestamp.now)
    let line = (try? JSONText.encode(members)).map { String(decoding: $0, as: UTF8.self).escapingInJSON } ?? "{}"
    return sink.write(sink.isJournal ? "<\(level.priority)>\(line)\n" : "\(line)\n")
  }
}

extension String {
  /// The text on one line: a newline or a terminal's escape in it cannot forge a line or move the cursor.
  public var escapingControlCharacters: String {
    guard hasControlCharacters else { return self }
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      case "\t": escaped += "\\t"
      case _ where scalar.isControl: escaped += "\\u{\(String(scalar.value, radix: 16))}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Most text is ASCII, where no table needs to be asked.
  private var hasControlCharacters: Bool {
    func isOther(_ byte: UInt8) -> Bool { byte < 0x20 || byte >= 0x7F }
    // A string's own bytes, which is several times as fast as its view of them.
    let mayHaveSome = utf8.withContiguousStorageIfAvailable { $0.contains(where: isOther) } ?? true
    return mayHaveSome && unicodeScalars.contains(where: \.isControl)
  }

  /// The same for a line of JSON, in which such characters stand nowhere but in strings.
  fileprivate var escapingInJSON: String {
    guard hasControlCharacters else { return self }
    var escaped = ""
    for scalar in unicodeScalars {
      guard scalar.isControl else {
        escaped.unicodeScalars.append(scalar)
        continue
      }
      for unit in scalar.utf16 { escaped += "\\u\(String(0x10000 + Int(unit), radix: 16).dropFirst())" }
    }
    return escaped
  }

  /// In quotes where it would otherwise not be one word.
  fileprivate var quotedForLog: String {
    guard isEmpty || contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return escapingControlCharacters }
    let quoted = replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(quoted.escapingControlCharacters)\""
  }
}

extension Unicode.Scalar {
  /// C0, DEL, C1, and the separators and directions that terminals obey.
  fileprivate var isControl: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: true
    default: false
    }
  }
}
