import AMQP
import Baton
import Testing

@testable import BatonSigning

struct SignatureTests {
  private let key: SigningKey
  private let other: SigningKey
  private let now: Int64 = 1_800_000_000_000

  init() throws {
    key = try SigningKey(id: "jo")
    other = try SigningKey(id: "jo")
  }

  /// A request that is signed, as it is published.
  private func request(by key: SigningKey, at moment: Int64) throws -> Publishing {
    var properties = Properties()
    properties.messageID = "m1"
    properties.expiration = "60000"
    var publishing = Publishing(
      exchange: "baton_deploy_in", routingKey: "shop.production.web1.example", properties: properties,
      body: [UInt8](#"{"type":"deploy","version":"1"}"#.utf8))
    publishing.properties.headers = try Seal.signing(with: key, now: { moment }).headers(of: publishing)
    return publishing
  }

  /// What comes of it at a host.
  private func code(of publishing: Publishing, at moment: Int64) throws -> SignatureError.Code? {
    let message = try AnyMessage(
      Delivery(
        tag: 1, exchange: publishing.exchange, routingKey: publishing.routingKey, properties: publishing.properties,
        body: publishing.body))
    do {
      let signature = try Signature(of: message, keys: ["jo": key.publicKey], now: moment)
      #expect(signature.keyID == "jo")
      return nil
    } catch { return error.code }
  }

  @Test("What was signed with a key is its owner's; each signing has a number of its own")
  func genuine() throws {
    let (one, two) = (try request(by: key, at: now), try request(by: key, at: now))
    #expect(try code(of: one, at: now) == nil)
    #expect(one.properties.headers["baton-nonce"] != two.properties.headers["baton-nonce"])
  }

  @Test("Another key, or no known one, is told apart; so is a request without a signature")
  func strangers() throws {
    #expect(try code(of: try request(by: other, at: now), at: now) == .forged)
    #expect(try code(of: try request(by: try SigningKey(id: "eve"), at: now), at: now) == .unknownKey)
    var bare = try request(by: key, at: now)
    bare.properties.headers = [:]
    #expect(try code(of: bare, at: now) == .missing)
  }

  @Test("Nothing of it can be changed: not the body, the target, the exchange, the number, nor one header")
  func changed() throws {
    let changes: [(inout Publishing) -> Void] = [
      { $0.body[$0.body.count - 3] = UInt8(ascii: "2") }, { $0.routingKey = "shop.production" },
      { $0.routingKey = "shop.production.web2.example" }, { $0.exchange = "baton_other_in" },
      { $0.properties.messageID = "m2" }, { $0.properties.headers["baton-nonce"] = "another" },
      { $0.properties.headers["baton-sent-at-ms"] = .int(now + 1) },
      { $0.properties.headers["baton-ttl-ms"] = .int(70_000) },
    ]
    for change in changes {
      var changed = try request(by: key, at: now)
      change(&changed)
      #expect(try code(of: changed, at: now) == .forged)
    }
  }

  @Test("It is good for its time and 30 s more, and not before it was signed")
  func time() throws {
    let signed = try request(by: key, at: now)
    #expect(try code(of: signed, at: now + 89_999) == nil)
    #expect(try code(of: signed, at: now + 90_000) == .expired)
    #expect(try code(of: signed, at: now - 30_000) == nil)
    #expect(try code(of: signed, at: now - 30_001) == .expired)
  }

  @Test(
    "Half a signature is none",
    arguments: ["baton-key-id", "baton-sent-at-ms", "baton-ttl-ms", "baton-nonce", "baton-signature"])
  func half(header: String) throws {
    var half = try request(by: key, at: now)
    half.properties.headers[header] = nil
    #expect(try code(of: half, at: now) == .malformed)
    half.properties.headers[header] = .table([:])
    #expect(try code(of: half, at: now) == .malformed)
  }

  @Test("A time that no host remembers numbers for is not taken")
  func endless() throws {
    var endless = try request(by: key, at: now)
    endless.properties.expiration = "\(Signature.longest + 1)"
    endless.properties.headers = try Seal.signing(with: key, now: { now }).headers(of: endless)
    #expect(try code(of: endless, at: now) == .malformed)
    #expect(try code(of: try request(by: key, at: .max - 1), at: now) == .malformed)
  }
}
