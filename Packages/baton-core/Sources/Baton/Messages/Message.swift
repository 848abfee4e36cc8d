/// What goes over the wire, as a type: its members are the body's, in snake_case, beside `type`.
///
/// ```swift
/// struct Pong: Message { static let type = "pong" }
/// ```
public protocol Message: Codable, Sendable {
  /// The value of the body's member `type`.
  static var type: String { get }
}

/// A message that asks for something, and the type of the answer that ends it.
public protocol Request: Message {
  associatedtype Reply: Message
}
