import AMQP
import CCurl

/// One transfer, on a thread of its own: libcurl blocks, and a pool of few threads must not.
///
/// `@unchecked Sendable`: after `init` only the transfer's thread touches it, but for `isCancelled`, which is locked.
final class Transfer: @unchecked Sendable {
  struct Request: Sendable {
    enum Method: Sendable {
      case get
      case post([UInt8])
      /// Nothing but the connection.
      case nothing
    }

    let address: String
    let method: Method
    /// Bytes of the body; with an offset, of the whole.
    let limit: Int64
    var headers: [String: String] = [:]
    /// Where the body goes, if not into memory. Then anything but success is an error.
    var file: DownloadFile?
    /// The bytes that are there already.
    var offset: Int64 = 0
  }

  /// The server does not go on where we want it to.
  struct CannotResume: Error {}

  private let request: Request
  private let client: HTTPClient
  private let isCancelled = Locked(false)
  private var body: [UInt8] = []
  private var received: Int64 = 0
  /// Why the transfer was stopped from this side.
  private var failure: HTTPError?

  init(_ request: Request, client: HTTPClient) {
    self.request = request
    self.client = client
  }

  /// Returns when the transfer has ended, also after a cancellation: nothing is written to the file afterwards.
  func run() async throws -> HTTPClient.Response {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        do {
          try Thread.start { continuation.resume(with: Result { try self.perform() }) }
        } catch {
          continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      isCancelled.withLock { $0 = true }
    }
  }

