import AMQP
import Baton
import Testing

@testable import BatonDeploy

struct MessageTests {
  private func read<M: Message>(_ type: M.Type, _ body: String) throws -> M {
    try AnyMessage(Delivery(tag: 1, exchange: "", routingKey: "", body: [UInt8](body.utf8))).decode(type)
  }

  private func body(_ message: some Message) throws -> String {
    String(decoding: try JSONText.encode(message), as: UTF8.self)
  }

  @Test("A deploy's members stand side by side")
  func deploy() throws {
    let deploy = Deploy(Order(app: "shop", id: "7", by: "jo", deadline: 9), version: "1.2", sha256: "ab")
    let text = try body(deploy)
    #expect(text == #"{"app":"shop","by":"jo","deadline":9,"id":"7","sha256":"ab","version":"1.2"}"#)
    #expect(try read(Deploy.self, #"{"type":"deploy","# + text.dropFirst()) == deploy)
  }

  @Test("The gem's form is read, with the version from its sha")
  func gem() throws {
    let deploy = try read(
      Deploy.self,
      #"{"type":"deploy","sha":"4f2a","branch":"main","url":"https://x/a.tgz","checksum_url":"https://x/a.sum"}"#)
    #expect(deploy.version == "4f2a")
    #expect(deploy.source == .init(url: "https://x/a.tgz", checksumURL: "https://x/a.sum", branch: "main"))
    #expect(deploy.order == Order(app: nil))
    #expect(
      try body(deploy)
        == #"{"branch":"main","checksum_url":"https://x/a.sum","sha":"4f2a","url":"https://x/a.tgz"}"#)
  }

  @Test("What is missing or wrong is named")
  func wrong() throws {
    for (text, words) in [
      (#"{"type":"deploy","app":"shop"}"#, "'version' is missing"),
      (#"{"type":"deploy","app":"shop","version":7}"#, "'version' is not a string"),
      (#"{"type":"deploy","sha":"a","url":"https://x"}"#, "'checksum_url' is missing"),
      (#"{"type":"deploy","app":[],"version":"1"}"#, "'app' is not a string"),
    ] {
      do {
        _ = try read(Deploy.self, text)
        Issue.record("\(text) was read")
      } catch let error as Unreadable {
        #expect(error.reason.contains(words))
      }
    }
  }

  @Test("An error of a deploy is read by those who know only an error")
  func failure() throws {
    var refused = NotDeployed(.busy, "it is being deployed by jo")
    refused.by = "jo"
    refused.since = 5
    let text = try body(refused)
    let failure = try read(Failure.self, #"{"type":"error","# + text.dropFirst())
    #expect(failure == Failure("Busy", "it is being deployed by jo"))
    #expect(refused.kind == .busy)
  }
}

extension Order {
  fileprivate init(app: String?) {
    self.init(app: "")
    self.app = app
  }
}
