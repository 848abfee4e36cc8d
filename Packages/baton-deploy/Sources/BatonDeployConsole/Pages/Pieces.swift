import BatonHTTPServer

/// What changes of a page while somebody looks: each piece takes the place of the element of its id.
struct Pieces: Sendable {
  var head: HTML = .empty
  var rows: [HTML] = []

  /// Rows come by themselves: a parser that is within a `div` does not take a `tr`
  /// (<https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-intemplate>).
  var events: [EventStream.Event] {
    [head, rows.joined()].filter { !$0.isEmpty }.map { .init(name: "patch", data: $0.text) }
  }

  /// What of it is not as it was.
  func differing(from before: Pieces) -> Pieces {
    Pieces(
      head: head == before.head ? .empty : head,
      rows: zip(rows, before.rows).filter { $0 != $1 }.map(\.0) + rows.dropFirst(before.rows.count))
  }
}