  /// The corresponding C function is `curl_easy_perform`.
  private func perform() throws -> HTTPClient.Response {
    guard Self.isReady, let handle = client.connections.map({ $0.take() }) ?? HTTPConnections.Handle() else {
      throw error(.failed, "libcurl cannot be initialized")
    }
    defer { client.connections?.put(handle) }
    let curl = handle.curl
    var headers: UnsafeMutablePointer<curl_slist>?
    defer { curl_slist_free_all(headers) }
    for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) {
      headers = curl_slist_append(headers, "\(name): \(value)") ?? headers
    }
    var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
    var retryAfter: curl_off_t = 0
    let (code, status) = try words.withUnsafeMutableBufferPointer { buffer in
      try configure(curl, headers: headers, words: buffer.baseAddress)
      let code = curl_easy_perform(curl)
      var status = 0
      _ = baton_curl_get_long(curl, CURLINFO_RESPONSE_CODE, &status)
      _ = baton_curl_get_offset(curl, CURLINFO_RETRY_AFTER, &retryAfter)
      return (code, status)
    }
    try check(code, status: status, words: String(decoding: words.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    return HTTPClient.Response(
      status: status, body: body, retryAfter: retryAfter > 0 ? .seconds(Int64(retryAfter)) : nil)
  }

  private func configure(
    _ curl: UnsafeMutableRawPointer, headers: UnsafeMutablePointer<curl_slist>?, words: UnsafeMutablePointer<CChar>?
  ) throws {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let schemes = client.schemes.map(\.rawValue).sorted().joined(separator: ",")
    var codes = [
      baton_curl_set_string(curl, CURLOPT_URL, request.address),
      baton_curl_set_protocols(curl, schemes, client.schemes.bits, "https", HTTPClient.Scheme.https.bit),
      baton_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, words),
      baton_curl_set_long(curl, CURLOPT_NOSIGNAL, 1),
      baton_curl_set_long(curl, CURLOPT_FOLLOWLOCATION, client.redirects > 0 ? 1 : 0),
      baton_curl_set_long(curl, CURLOPT_MAXREDIRS, client.redirects),
      baton_curl_set_long(curl, CURLOPT_CONNECTTIMEOUT_MS, Int(client.connectTimeout.wholeMilliseconds)),
      baton_curl_set_long(curl, CURLOPT_TIMEOUT_MS, Int(client.timeout.wholeMilliseconds)),
      baton_curl_set_long(curl, CURLOPT_LOW_SPEED_LIMIT, 1),
      baton_curl_set_long(curl, CURLOPT_LOW_SPEED_TIME, max(1, Int(client.stallTimeout.components.seconds))),
      baton_curl_set_long(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
      baton_curl_set_string(curl, CURLOPT_USERAGENT, client.userAgent),
      baton_curl_set_headers(curl, headers),
      baton_curl_set_write(curl, Self.write, context),
      baton_curl_set_progress(curl, Self.progress, context),
    ]
    if let authorities = client.authorities {
      codes.append(baton_curl_set_string(curl, CURLOPT_CAINFO, authorities))
    }
    if request.file != nil { codes.append(baton_curl_set_long(curl, CURLOPT_FAILONERROR, 1)) }
    if request.offset > 0 {
      codes.append(baton_curl_set_offset(curl, CURLOPT_RESUME_FROM_LARGE, curl_off_t(request.offset)))
    }
    if case .nothing = request.method { codes.append(baton_curl_set_long(curl, CURLOPT_CONNECT_ONLY, 1)) }
    if case .post(let body) = request.method {
      codes.append(baton_curl_set_long(curl, CURLOPT_POST, 1))
      codes.append(baton_curl_set_offset(curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
      var body = body
      // libcurl copies it, for which it has to know the size before.
      codes.append(body.withUnsafeMutableBytes { baton_curl_set_pointer(curl, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) })
    }
    if let code = codes.first(where: { $0 != CURLE_OK }) {
      throw error(.failed, String(cString: curl_easy_strerror(code)))
    }
  }

  private func check(_ code: CURLcode, status: Int, words: String) throws {
    if code == CURLE_OK {
      // For libcurl this says that all is there already; it may as well be that something shorter is there now.
      if status == 416 { throw CannotResume() }
      return
    }
    if isCancelled.withLock({ $0 }) { throw CancellationError() }
    if let failure { throw failure }
    let reason = words.isEmpty ? String(cString: curl_easy_strerror(code)) : words
    switch code {
    case CURLE_RANGE_ERROR, CURLE_BAD_DOWNLOAD_RESUME: throw CannotResume()
    case CURLE_HTTP_RETURNED_ERROR: throw error(.status, "the server answered \(status)", status: status)
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: throw error(.badAddress, reason)
    case CURLE_OPERATION_TIMEDOUT: throw error(.timedOut, reason)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
      throw error(.tlsRefused, reason)
    case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE,
      CURLE_GOT_NOTHING, CURLE_HTTP2_STREAM:
      throw error(.unreachable, reason)
    case CURLE_FILE_COULDNT_READ_FILE: throw error(.status, "there is no such file", status: 404)
    default: throw error(.failed, reason)
    }
  }

  private func error(_ code: HTTPError.Code, _ reason: String, status: Int? = nil) -> HTTPError {
    let verb =
      switch request.method {
      case .get: "fetch"
      case .post: "post to"
      case .nothing: "reach"
      }
    return HTTPError(code, reason, while: "\(verb) \(request.address.withoutCredentials)", status: status)
  }

  // MARK: - Called by libcurl, on the transfer's thread

  private static let write: curl_write_callback = { bytes, size, count, context in
    guard let context, let bytes else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
  }

  private static let progress: curl_xferinfo_callback = { context, _, _, _, _ in
    guard let context else { return 1 }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().isCancelled.withLock { $0 } ? 1 : 0
  }

  /// Takes some of the body in; says whether there may be more.
  private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    received += Int64(bytes.count)
    guard request.offset + received <= request.limit else {
      failure = error(.tooLarge, "it has more than \(request.limit) bytes")
      return false
    }
    guard let file = request.file else {
      body += bytes
      return true
    }
    do {
      try file.append(bytes)
      return true
    } catch {
      failure = error
      return false
    }
  }

  /// Once in a process, before the first transfer.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

extension HTTPClient.Scheme {
  fileprivate var bit: Int {
    switch self {
    case .http: 1 << 0
    case .https: 1 << 1
    case .file: 1 << 10
    }
  }
}

extension Set<HTTPClient.Scheme> {
  fileprivate var bits: Int { reduce(0) { $0 | $1.bit } }
}
