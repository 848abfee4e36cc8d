import AMQP
import Baton

extension ActRecord {
  /// The `message_id` of the last word: however often it is said, it is one.
  func resultID(on server: Server) -> String { "\(app).\(act.id)@\(server.fqdn)" }

  /// Says the last word that is in the journal.
  func sayResult(with voice: Voice, answering request: Properties, on server: Server) async {
    do {
      switch act.outcome {
      case .success:
        voice.say(
          try JSONText.decode(Deployed.self, from: result ?? []), answering: request, id: resultID(on: server))
      case .error:
        voice.say(
          try JSONText.decode(NotDeployed.self, from: result ?? []), answering: request, id: resultID(on: server))
      case nil: break
      }
    } catch {
      voice.logger.error("Cannot read a result in the journal", ["app": app, "id": act.id, "error": error.reason])
    }
  }
}
