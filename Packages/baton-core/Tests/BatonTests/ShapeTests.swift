import Testing

@testable import Baton

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct ShapeTests {
  private enum Mode: String, Codable, CaseIterable {
    case fast, slow
  }

  private enum Level: Int, Codable, CaseIterable {
    case low = 1
    case high = 9
  }

  private struct Window: Codable {
    var start: UInt8
    var note: String?
  }

  private struct Everything: Request {
    static let type = "everything"
    typealias Reply = Echoed
    var name: String
    var count: Int
    var port: UInt16?
    var total: UInt64
    var ratio: Double
    var force: Bool
    var mode: Mode
    var level: Level
    var hosts: [String]
    var labels: [String: Int]
    var window: Window
    var windows: [Window]?
    var link: URL
    var id: UUID
    var extra: JSONValue
    var appNames: Set<String>

    enum CodingKeys: String, CodingKey {
      case name, count, port, total, ratio, force, mode, level, hosts, labels, window, windows, link, id, extra
      case appNames = "app_names"
    }
  }

  private let window = Shape.object([
    .init(name: "start", shape: .integer(minimum: 0, maximum: 255), isOptional: false),
    .init(name: "note", shape: .string(), isOptional: true),
  ])

  @Test("The members of a message come out with their names in JSON, their kinds, and what may be left out")
  func everything() throws {
    let expected: [Shape.Field] = [
      .init(name: "name", shape: .string(), isOptional: false),
      .init(name: "count", shape: .integer(), isOptional: false),
      .init(name: "port", shape: .integer(minimum: 0, maximum: 65535), isOptional: true),
      .init(name: "total", shape: .integer(minimum: 0), isOptional: false),
      .init(name: "ratio", shape: .number, isOptional: false),
      .init(name: "force", shape: .boolean, isOptional: false),
      .init(name: "mode", shape: .choice([.string("fast"), .string("slow")]), isOptional: false),
      .init(name: "level", shape: .choice([.int(1), .int(9)]), isOptional: false),
      .init(name: "hosts", shape: .array(.string()), isOptional: false),
      .init(name: "labels", shape: .map(.integer()), isOptional: false),
      .init(name: "window", shape: window, isOptional: false),
      .init(name: "windows", shape: .array(window), isOptional: true),
      .init(name: "link", shape: .string(format: "uri"), isOptional: false),
      .init(name: "id", shape: .string(format: "uuid"), isOptional: false),
      .init(name: "extra", shape: .any, isOptional: false),
      .init(name: "app_names", shape: .array(.string()), isOptional: false),
    ]
    #expect(try Shape(of: Everything.self).fields == expected)
  }

  @Test("A message without members is an object without members")
  func empty() throws {
    #expect(try Shape(of: Fail.self) == .object([]))
  }

  private struct Defaulted: Decodable {
    let count: Int

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      count = try container.decodeIfPresent(Int.self, forKey: .count) ?? 1
    }

    enum CodingKeys: CodingKey {
      case count
    }
  }

  @Test("A member with a default of the author's own may be left out")
  func defaults() throws {
    #expect(try Shape(of: Defaulted.self).fields == [.init(name: "count", shape: .integer(), isOptional: true)])
  }

  private struct Version: Decodable, Sampled {
    static let sample = Version(text: "1.0")
    let text: String

    private init(text: String) { self.text = text }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try container.decode(String.self)
      guard text.contains(".") else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "a version has a dot")
      }
    }
  }

  private struct Deploy: Decodable {
    let version: Version
    let app: String
  }

  @Test("A type that checks its value gives a sample, and does not hide what comes after it")
  func sampled() throws {
    #expect(try Shape(of: Deploy.self).fields.map(\.name) == ["version", "app"])
    #expect(try Shape(of: Deploy.self).fields.map(\.shape) == [.string(), .string()])
  }

  private enum Closed: String, Decodable {
    case only
  }

  private struct Unlisted: Decodable {
    let mode: Closed
  }

  @Test("A type whose shape cannot be found is named, with where it is and what would help")
  func notCaseIterable() {
    #expect {
      try Shape(of: Unlisted.self)
    } throws: {
      "\($0)".hasPrefix("the shape of Closed, the member 'mode', cannot be found:") && "\($0)".contains("CaseIterable")
    }
  }

  private struct Tree: Decodable {
    let children: [Tree]
  }

  @Test("A type that holds itself is refused, rather than followed for ever")
  func recursive() {
    #expect { try Shape(of: Tree.self) } throws: { "\($0)".contains("it holds itself") }
  }

  @Test(
    "A body that does not fit is refused in words: the member, and what was expected",
    arguments: [
      (#""mode":"fst""#, "the member 'mode' is not one of 'fast', 'slow'"),
      (#""mode":7"#, "the member 'mode' is not a string"),
      (#""mode":"fast","window":{"start":256}"#, "the member 'window.start' is not a whole number from 0 to 255"),
      (#""mode":"fast","window":{"start":1.5}"#, "the member 'window.start' is not a whole number from 0 to 255"),
      (#""mode":"fast","window":{}"#, "the member 'window.start' is missing"),
      (#""mode":"fast","window":[]"#, "the member 'window' is not an object"),
      (#""mode":"fast","window":null"#, "the member 'window' is null, not an object"),
    ])
  func inWords(members: String, reason: String) {
    struct Job: Decodable {
      let mode: Mode
      let window: Window
    }
    #expect(throws: Unreadable(reason)) { try JSONText.decode(Job.self, from: [UInt8]("{\(members)}".utf8)) }
  }

  @Test("JSON Schema says the same")
  func jsonSchema() throws {
    struct Job: Decodable {
      let mode: Mode
      let window: Window
      let labels: [String: Int]
      let hosts: [String]?
    }
    let text = String(decoding: try JSONText.encode(try Shape(of: Job.self).jsonSchema), as: UTF8.self)
    #expect(
      text == """
        {"properties":{"hosts":{"items":{"type":"string"},"type":"array"},\
        "labels":{"additionalProperties":{"type":"integer"},"type":"object"},"mode":{"enum":["fast","slow"]},\
        "window":{"properties":{"note":{"type":"string"},"start":{"maximum":255,"minimum":0,"type":"integer"}},\
        "required":["start"],"type":"object"}},"required":["mode","window","labels"],"type":"object"}
        """)
  }

  @Test("The schema of a service has its requests, from its consumers' handlers, and their replies with who answers")
  func service() throws {
    #expect(EchoService().requests.map { $0.type } == ["echo", "fail"])
    let document = try ServiceSchema(EchoService()).document
    guard case .object(let definitions)? = document["$defs"] else {
      Issue.record("no $defs")
      return
    }
    #expect(definitions.keys.sorted() == ["echo.reply", "echo.request", "error", "fail.reply", "fail.request"])
    #expect(definitions["echo.request"]?["required"] == .array([.string("type"), .string("text")]))
    #expect(definitions["echo.request"]?["properties"]?["type"]?["enum"] == .array([.string("echo")]))
    #expect(definitions["echo.reply"]?["properties"]?["fqdn"]?["type"] == .string("string"))
    #expect(definitions["echo.reply"]?["required"] == .array([.string("type"), .string("text")]))
  }
}
