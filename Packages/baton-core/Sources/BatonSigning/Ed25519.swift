import CCrypto

/// Signatures of Ed25519 (RFC 8032), by OpenSSL. The only file that calls it.
enum Ed25519 {
  /// Bytes of a private and of a public key, and of a signature.
  static let keySize = 32
  static let signatureSize = 64

  /// Nil if OpenSSL does not take the bytes for a private key.
  ///
  /// The corresponding C function is `EVP_PKEY_get_raw_public_key`.
  static func publicKey(of key: [UInt8]) -> [UInt8]? {
    guard let handle = privateKey(key) else { return nil }
    defer { EVP_PKEY_free(handle) }
    var bytes = [UInt8](repeating: 0, count: keySize)
    var count = bytes.count
    guard EVP_PKEY_get_raw_public_key(handle, &bytes, &count) == 1, count == keySize else { return nil }
    return bytes
  }

  /// The corresponding C function is `EVP_DigestSign`.
  static func sign(_ message: [UInt8], with key: [UInt8]) -> [UInt8]? {
    guard let handle = privateKey(key), let context = EVP_MD_CTX_new() else { return nil }
    defer {
      EVP_MD_CTX_free(context)
      EVP_PKEY_free(handle)
    }
    var signature = [UInt8](repeating: 0, count: signatureSize)
    var count = signature.count
    guard EVP_DigestSignInit(context, nil, nil, nil, handle) == 1,
      EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == signatureSize
    else { return nil }
    return signature
  }

  /// Whether a signature of a message was made with the private key of a public one.
  ///
  /// The corresponding C function is `EVP_DigestVerify`.
  static func isValid(_ signature: [UInt8], of message: [UInt8], by key: [UInt8]) -> Bool {
    guard signature.count == signatureSize, key.count == keySize,
      let handle = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, key, key.count),
      let context = EVP_MD_CTX_new()
    else { return false }
    defer {
      EVP_MD_CTX_free(context)
      EVP_PKEY_free(handle)
    }
    return EVP_DigestVerifyInit(context, nil, nil, nil, handle) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  private static func privateKey(_ key: [UInt8]) -> OpaquePointer? {
    guard key.count == keySize else { return nil }
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, key, key.count)
  }
}
