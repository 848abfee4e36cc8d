/// Fetches and posts over HTTPS, and where that is wanted over HTTP and from files: every transfer is bounded in size and time.
///
/// It follows redirects to HTTPS alone, sends no cookies, and reads no files of the user's.
public struct HTTPClient: Sendable {
  public enum Scheme: String, Sendable, CaseIterable {
    case https, http, file
  }

  /// The schemes that an address may have; any other is refused before anything is sent.
  public var schemes: Set<Scheme> = [.https]
  /// A file of certificates of authorities; nil takes the system's.
  public var authorities: String?
  public var userAgent = "baton"
  public var connectTimeout: Duration = .seconds(10)
  /// For a transfer as a whole.
  public var timeout: Duration = .seconds(30)
  /// The longest time in which nothing comes.
  public var stallTimeout: Duration = .seconds(30)
  public var redirects = 5
  /// Where connections are kept open for the next transfer; nil: each transfer has one of its own.
  public var connections: HTTPConnections?
  /// Of a download, when the connection is lost or the server is out of order.
  public var attempts = 3

  public init() {}

  /// What a server said, whatever its status.
  public struct Response: Sendable, Hashable {
    /// 0 for a file.
    public let status: Int
    public let body: [UInt8]
    /// How long the server wants to be left alone, if it says so (Retry-After).
    public let retryAfter: Duration?

    init(status: Int, body: [UInt8], retryAfter: Duration? = nil) {
      self.status = status
      self.body = body
      self.retryAfter = retryAfter
    }

    public var isSuccess: Bool { status == 0 || (200...299).contains(status) }
  }

  /// Fetches what is at an address; more than `limit` bytes are an error.
  public func get(_ address: String, limit: Int = 1024 * 1024) async throws -> Response {
    try await perform(Transfer.Request(address: address, method: .get, limit: Int64(limit)))
  }

  /// Posts a body.
  public func post(
    _ body: [UInt8], to address: String, contentType: String = "application/json", headers: [String: String] = [:],
    limit: Int = 1024 * 1024
  ) async throws -> Response {
    var request = Transfer.Request(address: address, method: .post(body), limit: Int64(limit))
    request.headers = headers.merging(["Content-Type": contentType]) { given, _ in given }
    return try await perform(request)
  }

  /// Whether a server can be reached under an address, with TLS where the address asks for it; nothing is asked of it.
  public func reach(_ address: String) async throws {
    _ = try await perform(Transfer.Request(address: address, method: .nothing, limit: 0))
  }

  /// Fetches what is at an address into a file, and goes on where an earlier attempt has ended: what is in the file is not fetched
  /// again. Whether both halves belong together, a checksum has to tell.
  ///
  /// The file is on disk when this returns. Throws ``HTTPError``; what has come stays in the file for the next attempt.
  /// - Parameter limit: bytes that the file may have in the end.
  /// - Returns: the file's size, and from where on it was fetched.
  @discardableResult
  public func download(
    _ address: String, to path: String, limit: Int64, clock: any Clock<Duration> = ContinuousClock()
  ) async throws -> (size: Int64, resumedAt: Int64) {
    let file = try DownloadFile(path)
    let resumedAt = try file.size
    var pause = Duration.milliseconds(500)
    for attempt in 1... {
      do {
        try await download(address, to: file, limit: limit)
        try file.sync()
        return (try file.size, resumedAt)
      } catch let error as HTTPError where error.isTransient && attempt < attempts {
        try await clock.sleep(for: pause)
        pause *= 2
      }
    }
    throw CancellationError()
  }

  private func download(_ address: String, to file: DownloadFile, limit: Int64) async throws {
    var request = Transfer.Request(address: address, method: .get, limit: limit)
    request.file = file
    request.offset = try file.size
    do {
      _ = try await perform(request)
    } catch is Transfer.CannotResume {
      // The server knows no ranges, or has something shorter now: from the beginning, then.
      try file.empty()
      request.offset = 0
      _ = try await perform(request)
    }
  }

  private func perform(_ request: Transfer.Request) async throws -> Response {
    try checkScheme(of: request.address)
    return try await Transfer(request, client: self).run()
  }

  private func checkScheme(of address: String) throws {
    let scheme = address.prefix { $0 != ":" }.lowercased()
    guard address.contains("://"), let known = Scheme(rawValue: scheme), schemes.contains(known) else {
      let wanted = schemes.map { "\($0.rawValue)://" }.sorted().joined(separator: " or ")
      throw HTTPError(
        .badAddress, "its address has to begin with \(wanted)", while: "fetch \(address.withoutCredentials)")
    }
  }
}

extension String {
  /// An address as it may be shown: without user, password and query.
  public var withoutCredentials: String {
    guard let scheme = firstRange(of: "://") else { return self }
    let rest = self[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    let path = rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
    return "\(self[..<scheme.upperBound])\(host)\(path)"
  }
}
