public import AMQP

/// A message as it came, whatever its type: what monitors and rules look at, and what typed messages are decoded from.
public struct AnyMessage: Sendable {
  /// The body's member `type`.
  public let type: String
  /// Who says it; members that are absent are empty.
  public let sender: Server
  /// The body's bytes, as they came.
  public var body: [UInt8] { object.body }
  /// Where it was published.
  public var exchange: String { delivery.exchange }
  public var routingKey: String { delivery.routingKey }
  public var properties: Properties { delivery.properties }
  private let delivery: Delivery
  private let object: JSONObject

  /// Throws ``Unreadable`` for a body that is not an object within the limits, or has no `type`.
  public init(_ delivery: Delivery) throws(Unreadable) {
    object = try BodyLimits.check(delivery.body, size: delivery.bodySize)
    let head: Head = if let simple = Head(object) { simple } else { try JSONText.decode(Head.self, from: object.body) }
    type = head.type
    sender = head.sender
    self.delivery = delivery
  }

  /// The same for each copy of the message that is sent or delivered again; nil from the gem's hosts.
  public var messageID: String? { properties.messageID }

  /// Whether a host says that something went wrong.
  public var isError: Bool { type == Failure.type }

  /// The release of baton that its sender runs; the Ruby gem's hosts do not say.
  public var version: String? { properties.headers[Headers.version]?.string }

  /// The whole body, to look into.
  public func json() throws(Unreadable) -> JSONValue { try JSONText.decode(JSONValue.self, from: body) }

  /// The message as what its `type` says it is; throws ``Unreadable`` naming the member that is wrong.
  public func decode<M: Message>(_ type: M.Type) throws(Unreadable) -> M {
    try MemberDecoder.decode(type, from: object)
  }

  /// What is looked at in each message.
  private struct Head: Decodable {
    let type: String
    let sender: Server

    /// Nil if it is to be left to a decoder, which also says what is wrong.
    init?(_ object: JSONObject) {
      guard object.hasPlainNames, let type = object.text(of: CodingKeys.type.stringValue),
        let sender = Server(object)
      else { return nil }
      self.type = type
      self.sender = sender
    }

    init(from decoder: any Decoder) throws {
      type = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .type)
      sender = try Server(from: decoder)
    }

    private enum CodingKeys: String, CodingKey {
      case type
    }
  }
}

extension Server {
  /// The members that name a sender, where they are absent or as simple as a host writes them.
  fileprivate init?(_ object: JSONObject) {
    func text(_ key: CodingKeys) -> String? {
      object.value(of: key.stringValue) == nil ? "" : object.text(of: key.stringValue)
    }
    let names = object.value(of: CodingKeys.appNames.stringValue)
    guard let environment = text(.environment), let fqdn = text(.fqdn), let appNames = names.map(\.plainTexts) ?? []
    else { return nil }
    self.init(environment: environment, fqdn: fqdn, appNames: appNames)
  }
}
