import Baton

/// An option of a command: how it is written, what is said of it, and the type of its value.
///
/// ```swift
/// static let wait = Option.value("wait", placeholder: "TIME", help: "How long to wait.", default: Duration.seconds(2))
/// … arguments[wait] …
/// ```
public struct Option<Value: Sendable>: Sendable {
  public let spec: OptionSpec
  let read: @Sendable ([String]) throws(UsageError) -> Value
}

/// How an option is written and described, whatever its type: what parsing, help, manual pages and completions need.
public struct OptionSpec: Sendable, Hashable {
  /// After the two dashes.
  public let name: String
  public let short: Character?
  /// What stands for the value in the help; nil for a flag, which has none.
  public let placeholder: String?
  public let help: String
  public let repeats: Bool
}

/// A type that can be given as the value of an option.
public protocol OptionValue: Sendable {
  /// Nil if the text is not one.
  init?(optionText: String)
  /// What the text should be, after "it wants".
  static var wanted: String { get }
}

extension String: OptionValue {
  public init?(optionText: String) { self = optionText }
  public static var wanted: String { "a word" }
}

extension Int: OptionValue {
  /// Counts are positive.
  public init?(optionText: String) {
    guard let number = Int(optionText), number > 0 else { return nil }
    self = number
  }
  public static var wanted: String { "a whole number from 1" }
}

extension Duration: OptionValue {
  public init?(optionText: String) { self.init(text: optionText) }
  public static var wanted: String { "a time such as 300ms, 2s or 5m" }
}

extension Option {
  /// On if it is given.
  public static func flag(_ name: String, short: Character? = nil, help: String) -> Option<Bool> where Value == Bool {
    Option(spec: OptionSpec(name: name, short: short, placeholder: nil, help: help, repeats: false)) { texts in
      !texts.isEmpty
    }
  }

  /// One value, with a default; the last one given counts.
  public static func value(
    _ name: String, short: Character? = nil, placeholder: String, help: String, default standard: Value
  ) -> Option<Value> where Value: OptionValue {
    Option(spec: OptionSpec(name: name, short: short, placeholder: placeholder, help: help, repeats: false)) {
      texts throws(UsageError) in
      guard let text = texts.last else { return standard }
      return try Self.convert(text, name)
    }
  }

  /// One value that may be left out; the last one given counts.
  public static func optional<Wrapped: OptionValue>(
    _ name: String, short: Character? = nil, placeholder: String, help: String
  ) -> Option<Wrapped?> where Value == Wrapped? {
    Option(spec: OptionSpec(name: name, short: short, placeholder: placeholder, help: help, repeats: false)) {
      texts throws(UsageError) in
      guard let text = texts.last else { return nil }
      return try Option<Wrapped>.convert(text, name)
    }
  }

  /// Any number of values.
  public static func list<Element: OptionValue>(
    _ name: String, short: Character? = nil, placeholder: String, help: String
  ) -> Option<[Element]> where Value == [Element] {
    Option(spec: OptionSpec(name: name, short: short, placeholder: placeholder, help: help, repeats: true)) {
      texts throws(UsageError) in
      var values: [Element] = []
      for text in texts { values.append(try Option<Element>.convert(text, name)) }
      return values
    }
  }

  private static func convert(_ text: String, _ name: String) throws(UsageError) -> Value where Value: OptionValue {
    guard let value = Value(optionText: text) else {
      throw UsageError(
        "The value '\(text.escapingControlCharacters)' of '--\(name)' is not usable: it wants \(Value.wanted).")
    }
    return value
  }
}
