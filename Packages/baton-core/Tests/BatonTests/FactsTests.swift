import TestSupport
import Testing

@testable import Baton

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct FactsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The facts of a file, with some configuration beside it.
  private func facts(_ text: String, _ settings: [String: String] = [:]) throws -> Facts {
    var environment = ["BATON_FACTS_FILE": try folder.write(text, to: "facts.json")]
    for (key, value) in settings { environment["BATON_\(key)"] = value }
    return try Facts(try Configuration.load(file: nil, environment: environment))
  }

  @Test("Ohai's facts, with applications as the members of an object")
  func ohai() throws {
    let text =
      #"{"fqdn":"web1.example","chef_environment":"Production","trebuchet":{"shop":{"v":1},"blog":null},"cpu":{"total":8}}"#
    let facts = try facts(text)
    #expect(facts.server == Server(environment: "production", fqdn: "web1.example", appNames: ["blog", "shop"]))
    #expect(Set(facts.origins.values) == [folder.path("facts.json")])
  }

  @Test(
    "Applications as a list or as one word",
    arguments: [(#"["shop","blog"]"#, ["shop", "blog"]), (#""shop""#, ["shop"]), ("null", []), ("{}", []), ("7", [])])
  func applications(trebuchet: String, expected: [String]) throws {
    #expect(try facts(#"{"fqdn":"a","trebuchet":\#(trebuchet)}"#).server.appNames == expected)
  }

  @Test("What is not in the facts has its default, and an empty or absent fqdn is the host's own name")
  func defaults() throws {
    var name = [CChar](repeating: 0, count: 256)
    #expect(gethostname(&name, 255) == 0)
    let hostName = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    for text in ["{}", #"{"fqdn":"","chef_environment":""}"#, #"{"fqdn":null}"#] {
      let facts = try facts(text)
      #expect(facts.server == Server(environment: "development", fqdn: hostName))
      #expect(facts.origins == ["environment": "default", "fqdn": "host name", "app_names": "default"])
    }
  }

  @Test("The configuration goes before the facts, key by key")
  func precedence() throws {
    let facts = try facts(
      #"{"fqdn":"web1.example","chef_environment":"production","trebuchet":["shop"]}"#,
      ["ENVIRONMENT": "Staging", "APP_NAMES": "blog, wiki"])
    #expect(facts.server == Server(environment: "staging", fqdn: "web1.example", appNames: ["blog", "wiki"]))
    #expect(
      facts.origins == [
        "environment": "environment variable BATON_ENVIRONMENT", "fqdn": folder.path("facts.json"),
        "app_names": "environment variable BATON_APP_NAMES",
      ])
  }

  @Test("A file that is named must be there; the standard one need not be")
  func missing() throws {
    let path = folder.path("no.json")
    #expect(
      throws: ConfigurationError(
        place: path, problem: "No such file or directory", remedy: "see to FACTS_FILE and the file's rights")
    ) { try FactsFile.read(path, isNamed: true) }
    #expect(try FactsFile.read(path, isNamed: false).fqdn == nil)
  }

  @Test("The standard file may be missing, but not unreadable")
  func folderInstead() {
    #expect(throws: ConfigurationError.self) { try FactsFile.read(folder.path, isNamed: false) }
  }

  @Test(
    "Facts that cannot be read or used are refused",
    arguments: [
      ("", "the body is not valid JSON"), ("[]", "the body is not an object"),
      (#"{"fqdn":7}"#, "the member 'fqdn' is not a string"), (#"{"fqdn":"a b"}"#, "'a b' is not a host's name"),
      (#"{"fqdn":"a","chef_environment":"../x"}"#, "'../x' is not an environment"),
      (#"{"fqdn":"a","trebuchet":["-rf"]}"#, "'-rf' is not an application's name"),
    ])
  func refused(text: String, problem: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try facts(text) }
    #expect(error?.place == folder.path("facts.json"))
    #expect(error?.problem.hasPrefix(problem) == true, "\(error?.problem ?? "")")
  }
}
