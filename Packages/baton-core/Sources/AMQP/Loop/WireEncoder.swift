import CRabbitMQ

/// Makes librabbitmq's values of Swift's, in memory that is all given back at once by ``recycle()``.
///
/// The corresponding C functions are `amqp_pool_alloc_bytes` and `recycle_amqp_pool`.
struct WireEncoder: ~Copyable {
  private let pool: UnsafeMutablePointer<amqp_pool_t>

  init() {
    pool = .allocate(capacity: 1)
    init_amqp_pool(pool, 4096)
  }

  deinit {
    empty_amqp_pool(pool)
    pool.deallocate()
  }

  /// Ends the life of every value made since the last time.
  func recycle() { recycle_amqp_pool(pool) }

  func bytes(_ text: String) -> amqp_bytes_t {
    var text = text
    return text.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
  }

  func table(_ table: FieldTable) -> amqp_table_t {
    guard !table.isEmpty, let memory = amqp_pool_alloc(pool, table.count * MemoryLayout<amqp_table_entry_t>.stride)
    else {
      return amqp_table_t()
    }
    let entries = memory.bindMemory(to: amqp_table_entry_t.self, capacity: table.count)
    for (index, (key, value)) in table.enumerated() {
      entries[index] = amqp_table_entry_t(key: bytes(key), value: field(value))
    }
    return amqp_table_t(num_entries: Int32(table.count), entries: entries)
  }

  func properties(_ properties: Properties) -> amqp_basic_properties_t {
    var fields = amqp_basic_properties_t()
    func text(_ value: String?, _ flag: Int32) -> amqp_bytes_t {
      guard let value else { return amqp_bytes_t() }
      fields._flags |= UInt32(flag)
      return bytes(value)
    }
    fields.content_type = text(properties.contentType, AMQP_BASIC_CONTENT_TYPE_FLAG)
    fields.content_encoding = text(properties.contentEncoding, AMQP_BASIC_CONTENT_ENCODING_FLAG)
    fields.correlation_id = text(properties.correlationID, AMQP_BASIC_CORRELATION_ID_FLAG)
    fields.reply_to = text(properties.replyTo, AMQP_BASIC_REPLY_TO_FLAG)
    fields.expiration = text(properties.expiration, AMQP_BASIC_EXPIRATION_FLAG)
    fields.message_id = text(properties.messageID, AMQP_BASIC_MESSAGE_ID_FLAG)
    fields.type = text(properties.type, AMQP_BASIC_TYPE_FLAG)
    fields.user_id = text(properties.userID, AMQP_BASIC_USER_ID_FLAG)
    fields.app_id = text(properties.appID, AMQP_BASIC_APP_ID_FLAG)
    if !properties.headers.isEmpty {
      fields._flags |= UInt32(AMQP_BASIC_HEADERS_FLAG)
      fields.headers = table(properties.headers)
    }
    if let mode = properties.deliveryMode {
      fields._flags |= UInt32(AMQP_BASIC_DELIVERY_MODE_FLAG)
      fields.delivery_mode = mode.rawValue
    }
    if let priority = properties.priority {
      fields._flags |= UInt32(AMQP_BASIC_PRIORITY_FLAG)
      fields.priority = priority
    }
    if let timestamp = properties.timestamp {
      fields._flags |= UInt32(AMQP_BASIC_TIMESTAMP_FLAG)
      fields.timestamp = timestamp
    }
    return fields
  }

  private func bytes(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
    var copy = amqp_bytes_t()
    guard let start = source.baseAddress, source.count > 0 else { return copy }
    amqp_pool_alloc_bytes(pool, source.count, &copy)
    copy.bytes?.copyMemory(from: start, byteCount: source.count)
    return copy
  }

  private func field(_ value: FieldValue) -> amqp_field_value_t {
    var field = amqp_field_value_t()
    func kind(_ kind: amqp_field_value_kind_t) { field.kind = UInt8(kind.rawValue) }
    switch value {
    case .bool(let bool):
      kind(AMQP_FIELD_KIND_BOOLEAN)
      field.value.boolean = bool ? 1 : 0
    case .int(let int):
      kind(AMQP_FIELD_KIND_I64)
      field.value.i64 = int
    case .double(let double):
      kind(AMQP_FIELD_KIND_F64)
      field.value.f64 = double
    case .string(let text):
      kind(AMQP_FIELD_KIND_UTF8)
      field.value.bytes = bytes(text)
    case .bytes(let data):
      kind(AMQP_FIELD_KIND_BYTES)
      field.value.bytes = data.withUnsafeBytes { bytes($0) }
    case .timestamp(let seconds):
      kind(AMQP_FIELD_KIND_TIMESTAMP)
      field.value.u64 = seconds
    case .array(let values):
      kind(AMQP_FIELD_KIND_ARRAY)
      field.value.array = array(values)
    case .table(let inner):
      kind(AMQP_FIELD_KIND_TABLE)
      field.value.table = table(inner)
    case .void:
      kind(AMQP_FIELD_KIND_VOID)
    }
    return field
  }

  private func array(_ values: [FieldValue]) -> amqp_array_t {
    guard !values.isEmpty, let memory = amqp_pool_alloc(pool, values.count * MemoryLayout<amqp_field_value_t>.stride)
    else { return amqp_array_t() }
    let entries = memory.bindMemory(to: amqp_field_value_t.self, capacity: values.count)
    for (index, value) in values.enumerated() { entries[index] = field(value) }
    return amqp_array_t(num_entries: Int32(values.count), entries: entries)
  }
}
