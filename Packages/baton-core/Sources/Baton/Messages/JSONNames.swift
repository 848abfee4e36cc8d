/// The names of an object's members that have been read, to see whether one stands twice.
struct JSONNames {
  /// More are looked up by their hashes.
  private static let few = 16

  private let bytes: UnsafeBufferPointer<UInt8>
  /// Names of ASCII as they are, while there are few and no others.
  private var plain: [Range<Int>] = []
  /// Otherwise all of them.
  private var all: Set<String>?

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Notes a name; false if it has been there before, however it is written.
  mutating func insert(_ name: Range<Int>) -> Bool {
    let text = bytes[name]
    if all == nil, plain.count == Self.few || !text.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\\") }) {
      all = Set(plain.map { Self.text(bytes[$0]) })
    }
    if all != nil { return all?.insert(Self.text(text)).inserted == true }
    guard !plain.contains(where: { bytes[$0].elementsEqual(text) }) else { return false }
    plain.append(name)
    return true
  }

  /// What a name says.
  static func text(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> String { JSONText.unescape(Array(name)[...]) }
}
