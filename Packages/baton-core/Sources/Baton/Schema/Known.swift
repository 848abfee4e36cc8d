#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A type whose shape is known beforehand, whatever its decoding does.
protocol Known: Decodable {
  static var shape: Shape { get }
  /// Some value of it.
  static var some: Self { get }
}

extension String: Known {
  static var shape: Shape { .string() }
  static var some: String { "x" }
}

extension Bool: Known {
  static var shape: Shape { .boolean }
  static var some: Bool { false }
}

extension Double: Known {
  static var shape: Shape { .number }
  static var some: Double { 1 }
}

extension Float: Known {
  static var shape: Shape { .number }
  static var some: Float { 1 }
}

extension Known where Self: FixedWidthInteger {
  /// Bounds are those of the type, but for 64 bits, which is what "a whole number" means.
  static var shape: Shape {
    .integer(
      minimum: bitWidth == 64 && isSigned ? nil : Int64(exactly: min),
      maximum: bitWidth == 64 ? nil : Int64(exactly: max))
  }
  static var some: Self { 1 }

  private static var isSigned: Bool { min < 0 }
}

extension Int: Known {}
extension Int8: Known {}
extension Int16: Known {}
extension Int32: Known {}
extension Int64: Known {}
extension UInt: Known {}
extension UInt8: Known {}
extension UInt16: Known {}
extension UInt32: Known {}
extension UInt64: Known {}

extension JSONValue: Known {
  static var shape: Shape { .any }
  static var some: JSONValue { .null }
}

extension URL: Known {
  static var shape: Shape { .string(format: "uri") }
  static var some: URL { URL(filePath: "/") }
}

extension UUID: Known {
  static var shape: Shape { .string(format: "uuid") }
  static var some: UUID { UUID() }
}

extension Data: Known {
  /// Base 64, as JSONDecoder reads it.
  static var shape: Shape { .string() }
  static var some: Data { Data() }
}
