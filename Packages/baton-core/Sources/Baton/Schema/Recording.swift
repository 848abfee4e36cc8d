/// What a type asked for while it was being decoded. It lives for one ``Shape/init(of:)``, and is its only user's.
final class Recording {
  private enum Kind {
    /// Nothing was asked for: an object without members.
    case nothing
    case leaf(Shape)
    case object
    case map
    case array
  }

  private var kind = Kind.nothing
  private var fields: [(name: String, value: Recording)] = []
  private var optional: Set<String> = []
  private let path: [any CodingKey]
  /// The types that are being decoded around this value.
  private let ancestors: [ObjectIdentifier]

  init(path: [any CodingKey] = [], ancestors: [ObjectIdentifier] = []) {
    self.path = path
    self.ancestors = ancestors
  }

  var shape: Shape {
    switch kind {
    case .nothing: .object([])
    case .leaf(let shape): shape
    case .object:
      .object(fields.map { .init(name: $0.name, shape: $0.value.shape, isOptional: optional.contains($0.name)) })
    case .map: .map(fields.first?.value.shape ?? .any)
    case .array: .array(fields.first?.value.shape ?? .any)
    }
  }

  // MARK: - What the containers note

  func becomeObject() { if case .nothing = kind { kind = .object } }
  func becomeMap() { kind = .map }
  func becomeArray() { kind = .array }
  func mayBeAbsent(_ name: String) { optional.insert(name) }

  /// The recording of a member or an element; one for each name, however often it is asked for.
  func value(at key: any CodingKey) -> Recording {
    if let known = fields.first(where: { $0.name == key.stringValue }) { return known.value }
    let value = Recording(path: path + [key], ancestors: ancestors)
    fields.append((key.stringValue, value))
    return value
  }

  // MARK: - Decoding

  private static let advice =
    "it does not decode from just any value; let an enum be CaseIterable, and a type that checks its value be Sampled"

  /// Decodes a type from itself, and so notes its shape; gives some value of it.
  func record<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let known = type as? any Known.Type, let sample = known.some as? Value {
      kind = .leaf(known.shape)
      return sample
    }
    if let values = type as? any (CaseIterable & RawRepresentable).Type, let (choices, sample) = Self.choices(values) {
      kind = .leaf(.choice(choices))
      if let sample = sample as? Value { return sample }
    }
    guard !ancestors.contains(ObjectIdentifier(type)) else {
      throw ShapeError(type, path: path, reason: "it holds itself, and has no end")
    }
    let recorder = Recorder(
      recording: Recording(path: path, ancestors: ancestors + [ObjectIdentifier(type)]), codingPath: path)
    defer { adopt(recorder.recording) }
    do { return try Value(from: recorder) } catch {
      if let sampled = type as? any Sampled.Type, let sample = sampled.sample as? Value { return sample }
      throw error is ShapeError ? error : ShapeError(type, path: path, reason: Self.advice)
    }
  }

  private func adopt(_ other: Recording) {
    (kind, fields, optional) = (other.kind, other.fields, other.optional)
  }

  /// The raw values of an enum of strings or numbers, and its first case.
  private static func choices<Choice: CaseIterable & RawRepresentable>(
    _ type: Choice.Type
  ) -> (values: [JSONValue], sample: Choice)? {
    let values = type.allCases.compactMap { choice -> JSONValue? in
      switch choice.rawValue {
      case let text as String: .string(text)
      case let number as any BinaryInteger: Int64(exactly: number).map { .int($0) }
      default: nil
      }
    }
    return type.allCases.first.map { (values, $0) }
  }
}
