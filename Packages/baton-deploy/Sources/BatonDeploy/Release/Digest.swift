import COpenSSL

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A SHA-256, in 64 hexadecimal digits of lower case.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// Nil unless it is one; upper case is taken.
  public init?(_ text: String) {
    let digits = text.lowercased()
    guard digits.utf8.count == 64, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    description = digits
  }

  /// Of a file.
  ///
  /// The corresponding C functions are `EVP_DigestInit_ex`, `EVP_DigestUpdate` and `EVP_DigestFinal_ex`.
  init(ofFile path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path) }
    defer { close(descriptor) }
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      throw FileError("digest", path, reason: "OpenSSL has no SHA-256")
    }
    var chunk = [UInt8](repeating: 0, count: 256 * 1024)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError("read", path) }
      guard count > 0 else { break }
      EVP_DigestUpdate(context, chunk, count)
    }
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    description = digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0\(digits)" : digits
    }.joined()
  }

  /// Of the file `name`, from what `sha256sum` writes; a text with one digest and no name is taken as well.
  ///
  /// - Throws: ``NotDeployed`` of the kind `failed`.
  init(list text: String, name: String) throws(NotDeployed) {
    var found: [(digest: Digest, name: String)] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
      guard let word = parts.first, let digest = Digest(String(word)) else { continue }
      // A star stands before the name of a file that was read as binary; the name may have a folder before it.
      let path = parts.count == 2 ? parts[1].drop { $0 == " " || $0 == "*" } : ""
      found.append((digest, String(path.split(separator: "/").last ?? "")))
    }
    let named = found.filter { $0.name == name }
    let distinct = Set((named.isEmpty && found.count == 1 ? found : named).map(\.digest))
    guard distinct.count == 1, let digest = distinct.first else {
      throw NotDeployed(
        .failed, "the checksum's file says \(distinct.isEmpty ? "nothing" : "different things") of '\(name)'")
    }
    self = digest
  }
}
