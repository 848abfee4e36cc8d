import TestSupport
import Testing

@testable import Baton

/// What is said to whoever starts a program, beside what is refused.
struct ConfigurationWarningsTests {
  @Test("A key that nobody knows is warned of, with the one that it may be meant for")
  func unknownKeys() throws {
    let configuration = try Configuration.of(
      "RABIT_HOST: a\nCOLOUR: red\nQUEUE: q\n", environment: ["BATON_OTHER": "x"], keys: ["QUEUE"])
    #expect(
      configuration.warnings.map { $0.drop { $0 != ":" } } == [
        ":2: nobody here knows the key COLOUR", ":1: nobody here knows the key RABIT_HOST; is it RABBIT_HOST?",
      ])
  }

  @Test("Without a file it says which it looked for, unless it was told of the broker in another way")
  func noFile() throws {
    let missing = "/nonexistent/baton.cfg"
    #expect(
      try Configuration.load(file: nil, standardFiles: [missing], environment: [:]).warnings == [
        "no configuration file /nonexistent/baton.cfg: guest on localhost:5672"
      ])
    let told = try Configuration.load(
      file: nil, standardFiles: [missing], environment: ["BATON_RABBIT_HOST": "localhost"])
    #expect(told.warnings.isEmpty)
  }

  @Test("Of several standard places the first that is there is read")
  func standardFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("RABBIT_USER: second\n", to: "second.cfg")
    try folder.write("RABBIT_USER: third\n", to: "third.cfg")
    let files = ["first.cfg", "second.cfg", "third.cfg"].map(folder.path)
    let configuration = try Configuration.load(file: nil, standardFiles: files, environment: [:])
    #expect(configuration.user == "second")
    #expect(configuration.settings.file == folder.path("second.cfg"))
  }
}
