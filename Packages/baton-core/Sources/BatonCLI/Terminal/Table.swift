import Baton

/// Columns of text, aligned; the first row is the heading.
public struct Table: Sendable {
  public enum Alignment: Sendable {
    case left, right
  }

  public struct Column: Sendable {
    let title: String
    let alignment: Alignment
    /// Known beforehand where rows are written as they come; a longer cell moves its row's rest.
    let width: Int

    public init(_ title: String, _ alignment: Alignment = .left, width: Int = 0) {
      self.title = title
      self.alignment = alignment
      self.width = max(width, title.count)
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  public init(_ columns: [Column]) { self.columns = columns }

  public mutating func append(_ row: [String]) { rows.append(row.map(\.escapingControlCharacters)) }

  /// The heading alone, for a table whose rows come one by one.
  public var heading: String { line(columns.map(\.title), widths: columns.map(\.width)) }

  /// One row in the columns' own widths.
  public func line(_ row: [String]) -> String {
    line(row.map(\.escapingControlCharacters), widths: columns.map(\.width))
  }

  /// All of it, each column as wide as its widest cell.
  public var text: String {
    let widths = columns.indices.map { index in
      rows.reduce(columns[index].width) { max($0, $1[index].count) }
    }
    return ([columns.map(\.title)] + rows).map { line($0, widths: widths) + "\n" }.joined()
  }

  private func line(_ cells: [String], widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: max(0, widths[index] - cell.count))
      text += (index == 0 ? "" : "  ") + (columns[index].alignment == .left ? cell + padding : padding + cell)
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
