import Baton
import BatonHTTPServer

/// What every request goes through: who it is, whether there is anything here for him, and what he is told when something goes wrong.
struct Gate: Sendable {
  let door: Doorkeeper
  let logger: Logger

  /// Something to look at with a browser.
  func page(
    _ method: String, _ path: String,
    _ handler: @escaping @Sendable (HTTPRequest, Admission) async throws -> HTTPResponse
  ) -> HTTPRoute {
    HTTPRoute(method, path) { request in
      await answer(request, told: pageTelling) { admission in try await handler(request, admission) }
    }
  }

  /// A form that does something.
  func form(
    _ path: String, _ handler: @escaping @Sendable (HTTPRequest, Form, Admission) async throws -> HTTPResponse
  ) -> HTTPRoute {
    HTTPRoute("POST", path) { request in
      await answer(request, told: pageTelling) { admission in
        guard let fields = request.form else {
          throw Rejection(status: 415, description: "This is no form; nothing was done.")
        }
        return try await handler(request, Form(fields: fields), admission)
      }
    }
  }

  /// Something for programs.
  func api(
    _ method: String, _ path: String,
    _ handler: @escaping @Sendable (HTTPRequest, Admission) async throws -> HTTPResponse
  ) -> HTTPRoute {
    HTTPRoute(method, path) { request in
      await answer(request, told: problem) { admission in
        let type = request.headers["content-type"]?.prefix { $0 != ";" }.lowercased()
        guard request.body.isEmpty || type == "application/json" else {
          throw Rejection(status: 415, description: "It wants Content-Type: application/json; nothing was done.")
        }
        return try await handler(request, admission)
      }
    }
  }

  private typealias Telling = (Rejection, HTTPRequest, Admission?) -> HTTPResponse

  private func answer(
    _ request: HTTPRequest, told: Telling, _ handler: (Admission) async throws -> HTTPResponse
  ) async -> HTTPResponse {
    var admission: Admission?
    var response: HTTPResponse
    do {
      let admitted = try await door.admit(request)
      admission = admitted
      response = try await handler(admitted)
    } catch let refusal as Refusal {
      response = refusal.leadsOn(request) ?? told(Rejection(refusal), request, admission)
    } catch let rejection as Rejection {
      response = told(rejection, request, admission)
    } catch {
      logger.error("A request was not answered", ["path": request.path, "reason": "\(error)"])
      response = told(
        Rejection(status: 500, description: "It did not work, and the console's log says why: \(error)"), request,
        admission)
    }
    return response.guarded
  }

  private func pageTelling(_ rejection: Rejection, _ request: HTTPRequest, _ admission: Admission?) -> HTTPResponse {
    var response = HTTPResponse(
      status: rejection.status,
      Page.rejection(rejection, visitor: admission?.visitor, csrf: admission?.formToken ?? "").html)
    response.headers.merge(rejection.headers) { own, _ in own }
    return response
  }

  /// RFC 9457.
  private func problem(_ rejection: Rejection, _ request: HTTPRequest, _ admission: Admission?) -> HTTPResponse {
    let document = try? HTTPResponse(
      status: rejection.status, json: Problem(rejection), contentType: "application/problem+json")
    var response = document ?? HTTPResponse(status: rejection.status, rejection.description)
    response.headers.merge(rejection.headers) { own, _ in own }
    return response
  }
}

extension Refusal {
  /// Where a browser that has not said who it is goes on: to where a person logs in, or, with the cookie that it has kept back, to where
  /// it wanted to go.
  fileprivate func leadsOn(_ request: HTTPRequest) -> HTTPResponse? {
    guard kind == .nobody, request.method == "GET", request.headers["accept"]?.contains("text/html") == true else {
      return nil
    }
    return isSentFromElsewhere
      ? HTTPResponse("<!DOCTYPE html><meta http-equiv=\"refresh\" content=\"0\"><title>baton</title>")
      : .seeOther("/login?next=\(request.path.percentEncoded)")
  }
}

extension Rejection {
  fileprivate init(_ refusal: Refusal) {
    let words = refusal.reason
    self.init(
      status: refusal.status, description: words.prefix(1).uppercased() + words.dropFirst() + ".",
      headers: refusal.headers)
  }
}

extension HTTPResponse {
  /// With what keeps a browser from doing anything with it that is not meant.
  var guarded: HTTPResponse {
    var response = self
    response.headers.merge([
      "Content-Security-Policy":
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cache-Control": "no-store",
      "Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
    ]) { own, _ in own }
    return response
  }
}
