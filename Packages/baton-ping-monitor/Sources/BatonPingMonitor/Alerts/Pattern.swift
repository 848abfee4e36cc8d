/// A pattern as shells have it: `*` stands for any text, also none, and `?` for one character.
package struct Pattern: Sendable, Hashable {
  package let text: String
  private let characters: [Character]
  private let isLiteral: Bool

  package init(_ text: String) {
    self.text = text
    characters = Array(text)
    isLiteral = !text.contains { $0 == "*" || $0 == "?" }
  }

  /// Whether it is the whole of `value`.
  ///
  /// After a mismatch only the last `*` can take more: no input makes it slower than the product of both lengths.
  package func matches(_ value: String) -> Bool {
    if isLiteral { return value == text }
    let value = Array(value)
    var (position, index) = (0, 0)
    var star: (index: Int, position: Int)?
    while position < value.count {
      if index < characters.count, characters[index] == "*" {
        star = (index, position)
        index += 1
      } else if index < characters.count, characters[index] == "?" || characters[index] == value[position] {
        index += 1
        position += 1
      } else if let last = star {
        star = (last.index, last.position + 1)
        index = last.index + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return characters[index...].allSatisfy { $0 == "*" }
  }
}
