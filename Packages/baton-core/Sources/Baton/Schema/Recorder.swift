/// A decoder that has an answer to everything, and notes what it is asked for.
struct Recorder: Decoder {
  let recording: Recording
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    recording.becomeObject()
    return KeyedDecodingContainer(KeyedRecorder(recording: recording, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    recording.becomeArray()
    return UnkeyedRecorder(recording: recording, codingPath: codingPath)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    SingleRecorder(recording: recording, codingPath: codingPath)
  }
}

/// Notes the members that are asked for.
///
/// The one generic `decode` stands for those of all the simple types, too; `decodeIfPresent` goes by way of `contains`.
private struct KeyedRecorder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let recording: Recording
  let codingPath: [any CodingKey]

  /// Who asks what is there takes members of any names: a dictionary.
  var allKeys: [Key] {
    guard let key = Key(stringValue: "*") else { return [] }
    recording.becomeMap()
    return [key]
  }

  /// Who asks whether it is there can do without.
  func contains(_ key: Key) -> Bool {
    recording.mayBeAbsent(key.stringValue)
    return true
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    recording.mayBeAbsent(key.stringValue)
    return false
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try recording.value(at: key).record(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try recorder(at: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try recorder(at: key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { Recorder(recording: recording, codingPath: codingPath) }
  func superDecoder(forKey key: Key) throws -> any Decoder { recorder(at: key) }

  private func recorder(at key: Key) -> Recorder {
    Recorder(recording: recording.value(at: key), codingPath: codingPath + [key])
  }
}

/// Notes what the first element is, and has no second one.
private struct UnkeyedRecorder: UnkeyedDecodingContainer {
  let recording: Recording
  let codingPath: [any CodingKey]
  var count: Int? { 1 }
  private(set) var currentIndex = 0
  var isAtEnd: Bool { currentIndex > 0 }

  init(recording: Recording, codingPath: [any CodingKey]) {
    self.recording = recording
    self.codingPath = codingPath
  }

  private struct Index: CodingKey {
    var stringValue: String { "0" }
    var intValue: Int? { 0 }
    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
  }

  mutating func decodeNil() throws -> Bool { false }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try element().recording.record(type) }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    try element().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try element().unkeyedContainer() }
  mutating func superDecoder() throws -> any Decoder { element() }

  private mutating func element() -> Recorder {
    currentIndex += 1
    return Recorder(recording: recording.value(at: Index()), codingPath: codingPath + [Index()])
  }
}

/// Notes the one value.
private struct SingleRecorder: SingleValueDecodingContainer {
  let recording: Recording
  let codingPath: [any CodingKey]

  func decodeNil() -> Bool { false }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try recording.record(type) }
}
