import AMQP

/// Encodes a message whose members are what most are, strings and numbers and lists of strings.
///
/// A tenth of what Foundation's encoder takes, which builds a tree first, and the same bytes. Whatever is not that simple is left to it,
/// member by member or for the whole message.
final class MemberEncoder: Encoder {
  private struct Member {
    let name: String
    /// Of ``json``.
    var value: Range<Int>
  }

  private var members: [Member] = []
  /// The values, one behind the other.
  private var json: [UInt8] = []
  /// Whether it has been asked only for what it can do.
  private var isSuited = true
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  private init() {}

  /// The sender of the last message and its members: most processes have one.
  private static let lastSender = Locked<(sender: Server, members: [Member], json: [UInt8])?>(nil)

  /// A body as ``JSONText/encode(_:)`` writes it.
  static func encode<M: Message>(_ envelope: Envelope<M>) throws -> [UInt8] {
    let encoder = MemberEncoder()
    if let sender = envelope.sender { encoder.add(sender) }
    do { try envelope.message.encode(to: encoder) } catch is Unsuited {}
    encoder.add(Envelope<M>.TypeKey.type.stringValue) { encoder.append(M.type) }
    return try encoder.isSuited ? encoder.text : JSONText.encode(envelope)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Members(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { unsuited() }
  func singleValueContainer() -> any SingleValueEncodingContainer { unsuited() }

  private func unsuited() -> Elsewhere {
    isSuited = false
    return Elsewhere(encoder: self)
  }

  // MARK: - Writing

  /// Before any other member.
  private func add(_ sender: Server) {
    if let last = Self.lastSender.withLock({ $0 }), last.sender == sender {
      (members, json) = (last.members, last.json)
      return
    }
    add(Server.CodingKeys.environment.stringValue) { append(sender.environment) }
    add(Server.CodingKeys.fqdn.stringValue) { append(sender.fqdn) }
    add(Server.CodingKeys.appNames.stringValue) { append(sender.appNames) }
    if isSuited { Self.lastSender.withLock { $0 = (sender, members, json) } }
  }

  /// The last word on a member counts.
  private func add(_ name: String, _ write: () throws -> Void) rethrows {
    // Of others the order is Foundation's business.
    if !name.utf8.allSatisfy(Self.isPlain) { isSuited = false }
    let start = json.count
    try write()
    let value = start..<json.count
    if let index = members.firstIndex(where: { $0.name == name }) {
      members[index].value = value
    } else {
      members.append(Member(name: name, value: value))
    }
  }

  private var text: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(members.reduce(json.count + 2) { $0 + $1.name.utf8.count + 4 })
    for member in members.sorted(by: { $0.name < $1.name }) {
      text.append(text.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
      text.append(UInt8(ascii: "\""))
      text.append(contentsOf: member.name.utf8)
      text.append(UInt8(ascii: "\""))
      text.append(UInt8(ascii: ":"))
      text.append(contentsOf: json[member.value])
    }
    text.append(UInt8(ascii: "}"))
    return text
  }

  private func append(_ text: String) {
    // What needs an escape; of the rest beyond ASCII nothing does.
    let isPlain = text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy { $0 >= 0x80 || Self.isPlain($0) } }
    guard isPlain == true else { return appendEncoded(text) }
    json.append(UInt8(ascii: "\""))
    json.append(contentsOf: text.utf8)
    json.append(UInt8(ascii: "\""))
  }

  private func append(_ list: [String]) {
    json.append(UInt8(ascii: "["))
    for (index, text) in list.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      append(text)
    }
    json.append(UInt8(ascii: "]"))
  }

  private func appendEncoded(_ value: some Encodable) {
    do { json += try JSONText.encode(value) } catch {
      // It says so itself, for the whole message.
      isSuited = false
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: MemberEncoder
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil(forKey key: Key) throws { encoder.add(key.stringValue) { encoder.json += "null".utf8 } }

    mutating func encode(_ value: String, forKey key: Key) throws {
      encoder.add(key.stringValue) { encoder.append(value) }
    }

    mutating func encode(_ value: Bool, forKey key: Key) throws {
      encoder.add(key.stringValue) { encoder.json += "\(value)".utf8 }
    }

    mutating func encode(_ value: Int, forKey key: Key) throws {
      encoder.add(key.stringValue) { encoder.json += "\(value)".utf8 }
    }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
      encoder.add(key.stringValue) {
        if let list = value as? [String] { encoder.append(list) } else { encoder.appendEncoded(value) }
      }
    }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
      var elsewhere = encoder.unsuited()
      return elsewhere.nestedContainer(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder.unsuited() }
    mutating func superEncoder() -> any Encoder { encoder.unsuited().encoder }
    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder.unsuited().encoder }
  }

  private struct Unsuited: Error {}

  /// Takes nothing in: the message is encoded elsewhere.
  private struct Elsewhere: UnkeyedEncodingContainer, SingleValueEncodingContainer {
    let encoder: MemberEncoder
    var codingPath: [any CodingKey] { [] }
    var count: Int { 0 }

    mutating func encodeNil() throws { throw Unsuited() }
    mutating func encode<Value: Encodable>(_ value: Value) throws { throw Unsuited() }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
      KeyedEncodingContainer(Members(encoder: encoder))
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
    mutating func superEncoder() -> any Encoder { encoder }
  }
}
