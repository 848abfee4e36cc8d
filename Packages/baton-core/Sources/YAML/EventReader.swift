import CYAML

struct Event: Equatable {
  enum Kind: Equatable {
    case documentStart
    case scalar(String)
    case sequenceStart
    case mappingStart
    /// Of a sequence, a mapping or a document.
    case end
  }

  let kind: Kind
  let line: Int
}

/// The owner of a libyaml parser. Its input must outlive it.
struct EventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeBufferPointer<UInt8>

  init(_ input: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    guard yaml_parser_initialize(parser) == 1 else { throw YAMLError(line: 1, reason: "out of memory") }
    self.input = input
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event that matters; nil at the end.
  mutating func next() throws(YAMLError) -> Event? {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError }
      defer { yaml_event_delete(&event) }
      let line = Int(event.start_mark.line) + 1
      switch event.type {
      case YAML_STREAM_START_EVENT: continue
      case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return nil
      case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, line: line)
      case YAML_DOCUMENT_END_EVENT, YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
        return Event(kind: .end, line: line)
      case YAML_SCALAR_EVENT:
        let scalar = event.data.scalar
        try refuse(anchor: scalar.anchor, tag: scalar.tag, line: line)
        let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        return Event(kind: .scalar(String(decoding: bytes, as: UTF8.self)), line: line)
      case YAML_SEQUENCE_START_EVENT:
        try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, line: line)
        return Event(kind: .sequenceStart, line: line)
      case YAML_MAPPING_START_EVENT:
        try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, line: line)
        return Event(kind: .mappingStart, line: line)
      default:
        throw YAMLError(line: line, reason: "an alias ('*name'); write the value out, or put it in quotes")
      }
    }
  }

  private func refuse(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, line: Int
  ) throws(YAMLError) {
    if anchor != nil {
      throw YAMLError(line: line, reason: "an anchor ('&name'); write the value out, or put it in quotes")
    }
    if tag != nil { throw YAMLError(line: line, reason: "a tag ('!name'); put the value in quotes") }
  }

  private var syntaxError: YAMLError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it is not YAML"
    // A character that no document may have is found before there are lines: it is told by its offset alone.
    let line =
      parser.pointee.error == YAML_READER_ERROR
      ? input.prefix(parser.pointee.problem_offset).count { $0 == UInt8(ascii: "\n") }
      : Int(parser.pointee.problem_mark.line)
    return YAMLError(line: line + 1, reason: problem)
  }
}
