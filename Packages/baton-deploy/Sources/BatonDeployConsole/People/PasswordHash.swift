import CArgon2

/// What is kept of a password, from which nobody gets it back in a reasonable time: Argon2id (RFC 9106), as text.
public struct PasswordHash: Sendable, Hashable {
  /// `$argon2id$v=19$m=19456,t=2,p=1$…$…`
  let encoded: String

  /// Of new ones. Source: OWASP, Password Storage Cheat Sheet: 19 MiB of memory, two passes, one lane.
  private static let memory: UInt32 = 19_456
  private static let passes: UInt32 = 2
  private static let lanes: UInt32 = 1
  private static let size = 32
  /// Bytes of a password; nobody types more, and whoever sends more wants to keep the machine busy.
  static let longest = 1024
  /// What one that others have made may ask of the machine at most.
  private static let most = (memory: 262_144, passes: 16, lanes: 8)

  /// Makes one with a new salt.
  ///
  /// The corresponding C function is `argon2id_hash_encoded`.
  public init(of password: String) throws(PasswordHashError) {
    let salt = Randomness.bytes(16)
    var text = [CChar](
      repeating: 0,
      count: argon2_encodedlen(
        Self.passes, Self.memory, Self.lanes, UInt32(salt.count), UInt32(Self.size), Argon2_id))
    let password = [UInt8](password.utf8)
    let code = argon2id_hash_encoded(
      Self.passes, Self.memory, Self.lanes, password, password.count, salt, salt.count, Self.size, &text, text.count)
    guard code == ARGON2_OK.rawValue else {
      throw PasswordHashError(reason: String(cString: argon2_error_message(code)))
    }
    encoded = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// As it stands in a file; nil if it is none, or one that would take all the memory there is.
  init?(_ encoded: String) {
    let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19" else { return nil }
    let costs = parts[3].split(separator: ",").map { $0.split(separator: "=") }
    guard costs.count == 3, costs.map({ $0.first ?? "" }) == ["m", "t", "p"],
      let memory = costs[0].last.flatMap({ Int($0) }), (8...Self.most.memory).contains(memory),
      let passes = costs[1].last.flatMap({ Int($0) }), (1...Self.most.passes).contains(passes),
      let lanes = costs[2].last.flatMap({ Int($0) }), (1...Self.most.lanes).contains(lanes),
      Self.isBase64(parts[4], bytes: 8...64), Self.isBase64(parts[5], bytes: 16...64)
    else { return nil }
    self.encoded = encoded
  }

  /// Takes tens of milliseconds, on purpose. The corresponding C function is `argon2id_verify`.
  func matches(_ password: String) -> Bool {
    guard password.utf8.count <= Self.longest else { return false }
    let password = [UInt8](password.utf8)
    return argon2id_verify(encoded, password, password.count) == ARGON2_OK.rawValue
  }

  private static func isBase64(_ text: Substring, bytes: ClosedRange<Int>) -> Bool {
    bytes.contains(text.utf8.count * 3 / 4)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
        default: false
        }
      }
  }
}

/// Why a password could not be hashed.
public struct PasswordHashError: Error, Hashable, CustomStringConvertible {
  public let reason: String

  public var description: String { "could not hash the password: \(reason)" }
}
