import COpenSSL

/// OpenSSL's digests, in hexadecimal digits.
enum Signature {
  /// HMAC with SHA-256 (RFC 2104). The corresponding C function is `HMAC`.
  static func hmac(_ message: [UInt8], key: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    guard HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &digest, &length) != nil else { return "" }
    return hexadecimal(digest.prefix(Int(length)))
  }

  /// The corresponding C function is `EVP_Digest`.
  static func sha256(_ message: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    guard EVP_Digest(message, message.count, &digest, &length, EVP_sha256(), nil) == 1 else { return "" }
    return hexadecimal(digest.prefix(Int(length)))
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
