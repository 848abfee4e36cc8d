import AMQP
import Baton

/// A message as rules look at it.
struct Heard: Sendable {
  let message: AnyMessage
  /// What the body says beside its type and sender; looked into only for messages that can be more than a pong.
  private let members: JSONValue

  init(_ message: AnyMessage) {
    self.message = message
    // It has been read once already, so it is an object.
    members = (try? message.json()) ?? .null
  }

  var type: String { message.type }
  var exchange: String { message.exchange }
  var sender: Server { message.sender }
  var text: String { String(decoding: message.body, as: UTF8.self) }
  var errorClass: String? { members["error_class"]?.string }
  /// The application that it is about, where it says so.
  var app: String? { members["app"]?.string }
  /// Those that it may be about: the one it names, or all of the host's.
  var apps: [String] { app.map { [$0] } ?? sender.appNames }
  /// The run that it belongs to, as extensions that run something say it.
  var run: String? { members["id"]?.string ?? message.properties.correlationID }

  /// One line for people, of bounded length.
  var summary: String {
    let said = members["error_message"]?.string ?? members["message"]?.string ?? text
    let words = errorClass.map { "\($0): \(said)" } ?? said
    return String(words.escapingControlCharacters.prefix(500))
  }
}
