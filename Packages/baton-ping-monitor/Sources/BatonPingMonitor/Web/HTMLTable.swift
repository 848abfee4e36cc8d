/// A table of a page; on a phone each row becomes a block, with the heads before the values.
struct HTMLTable {
  struct Cell {
    let html: String

    static func text(_ text: String?) -> Cell { Cell(html: (text ?? "").html) }

    static func number(_ number: Int) -> Cell { Cell(html: "\(number)") }

    /// How long ago it was; the moment itself is told to who points at it.
    static func age(of moment: Moment, at now: Moment) -> Cell {
      Cell(html: "<time datetime=\"\(moment.text)\" title=\"\(moment.text)\">\((now - moment).inWords)</time>")
    }
  }

  struct Row {
    /// A class, which the style knows.
    var kind = ""
    /// What is missing at the end is empty.
    let cells: [Cell]
  }

  let heads: [String]
  let rows: [Row]
  /// What is said instead of a table without rows.
  let empty: String

  var html: String {
    guard !rows.isEmpty else { return "<p>\(empty)</p>" }
    let head = heads.map { "<th>\($0)</th>" }.joined()
    let body = rows.map { row in
      let cells = heads.enumerated().map { index, head in
        let html = index < row.cells.count ? row.cells[index].html : ""
        return html.isEmpty ? "<td></td>" : "<td data-head=\"\(head)\">\(html)</td>"
      }
      return "<tr class=\"\(row.kind)\">\(cells.joined())</tr>\n"
    }
    return "<table><thead><tr>\(head)</tr></thead><tbody>\n\(body.joined())</tbody></table>"
  }
}

extension Duration {
  /// In its largest unit, for people: `12 s`, `3 min`, `2 h`, `5 d`.
  var inWords: String {
    let seconds = max(0, components.seconds)
    return switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) d"
    }
  }
}
