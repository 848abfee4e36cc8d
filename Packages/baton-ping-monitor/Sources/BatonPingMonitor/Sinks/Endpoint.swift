import Baton
import BatonHTTP

/// An address that notices are posted to.
struct Endpoint: Sendable {
  /// It may be a secret itself, as Slack's is.
  let url: Secret
  private let client: HTTPClient

  /// - Parameter authorities: a file of certificates of authorities; nil takes the system's.
  init(url: Secret, authorities: String? = nil) {
    self.url = url
    var client = HTTPClient()
    client.schemes = [.http, .https]
    client.connectTimeout = .seconds(5)
    client.timeout = .seconds(15)
    // A post that is sent on elsewhere arrives there as a get.
    client.redirects = 0
    client.userAgent = "baton-ping-monitor/\(Release.version)"
    client.authorities = authorities
    client.connections = HTTPConnections()
    self.client = client
  }

  func post(_ body: [UInt8], path: String = "", headers: [String: String] = [:]) async throws {
    let response: HTTPClient.Response
    do {
      response = try await client.post(body, to: url.value + path, headers: headers)
    } catch let error as HTTPError {
      throw SinkFailure(error.reason)
    }
    guard !response.isSuccess else { return }
    let words = String(decoding: response.body.prefix(200), as: UTF8.self).escapingControlCharacters
    // Too fast, too slow, or out of order: it is not about what was said. Anything else from 300 on is.
    let isRefusal = response.status < 500 && response.status != 429 && response.status != 408
    throw SinkFailure(
      "it answered \(response.status): \(words)", retryAfter: response.retryAfter, isRefusal: isRefusal)
  }

  /// Whether it can be reached, with TLS where that is asked for; nothing is said to it.
  func reach() async throws {
    // A connection that nothing is said on is of no use to others.
    var client = client
    client.connections = nil
    do { try await client.reach(url.value) } catch let error as HTTPError { throw SinkFailure(error.reason) }
  }

  func get(_ path: String) async throws {
    do {
      let response = try await client.get(url.value + path)
      guard response.isSuccess else { throw SinkFailure("it answered \(response.status)") }
    } catch let error as HTTPError {
      throw SinkFailure(error.reason)
    }
  }
}
