import Baton
import BatonCLI

extension BatonCLI.Output {
  /// A value as one line of JSON.
  func writeJSON(_ value: some Encodable) {
    // Strings, numbers and what is made of them: there is nothing in it that could fail to encode.
    guard let bytes = try? JSONText.encode(value) else { return }
    writeLine(String(decoding: bytes, as: UTF8.self))
  }
}
