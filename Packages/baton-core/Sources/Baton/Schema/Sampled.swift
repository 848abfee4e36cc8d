/// A type that checks what it decodes, and so gives a value that passes: its shape could not be found otherwise.
///
/// ```swift
/// struct Version: Codable, Sampled {
///   static let sample = Version("1.0.0")
///   …
/// }
/// ```
public protocol Sampled: Decodable {
  static var sample: Self { get }
}
