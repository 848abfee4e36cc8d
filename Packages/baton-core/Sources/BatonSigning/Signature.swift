import AMQP
public import Baton

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The signature of a request that was found to be right: by whom, and until when it could be shown again.
public struct Signature: Sendable, Hashable {
  /// How far the clocks of two machines may be apart, in milliseconds.
  public static let skew: Int64 = 30_000
  /// The longest that a request may be good for, in milliseconds: so long its number is remembered.
  public static let longest: Int64 = 24 * 3_600_000

  public let keyID: String
  /// Never used twice by one key: whoever sees it again sees a replay.
  public let nonce: String
  /// From this moment on the request is refused whatever is remembered of it; milliseconds since 1970.
  public let expires: Int64

  /// Looks at the signature of a request.
  ///
  /// That the request is seen for the first time is not known here, nor whether its sender may do what he asks for.
  ///
  /// - Parameters:
  ///   - keys: those that are trusted, by their names.
  ///   - now: milliseconds since 1970.
  public init(of request: AnyMessage, keys: [String: PublicKey], now: Int64) throws(SignatureError) {
    let table = request.properties.headers
    guard SignatureHeaders.areIn(table) else { throw SignatureError(.missing, "it is not signed") }
    guard let headers = SignatureHeaders(table),
      let signature = table[SignatureHeaders.signature]?.string.flatMap({ Data(base64Encoded: $0) }),
      (1...64).contains(headers.nonce.utf8.count), (1...Self.longest).contains(headers.timeToLive),
      (0...Int64.max / 2).contains(headers.sentAt)
    else { throw SignatureError(.malformed, "its signature is not whole") }
    guard let key = keys[headers.keyID] else {
      throw SignatureError(
        .unknownKey, "nobody here knows the key '\(headers.keyID.prefix(64).description.escapingControlCharacters)'")
    }
    let text = headers.text(
      exchange: request.exchange, routingKey: request.routingKey, messageID: request.messageID, body: request.body)
    guard Ed25519.isValid([UInt8](signature), of: text, by: key.bytes) else {
      throw SignatureError(
        .forged, "the signature is not that of '\(headers.keyID)', or what was signed is not what came")
    }
    expires = headers.sentAt + headers.timeToLive + Self.skew
    guard now < expires else { throw SignatureError(.expired, "it was signed too long ago") }
    guard headers.sentAt <= now + Self.skew else {
      throw SignatureError(.expired, "it was signed in the future: see to the clocks")
    }
    keyID = headers.keyID
    nonce = headers.nonce
  }
}

/// Why a request is not taken for its sender's.
public struct SignatureError: Error, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case missing, malformed, unknownKey, forged, expired
  }

  public let code: Code
  public let reason: String

  init(_ code: Code, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  public var description: String { reason }
}
