#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Addresses as text, of which there are several for one.
enum IPAddress {
  /// As the system writes it; nil if it is none. The corresponding C functions are `inet_pton(3)` and `inet_ntop(3)`.
  static func canonical(_ text: String) -> String? {
    for family in [AF_INET, AF_INET6] {
      var address = in6_addr()
      guard inet_pton(family, text, &address) == 1 else { continue }
      var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
      guard inet_ntop(family, &address, &buffer, socklen_t(buffer.count)) != nil else { continue }
      return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return nil
  }
}
