import BatonHTTPServer

/// A table of a page. On a phone each row becomes a block, with the heads before the values.
struct Table {
  struct Row {
    /// By which it is found when something of it is different.
    var id: String?
    let cells: [HTML]
  }

  /// Of the table's body: a row that is new is put into it.
  let id: String
  let heads: [String]
  /// What is said instead of a table without rows.
  let empty: HTML

  func html(_ rows: [Row]) -> HTML { html(rows.map { html($0) }) }

  /// With rows that are markup already.
  func html(_ rows: [HTML]) -> HTML {
    let heads = heads.map { "<th scope=\"col\">\($0)</th>" as HTML }
    return """
      <section class="scroll"><table><thead><tr>\(heads)</tr></thead><tbody id="\(id)">
      \(rows)</tbody></table>\(rows.isEmpty ? "<p class=\"dim\">\(empty)</p>" : .empty)</section>
      """
  }

  /// One row, as it also comes by itself later.
  func html(_ row: Row) -> HTML {
    let cells = zip(heads, row.cells).map { head, cell -> HTML in
      cell.isEmpty ? "<td></td>" : head.isEmpty ? "<td>\(cell)</td>" : "<td data-head=\"\(head)\">\(cell)</td>"
    }
    let name: HTML? = row.id.map { " id=\"\($0)\" data-into=\"\(id)\"" }
    return "<tr\(name)>\(cells)</tr>\n"
  }
}
