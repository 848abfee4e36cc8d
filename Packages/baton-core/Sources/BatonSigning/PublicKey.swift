#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a host knows of somebody whom it trusts: it can tell his signatures from all others, and make none.
public struct PublicKey: Sendable, Hashable, CustomStringConvertible {
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// 32 bytes in base64, as `baton keygen` prints them; nil if it is not that.
  public init?(_ text: String) {
    guard let data = Data(base64Encoded: text), data.count == Ed25519.keySize else { return nil }
    bytes = [UInt8](data)
  }

  public var description: String { Data(bytes).base64EncodedString() }
}
