import BatonHTTPServer

/// Where people come in, and leave.
struct LoginRoutes: Sendable {
  let door: Doorkeeper

  var routes: [HTTPRoute] {
    [
      HTTPRoute("GET", "/login") { request in
        HTTPResponse(Page.login(next: Self.next(request.query["next"])).html).guarded
      },
      HTTPRoute("POST", "/login") { request in await logIn(request).guarded },
      HTTPRoute("POST", "/logout") { request in await logOut(request).guarded },
    ]
  }

  private func logIn(_ request: HTTPRequest) async -> HTTPResponse {
    let form = Form(fields: request.form ?? [:])
    let next = Self.next(form["next"])
    do {
      let entry = try await door.logIn(form["name"] ?? "", password: form.all("password").first ?? "", request)
      return .seeOther(next, headers: ["Set-Cookie": entry.cookie])
    } catch {
      var response = HTTPResponse(status: error.status, Page.login(problem: error.reason, next: next).html)
      // A browser would ask in a window of its own.
      response.headers.merge(error.headers.filter { $0.key != "WWW-Authenticate" }) { own, _ in own }
      return response
    }
  }

  private func logOut(_ request: HTTPRequest) async -> HTTPResponse {
    do {
      _ = try await door.admit(request)
      return .seeOther("/login", headers: ["Set-Cookie": try await door.logOut(request)])
    } catch {
      return error.kind == .nobody ? .seeOther("/login") : HTTPResponse(status: error.status, "\(error.reason)\n")
    }
  }

  /// Only a path of this site: nobody is led elsewhere after he has logged in (CWE-601).
  private static func next(_ path: String?) -> String {
    guard let path, path.hasPrefix("/"), !path.hasPrefix("//"),
      path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
    else { return "/" }
    return path
  }
}
