import COpenSSL

/// The SHA-256 of a secret: what is kept of one that only has to be known again.
///
/// Two are compared in a time that says nothing about where they differ. One that could not be made equals none.
struct Fingerprint: Sendable {
  let bytes: [UInt8]

  private static let size = 32

  /// The corresponding C function is `EVP_Digest`.
  init(of secret: String) {
    let secret = [UInt8](secret.utf8)
    var bytes = [UInt8](repeating: 0, count: Self.size)
    let isMade = EVP_Digest(secret, secret.count, &bytes, nil, EVP_sha256(), nil) == 1
    self.bytes = isMade ? bytes : Randomness.bytes(Self.size)
  }

  /// With a key, without which nobody can make the same. The corresponding C function is `HMAC`.
  init(of text: String, key: [UInt8]) {
    let text = [UInt8](text.utf8)
    var bytes = [UInt8](repeating: 0, count: Self.size)
    let isMade = HMAC(EVP_sha256(), key, Int32(key.count), text, text.count, &bytes, nil) != nil
    self.bytes = isMade ? bytes : Randomness.bytes(Self.size)
  }

  /// As it was written; nil if it is none.
  init?(hexadecimal text: String) {
    guard let bytes = [UInt8](hexadecimal: text), bytes.count == Self.size else { return nil }
    self.bytes = bytes
  }

  /// As it was kept; nil if it is none.
  init?(bytes: [UInt8]) {
    guard bytes.count == Self.size else { return nil }
    self.bytes = bytes
  }

  var hexadecimal: String { bytes.hexadecimal }
}

extension Fingerprint: Hashable {
  /// The corresponding C function is `CRYPTO_memcmp`.
  static func == (left: Fingerprint, right: Fingerprint) -> Bool {
    CRYPTO_memcmp(left.bytes, right.bytes, size) == 0
  }
}
