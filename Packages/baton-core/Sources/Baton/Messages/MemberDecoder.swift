/// Decodes a message whose members are what most are, strings and lists of them, from where they stand in the body.
///
/// A tenth of what Foundation's decoder takes, which builds a map of the whole body first. Whatever is not that simple is left to it,
/// member by member or for the whole message, and so is to say what is wrong.
struct MemberDecoder: Decoder {
  private let object: JSONObject
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// The message; throws ``Unreadable`` if the body is none of that type.
  static func decode<Value: Decodable>(_ type: Value.Type, from object: JSONObject) throws(Unreadable) -> Value {
    if object.hasPlainNames, let value = try? Value(from: MemberDecoder(object: object)) { return value }
    return try JSONText.decode(type, from: object.body)
  }

  private struct Unsuited: Error {}

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Members(object: object))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unsuited() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw Unsuited() }

  private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: JSONObject
    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
      object.members.compactMap { Key(stringValue: String(decoding: object.body[$0.name], as: UTF8.self)) }
    }

    func contains(_ key: Key) -> Bool { object.value(of: key.stringValue) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).first == UInt8(ascii: "n") }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
      try object.text(of: key.stringValue) ?? JSONText.decode(type, from: Array(value(key)))
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      let value = try value(key)
      if type == [String].self, let texts = value.plainTexts as? Value { return texts }
      return try JSONText.decode(type, from: Array(value))
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw Unsuited() }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw Unsuited() }
    func superDecoder() throws -> any Decoder { throw Unsuited() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw Unsuited() }

    private func value(_ key: Key) throws -> ArraySlice<UInt8> {
      guard let value = object.value(of: key.stringValue) else { throw Unsuited() }
      return value
    }
  }
}
