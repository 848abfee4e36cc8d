import CRabbitMQ

// Swift's values of librabbitmq's: everything is copied, so that its buffers can be released.

extension String {
  /// Bytes that are not UTF-8 are replaced, as a name or a word for people can bear.
  init(_ bytes: amqp_bytes_t) {
    self.init(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }
}

extension [UInt8] {
  init(_ bytes: amqp_bytes_t) {
    self.init(UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len))
  }
}

extension Properties {
  init(_ fields: amqp_basic_properties_t) {
    self.init()
    func text(_ value: amqp_bytes_t, _ flag: Int32) -> String? {
      fields._flags & UInt32(flag) == 0 ? nil : String(value)
    }
    contentType = text(fields.content_type, AMQP_BASIC_CONTENT_TYPE_FLAG)
    contentEncoding = text(fields.content_encoding, AMQP_BASIC_CONTENT_ENCODING_FLAG)
    correlationID = text(fields.correlation_id, AMQP_BASIC_CORRELATION_ID_FLAG)
    replyTo = text(fields.reply_to, AMQP_BASIC_REPLY_TO_FLAG)
    expiration = text(fields.expiration, AMQP_BASIC_EXPIRATION_FLAG)
    messageID = text(fields.message_id, AMQP_BASIC_MESSAGE_ID_FLAG)
    type = text(fields.type, AMQP_BASIC_TYPE_FLAG)
    userID = text(fields.user_id, AMQP_BASIC_USER_ID_FLAG)
    appID = text(fields.app_id, AMQP_BASIC_APP_ID_FLAG)
    if fields._flags & UInt32(AMQP_BASIC_HEADERS_FLAG) != 0 { headers = FieldTable(fields.headers, depth: 0) }
    if fields._flags & UInt32(AMQP_BASIC_DELIVERY_MODE_FLAG) != 0 {
      deliveryMode = DeliveryMode(rawValue: fields.delivery_mode)
    }
    if fields._flags & UInt32(AMQP_BASIC_PRIORITY_FLAG) != 0 { priority = fields.priority }
    if fields._flags & UInt32(AMQP_BASIC_TIMESTAMP_FLAG) != 0 { timestamp = fields.timestamp }
  }
}

extension BrokerIdentity {
  /// - Parameter properties: the broker's, as `connection.start` brings them.
  init(_ properties: amqp_table_t, certificateEnd: Int?) {
    let properties = FieldTable(properties, depth: 0)
    self.init(
      product: properties["product"]?.string ?? "a broker", version: properties["version"]?.string ?? "",
      certificateEnd: certificateEnd)
  }
}

extension FieldTable {
  /// Deeper than this a peer's tables are not followed; what is below reads as void.
  static let deepest = 16

  fileprivate init(_ table: amqp_table_t, depth: Int) {
    self.init(minimumCapacity: Int(table.num_entries))
    for entry in UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries)) {
      self[String(entry.key)] = FieldValue(entry.value, depth: depth + 1)
    }
  }
}

extension FieldValue {
  fileprivate init(_ field: amqp_field_value_t, depth: Int) {
    guard depth <= FieldTable.deepest else {
      self = .void
      return
    }
    let value = field.value
    self =
      switch UInt32(field.kind) {
      case AMQP_FIELD_KIND_BOOLEAN.rawValue: .bool(value.boolean != 0)
      case AMQP_FIELD_KIND_I8.rawValue: .int(Int64(value.i8))
      case AMQP_FIELD_KIND_U8.rawValue: .int(Int64(value.u8))
      case AMQP_FIELD_KIND_I16.rawValue: .int(Int64(value.i16))
      case AMQP_FIELD_KIND_U16.rawValue: .int(Int64(value.u16))
      case AMQP_FIELD_KIND_I32.rawValue: .int(Int64(value.i32))
      case AMQP_FIELD_KIND_U32.rawValue: .int(Int64(value.u32))
      case AMQP_FIELD_KIND_I64.rawValue: .int(value.i64)
      case AMQP_FIELD_KIND_U64.rawValue: .int(Int64(clamping: value.u64))
      case AMQP_FIELD_KIND_F32.rawValue: .double(Double(value.f32))
      case AMQP_FIELD_KIND_F64.rawValue: .double(value.f64)
      case AMQP_FIELD_KIND_TIMESTAMP.rawValue: .timestamp(value.u64)
      case AMQP_FIELD_KIND_BYTES.rawValue: .bytes([UInt8](value.bytes))
      case AMQP_FIELD_KIND_UTF8.rawValue:
        String(validating: UnsafeRawBufferPointer(start: value.bytes.bytes, count: value.bytes.len), as: UTF8.self)
          .map { .string($0) } ?? .bytes([UInt8](value.bytes))
      case AMQP_FIELD_KIND_TABLE.rawValue: .table(FieldTable(value.table, depth: depth))
      case AMQP_FIELD_KIND_ARRAY.rawValue:
        .array(
          UnsafeBufferPointer(start: value.array.entries, count: Int(value.array.num_entries)).map {
            FieldValue($0, depth: depth + 1)
          })
      default: .void
      }
  }
}
