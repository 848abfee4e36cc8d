import BatonHTTPServer

/// What all pages have around what they are about.
struct Page {
  let title: String
  /// Who looks; nil before it is known.
  var visitor: Visitor?
  /// What a form has to bring along, so that no other site can send one.
  var csrf = ""
  /// Where what becomes different can be listened to.
  var events: String?
  /// What is wrong with the console itself, for everybody to see.
  var trouble: String?
  let body: HTML

  var html: HTML {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(title) · baton</title>
    <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 2'%3E%3Ccircle cx='1' cy='1' r='1' fill='%232471a3'/%3E%3C/svg%3E">
    <link rel="stylesheet" href="\(Asset.style.path)">
    <script src="\(Asset.script.path)" defer></script>
    </head>
    <body\(events.map { " data-events=\"\($0)\"" as HTML })>
    <a class="skip" href="#main">To the content</a>
    <header class="top"><a href="/" class="brand">baton</a>\(navigation)</header>
    \(trouble.map { "<p class=\"trouble\" role=\"status\">No connection to the broker: \($0)</p>" as HTML })
    <main id="main">
    <h1>\(title)</h1>
    \(body)
    </main>
    <footer><span id="live" role="status"></span></footer>
    </body>
    </html>

    """
  }

  private var navigation: HTML {
    guard let visitor else { return .empty }
    return """
      <nav aria-label="Pages"><a href="/">Fleet</a> <a href="/history">History</a></nav>
      <form method="post" action="/logout">\(Self.token(csrf))<span>\(visitor.name)</span> <button class="quiet">Log out</button></form>
      """
  }

  /// The hidden field that every form has.
  static func token(_ csrf: String) -> HTML { "<input type=\"hidden\" name=\"csrf\" value=\"\(csrf)\">" }
}

extension Page {
  /// What was asked for is not done, or not there.
  static func rejection(_ rejection: Rejection, visitor: Visitor?, csrf: String) -> Page {
    Page(
      title: rejection.title, visitor: visitor, csrf: csrf,
      body: "<p class=\"refusal\" role=\"alert\">\(rejection.description)</p><p><a href=\"/\">To the fleet</a></p>")
  }

  /// Where a person says who he is.
  ///
  /// - Parameter problem: why an earlier attempt did not get in.
  static func login(problem: String? = nil, next: String) -> Page {
    Page(
      title: "Log in",
      body: """
        \(problem.map { "<p class=\"refusal\" role=\"alert\">\($0)</p>" as HTML })
        <form method="post" action="/login" class="card">
        <input type="hidden" name="next" value="\(next)">
        <label>Name <input name="name" autocomplete="username" autocapitalize="none" required autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        <button>Log in</button>
        </form>
        """)
  }
}
