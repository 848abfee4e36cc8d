import Baton

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What its owner signs requests with; nobody else has it.
public struct SigningKey: Sendable {
  /// Under this name hosts know the public half.
  public let id: String
  public let publicKey: PublicKey
  private let secret: Secret

  /// The first word of a key's file.
  private static let mark = "baton-signing-key"

  /// A new one, from the system's source of randomness.
  public init(id: String) throws(SigningKeyError) {
    var generator = SystemRandomNumberGenerator()
    try self.init(id: id, bytes: (0..<Ed25519.keySize).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }

  init(id: String, bytes: [UInt8]) throws(SigningKeyError) {
    do { self.id = try Names.app(id) } catch {
      throw SigningKeyError(
        reason: "'\(id.prefix(80).description.escapingControlCharacters)' cannot name a key: \(error.rule)")
    }
    guard let publicKey = Ed25519.publicKey(of: bytes) else {
      throw SigningKeyError(reason: "OpenSSL does not take it for a key")
    }
    self.publicKey = PublicKey(bytes: publicKey)
    secret = Secret(Data(bytes).base64EncodedString())
  }

  func sign(_ message: [UInt8]) throws(SigningKeyError) -> [UInt8] {
    let key = Data(base64Encoded: secret.value).map { [UInt8]($0) } ?? []
    guard let signature = Ed25519.sign(message, with: key) else {
      throw SigningKeyError(reason: "OpenSSL did not sign")
    }
    return signature
  }
}

// MARK: - Its file

extension SigningKey {
  /// Reads a file, which nobody but its owner may read.
  public init(file path: String) throws(SigningKeyError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.failure("read", path) }
    guard status.st_mode & 0o077 == 0 else {
      throw SigningKeyError(
        reason: "others can read the key \(path); run 'chmod 600 \(path)', and think of whether to make a new one")
    }
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(path, limit: 4096) } catch {
      throw SigningKeyError(reason: "cannot read the key \(path): \(error.reason)")
    }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 3, words[0] == Self.mark, let key = Data(base64Encoded: String(words[2])) else {
      throw SigningKeyError(reason: "\(path) is no signing key; 'baton keygen' makes one")
    }
    try self.init(id: String(words[1]), bytes: [UInt8](key))
  }

  /// Writes a new file, for its owner alone; one that is there stays as it is.
  public func write(to path: String) throws(SigningKeyError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Self.failure("make", path) }
    defer { close(descriptor) }
    let bytes = [UInt8]("\(Self.mark) \(id) \(secret.value)\n".utf8)
    #if canImport(Glibc)
      let count = Glibc.write(descriptor, bytes, bytes.count)
    #else
      let count = Darwin.write(descriptor, bytes, bytes.count)
    #endif
    guard count == bytes.count, fsync(descriptor) == 0 else {
      let error = Self.failure("write", path)
      unlink(path)
      throw error
    }
  }

  private static func failure(_ action: String, _ path: String) -> SigningKeyError {
    SigningKeyError(reason: "cannot \(action) the key \(path): \(String(cString: strerror(errno)))")
  }
}

/// A key that cannot be made, read or used.
public struct SigningKeyError: Error, Hashable, CustomStringConvertible {
  public let reason: String

  public var description: String { reason }
}
