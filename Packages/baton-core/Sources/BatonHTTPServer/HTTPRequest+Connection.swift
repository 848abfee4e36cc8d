import CMicroHTTPD

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension HTTPRequest {
  /// As libmicrohttpd has read it, before there is a body.
  init(method: UnsafePointer<CChar>, url: UnsafePointer<CChar>, of connection: OpaquePointer) {
    self.init(
      String(cString: method), String(cString: url), query: Self.query(of: connection),
      headers: Self.headers(of: connection), client: Self.client(of: connection))
  }

  private static func query(of connection: OpaquePointer) -> [String: String] {
    Dictionary(values(of: connection, .GET_ARGUMENT_KIND)) { _, last in last }
  }

  private static func headers(of connection: OpaquePointer) -> [String: String] {
    var headers: [String: String] = [:]
    for (name, value) in values(of: connection, .HEADER_KIND) {
      let name = name.lowercased()
      headers[name] = headers[name].map { "\($0)\(name == "cookie" ? ";" : ",") \(value)" } ?? value
    }
    return headers
  }

  /// The corresponding C function is `MHD_get_connection_info`.
  private static func client(of connection: OpaquePointer) -> String {
    guard let address = baton_mhd_client(connection) else { return "unix" }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        var ip = $0.pointee.sin_addr
        _ = inet_ntop(AF_INET, &ip, &text, socklen_t(text.count))
      }
    case AF_INET6:
      address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
        var ip = $0.pointee.sin6_addr
        _ = inet_ntop(AF_INET6, &ip, &text, socklen_t(text.count))
      }
    default: return "unix"
    }
    return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  /// As they came. The corresponding C function is `MHD_get_connection_values`.
  private static func values(of connection: OpaquePointer, _ kind: MHD_ValueKind) -> [(String, String)] {
    var values: [(String, String)] = []
    withUnsafeMutablePointer(to: &values) { values in
      _ = MHD_get_connection_values(
        connection, kind,
        { context, _, name, value in
          guard let context, let name else { return .YES }
          context.assumingMemoryBound(to: [(String, String)].self).pointee.append(
            (String(cString: name), value.map { String(cString: $0) } ?? ""))
          return .YES
        }, values)
    }
    return values
  }
}
