import AMQP
import Baton

/// A ping to this very host, over the broker and back.
struct RoundTrip {
  let patient: Patient
  let configuration: Configuration
  let options: ConnectionOptions

  private struct Ping: Request {
    static let type = "ping"
    typealias Reply = Pong
  }

  private struct Pong: Message {
    static let type = "pong"
  }

  /// Nothing for extensions that do not answer pings.
  var findings: [Finding] {
    get async {
      guard patient.extensions.contains("baton_ping"), let server = try? Facts(configuration).server else { return [] }
      return [await ping(server)]
    }
  }

  private func ping(_ server: Server) async -> Finding {
    let check = "round trip"
    let broker = RabbitMQ(hosts: [options], logger: .discarding)
    let api = API("baton_ping", broker: broker, user: configuration.user, durable: configuration.durable)
    let target = Target(server.environment, host: server.fqdn)
    do {
      for try await answer in api.ask(Ping(), of: [target], until: Ending(deadline: .seconds(2), count: 1)) {
        switch answer.outcome {
        case .reply, .succeeded: return .ok(check, "\(server.fqdn) answers a ping in \(answer.elapsed.milliseconds) ms")
        case .notConnected:
          return .warning(check, "no baton-ping listens for \(server.fqdn)", "start it: 'systemctl start baton-ping'")
        case .failed(let failure): return .failed(check, "\(failure)", "look into the log of baton-ping")
        case .silent:
          return .failed(check, "baton-ping listens and did not answer within 2 s", "look into its log")
        case .progress: continue
        }
      }
      return .failed(check, "no answer", "look into the log of baton-ping")
    } catch AMQPError.Code.accessRefused where patient.role == .agent {
      return .ok(check, "not tried: \(configuration.user) may only answer, as it should be for an agent")
    } catch {
      return .failed(check, "\(error)", "see to the lines above")
    }
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
