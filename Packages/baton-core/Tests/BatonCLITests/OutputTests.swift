import TestSupport
import Testing

@testable import BatonCLI

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct OutputTests {
  /// What is written to a pipe by `body`, which fills and empties it meanwhile.
  private func written(_ body: @escaping @Sendable (Output) -> Void) async throws -> String {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    async let text = read(reading)
    body(Output(descriptor: writing))
    close(writing)
    return await text
  }

  private func read(_ descriptor: Int32) async -> String {
    defer { close(descriptor) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += chunk.prefix(count)
    }
  }

  @Test("All of it is written, however little the reader takes at once")
  func whole() async throws {
    let long = String(repeating: "é\n", count: 100_000)
    #expect(try await written { $0.write(long) } == long)
  }

  @Test("A line ends with a newline")
  func line() async throws {
    #expect(
      try await written {
        $0.writeLine("a")
        $0.write("b")
        $0.writeLine("")
      } == "a\nb\n")
  }

  @Test("What is no terminal has no colours")
  func plain() async throws {
    let text = try await written { output in
      let style = Style(for: output)
      output.write([style.bold("a"), style.red("b"), style.green("c"), style.yellow("d"), style.dim("e")].joined())
      #expect(!output.isTerminal)
      #expect(!output.hasColor)
    }
    #expect(text == "abcde")
  }

  @Test("A descriptor that takes nothing is given up")
  func broken() {
    Output(descriptor: -1).write("x")
  }
}
