import AMQP
public import Baton

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Seal {
  /// Signs each request with a key.
  ///
  /// - Parameter now: milliseconds since 1970.
  public static func signing(with key: SigningKey, now: @escaping @Sendable () -> Int64 = { Timestamp.milliseconds })
    -> Seal
  {
    Seal { publishing in
      let headers = SignatureHeaders(
        keyID: key.id, sentAt: now(), timeToLive: publishing.properties.expiration.flatMap(Int64.init) ?? 0,
        nonce: MessageID.new())
      let text = headers.text(
        exchange: publishing.exchange, routingKey: publishing.routingKey, messageID: publishing.properties.messageID,
        body: publishing.body)
      var table = headers.table
      table[SignatureHeaders.signature] = .string(Data(try key.sign(text)).base64EncodedString())
      return table
    }
  }
}
