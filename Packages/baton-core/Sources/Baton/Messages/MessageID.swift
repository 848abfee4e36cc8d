#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Names one message among all that were ever sent.
public enum MessageID {
  /// A random UUID in lower case (RFC 9562, version 4).
  public static func new() -> String { UUID().uuidString.lowercased() }
}
