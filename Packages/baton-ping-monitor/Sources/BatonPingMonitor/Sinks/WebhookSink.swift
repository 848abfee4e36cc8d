import Baton

/// Posts each notice as JSON, signed where there is a secret.
///
/// `X-Baton-Signature: t=SECONDS,v1=HEX` is the HMAC-SHA256 of `SECONDS.BODY`: who checks it, and the time, takes nothing forged and
/// nothing that somebody kept.
struct WebhookSink: Sink {
  let endpoint: Endpoint
  let secret: Secret?
  let now: @Sendable () -> Moment
  let batch = 1

  func tell(_ notices: [Notice]) async throws {
    for notice in notices {
      let body = try JSONText.encode(AlertView(notice))
      try await endpoint.post(body, headers: headers(for: body))
    }
  }

  func check() async throws { try await endpoint.reach() }

  func headers(for body: [UInt8]) -> [String: String] {
    guard let secret else { return [:] }
    let time = now().milliseconds / 1000
    let signature = Signature.hmac([UInt8]("\(time).".utf8) + body, key: [UInt8](secret.value.utf8))
    return ["X-Baton-Signature": "t=\(time),v1=\(signature)"]
  }
}
