import BatonDeploy
import BatonHTTPServer
import DeployTestSupport
import Testing

@testable import BatonDeployConsole
@testable import BatonDeployControl

struct BoardTests {
  private let plan = RolloutPlan.sample
  private var rollout: Rollout {
    Rollout(plan, RolloutPolicy(), hosts: ["web1", "web2"].map { RolloutHost(fqdn: $0, before: "1") })
  }

  @Test("Somebody who looks is told of the hosts that have changed since he looked last, and of all at first")
  func changes() {
    var board = Board(rollout)
    #expect(board.hosts(changedSince: 0).map(\.fqdn) == ["web1", "web2"])
    let before = board.revision
    board.take(event(.told([.init(host: "web2", direction: .forward)])))
    #expect(board.hosts(changedSince: before).map(\.fqdn) == ["web2"])
    #expect(board.hosts(changedSince: board.revision).isEmpty)
    board.take(event(.connected))
    #expect(board.hosts(changedSince: before).count == 2)
  }

  @Test("Of what a host writes the last lines are kept, and of a line the beginning")
  func output() {
    var board = Board(rollout)
    for number in 1...50 {
      let text = "\(number) " + String(repeating: "x", count: 2000)
      let progress: Progress = decoded(
        #"{"message":"\#(text)","id":"r1","app":"shop","step":"before","state":"output","sequence":\#(number)}"#)
      board.take(event(.progress(.init(host: "web1", direction: .forward), progress)))
    }
    let lines = board.output["web1"] ?? []
    #expect(lines.count == 20)
    #expect(lines.first?.hasPrefix("31 ") == true)
    #expect(lines.allSatisfy { $0.count == 500 })
  }

  @Test("What a host or a person has written is text on the page")
  func escapes() {
    var board = Board(rollout)
    let progress: Progress = decoded(
      #"{"message":"<script>x</script>","id":"r1","app":"shop","step":"before","state":"output","sequence":1}"#)
    board.take(event(.told([.init(host: "web1", direction: .forward)])))
    board.take(event(.progress(.init(host: "web1", direction: .forward), progress)))
    let page = RolloutPage(
      board: board, begun: 1, turns: [.stop], mayDeploy: true, asksForName: true, csrf: #""><b>"#)
    #expect(page.html.text.contains("&lt;script&gt;x&lt;/script&gt;"))
    #expect(!page.html.text.contains("<script>"))
    #expect(!page.html.text.contains("<b>\""))
  }

  @Test("Rows come in events of their own: a browser takes none behind a div")
  func pieces() {
    let page = RolloutPage(
      board: Board(rollout), begun: 1, turns: [], mayDeploy: false, asksForName: false, csrf: "")
    let events = page.pieces(since: 0).events
    #expect(events.count == 2)
    #expect(events[0].data.hasPrefix("<div") && !events[0].data.contains("<tr"))
    #expect(events[1].data.hasPrefix("<tr"))
    #expect(EventStream.Event(name: "a", data: "b\nc").text == "event: a\ndata: b\ndata: c\n\n")
  }

  private func event(_ what: RolloutEvent.What) -> RolloutEvent { RolloutEvent(what: what, rollout: rollout, time: 1) }
}
