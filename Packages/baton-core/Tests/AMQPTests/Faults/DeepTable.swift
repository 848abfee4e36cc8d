import BatonFaults

/// A table with one entry, an array in an array in an array…, as it lies on the wire.
func deepTable(levels: Int) -> [UInt8] {
  var writer = WireWriter()
  // Name, tag and size around; each level is a tag and the size of what is inside.
  writer.long(UInt32(2 + 5 * levels))
  writer.shortString("a")
  for level in 1...levels {
    writer.octet(UInt8(ascii: "A"))
    writer.long(UInt32(5 * (levels - level)))
  }
  return writer.bytes
}
