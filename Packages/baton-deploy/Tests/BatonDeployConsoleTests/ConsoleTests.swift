import AMQP
import BatonDeploy
import BatonDeployControl
import BatonTesting
import DeployTestSupport
import Testing

@testable import BatonDeployConsole

@Suite(.timeLimit(.minutes(2)))
struct ConsoleTests {
  private let shop = TestConsole.shop
  @Test("What is wished for is rolled out on all who answer, under the name of who wished it, and is in the audit")
  func deploys() async throws {
    try await withConsole(["web1": .init(), "web2": .init()]) { test in
      var everywhere = test.wish
      everywhere.hosts = []
      let id = try await test.console.begin(everywhere, by: TestConsole.kim)
      try await test.wait(id) { $0.state == .ended }
      for host in ["web1", "web2"] {
        #expect(await test.told(host) == [.init(type: "deploy", id: id, version: "2")])
      }
      let record = try #require(try test.console.store.record(id))
      #expect(record.plan.by == "kim@console")
      #expect(record.outcome == .done)
      #expect(record.tally.done == 2)
      #expect(test.audit.count == 1)
      #expect(test.audit[0].contains(#""act":"deploy 2""#) && test.audit[0].contains(id))
    }
  }

  @Test(
    "Only the hosts that are wished for are told anything; one that is not there stops it, unless it may be left out")
  func chosen() async throws {
    try await withConsole(["web1": .init(), "web2": .init()]) { test in
      var wish = test.wish
      wish.hosts = ["web2", "web9"]
      let rejection = await #expect(throws: Rejection.self) { try await test.console.begin(wish, by: TestConsole.jo) }
      #expect(rejection?.status == 409)
      #expect(rejection?.description.contains("web9") == true)
      wish.skipsOffline = true
      let id = try await test.console.begin(wish, by: TestConsole.jo)
      try await test.wait(id) { $0.state == .ended }
      #expect(await test.told("web1").isEmpty)
      #expect(await test.told("web2").count == 1)
      #expect(try test.console.store.rollout(id)?.skipped == ["web9"])
    }
  }

  @Test("Whoever may not deploy there is refused, and it is in the audit")
  func rights() async throws {
    try await withConsole(["web1": .init()]) { test in
      for admission in [TestConsole.vi] {
        let rejection = await #expect(throws: Rejection.self) { try await test.console.begin(test.wish, by: admission) }
        #expect(rejection?.status == 403)
      }
      var elsewhere = test.wish
      elsewhere.place = Place(app: "till", environment: "production")
      let rejection = await #expect(throws: Rejection.self) {
        try await test.console.begin(elsewhere, by: TestConsole.kim)
      }
      #expect(rejection?.status == 403)
      #expect(await test.told("web1").isEmpty)
      #expect(test.audit.allSatisfy { $0.contains(#""permitted":false"#) } && test.audit.count == 2)
    }
  }

  @Test("Where the environment's name has to be typed a person has to, and a program has not")
  func confirmation() async throws {
    try await withConsole(["web1": .init()], confirmed: ["production"]) { test in
      for typed in [nil, "", "prod", "Production"] as [String?] {
        var wish = test.wish
        wish.confirmation = typed
        let rejection = await #expect(throws: Rejection.self) { try await test.console.begin(wish, by: TestConsole.jo) }
        #expect(rejection?.status == 422)
      }
      #expect(await test.told("web1").isEmpty)
      var typed = test.wish
      typed.confirmation = "production"
      let first = try await test.console.begin(typed, by: TestConsole.jo)
      try await test.wait(first) { $0.state == .ended }
      let second = try await test.console.begin(test.wish, by: TestConsole.program)
      try await test.wait(second) { $0.state == .ended }
      #expect(await test.told("web1").map(\.id) == [first, second])
    }
  }

  @Test("Where a second person is wanted nothing begins before another has said yes")
  func secondPerson() async throws {
    try await withConsole(["web1": .init()], secondPerson: ["production"]) { test in
      let id = try await test.console.begin(test.wish, by: TestConsole.jo)
      #expect(try test.console.store.record(id)?.outcome == .proposed)
      let own = await #expect(throws: Rejection.self) {
        try await test.console.turn(id, .approve, by: TestConsole.jo, confirmation: nil)
      }
      #expect(own?.status == 403)
      let resumed = await #expect(throws: Rejection.self) {
        try await test.console.turn(id, .resume, by: TestConsole.kim, confirmation: nil)
      }
      #expect(resumed?.status == 409)
      let program = await #expect(throws: Rejection.self) {
        try await test.console.turn(id, .approve, by: TestConsole.program, confirmation: nil)
      }
      #expect(program?.status == 403)
      #expect(await test.told("web1").isEmpty)
      try await test.console.turn(id, .approve, by: TestConsole.kim, confirmation: nil)
      try await test.wait(id) { $0.state == .ended }
      #expect(await test.told("web1").count == 1)
      let record = try #require(try test.console.store.record(id))
      #expect(record.approvedBy == "kim@console")
      #expect(record.plan.by == "jo@console")
    }
  }

  @Test("What a second person does not want is given up, and cannot be approved any more")
  func givenUp() async throws {
    try await withConsole(["web1": .init()], secondPerson: ["production"]) { test in
      let id = try await test.console.begin(test.wish, by: TestConsole.jo)
      try await test.console.turn(id, .cancel, by: TestConsole.kim, confirmation: nil)
      #expect(try test.console.store.record(id)?.outcome == .closed)
      let rejection = await #expect(throws: Rejection.self) {
        try await test.console.turn(id, .approve, by: TestConsole.kim, confirmation: nil)
      }
      #expect(rejection?.status == 409)
      #expect(await test.told("web1").isEmpty)
    }
  }

  @Test("Those that have switched go back when somebody wishes it, also after the end")
  func goesBack() async throws {
    try await withConsole(["web1": .init(), "web2": .init()]) { test in
      let id = try await test.console.begin(test.wish, by: TestConsole.jo)
      try await test.wait(id) { $0.state == .ended }
      try await test.console.turn(id, .rollback, by: TestConsole.jo, confirmation: nil)
      try await test.wait(id) { $0.state == .ended }
      #expect(await test.told("web1").last == .init(type: "rollback", id: "\(id)-undo", version: "1"))
      let record = try #require(try test.console.store.record(id))
      #expect(record.outcome == .wentBack)
      #expect(record.tally.wentBack == 2)
      let ended = try #require(try test.console.store.rollout(id))
      #expect(await test.console.turns(of: ended).isEmpty)
    }
  }

  @Test("A rollout in a place where somebody rolls out already does not begin, and it says who that is")
  func held() async throws {
    try await withConsole(["web1": .init(.hangs)]) { test in
      let first = try await test.console.begin(test.wish, by: TestConsole.jo)
      let rejection = await #expect(throws: Rejection.self) {
        try await test.console.begin(test.wish, by: TestConsole.kim)
      }
      #expect(rejection?.status == 409)
      #expect(rejection?.description.contains("jo@console") == true)
      #expect(try test.console.store.records(limit: 10).map(\.plan.id) == [first])
    }
  }

  @Test("Without a broker it says so at once, and nothing begins later")
  func away() async throws {
    let broker = InMemoryBroker()
    try await withConsole([:], broker: broker) { test in
      broker.refusal = .init(.unreachable, "nobody there", while: "connect")
      let rejection = await #expect(throws: Rejection.self) {
        try await test.console.begin(test.wish, by: TestConsole.jo)
      }
      #expect(rejection?.status == 503)
      let records = try test.console.store.records(limit: 10)
      #expect(records.isEmpty)
    }
  }

  @Test("A console that comes back goes on with what the one before it was at, and no host does anything twice")
  func takesUp() async throws {
    let broker = InMemoryBroker()
    try await withConsole(["web1": .init(.hangs), "web2": .init()], broker: broker) { test in
      let id = try await test.beginOneByOne(until: "web1")
      await test.console.desk.close()
      #expect(try test.console.store.rollout(id)?.state == .going)
      await test.hosts["web1"]?.behave(.succeeds)
      let next = try test.again(on: broker)
      await next.desk.takeUp()
      for await _ in await next.desk.listen(to: id) ?? .once {}
      let record = try #require(try next.store.record(id))
      #expect(record.outcome == .done)
      #expect(Set(await test.told("web1")).count == 1)
      #expect(await test.told("web2").count == 1)
      await next.desk.close()
    }
  }

  @Test("One that was stopped stays as it is, and goes on when somebody wishes it")
  func stopsAndGoesOn() async throws {
    let broker = InMemoryBroker()
    try await withConsole(["web1": .init(.hangs), "web2": .init()], broker: broker) { test in
      let id = try await test.beginOneByOne(until: "web1")
      try await test.console.turn(id, .stop, by: TestConsole.jo, confirmation: nil)
      await test.hosts["web1"]?.behave(.succeeds)
      broker.disconnectAll()
      try await test.wait(id) { $0.isOver }
      #expect(try test.console.store.record(id)?.outcome == .paused)
      #expect(await test.told("web2").isEmpty)
      try await test.console.turn(id, .resume, by: TestConsole.kim, confirmation: nil)
      try await test.wait(id) { $0.state == .ended }
      // Told again, as it may be after the connection was lost, it is the same act.
      #expect(Set(await test.told("web2")).count == 1)
    }
  }

  @Test("One that is under way goes back once those under way have ended, and nobody waits for it")
  func goesBackUnderWay() async throws {
    let broker = InMemoryBroker()
    try await withConsole(["web1": .init(), "web2": .init(.hangs), "web3": .init()], broker: broker) { test in
      let id = try await test.beginOneByOne(until: "web2")
      try await test.console.turn(id, .rollback, by: TestConsole.jo, confirmation: nil)
      #expect(try test.console.store.record(id)?.tally.wentBack == 0)
      await test.hosts["web2"]?.behave(.succeeds)
      broker.disconnectAll()
      try await test.wait(id) { $0.state == .ended }
      let record = try #require(try test.console.store.record(id))
      #expect(record.outcome == .wentBack)
      #expect(record.tally.wentBack == 2)
      #expect(await test.told("web3").isEmpty)
    }
  }

  @Test("A console that comes back lets no new host begin where somebody has stopped it")
  func staysStopped() async throws {
    let broker = InMemoryBroker()
    try await withConsole(["web1": .init(.hangs), "web2": .init()], broker: broker) { test in
      let id = try await test.beginOneByOne(until: "web1")
      try await test.console.turn(id, .stop, by: TestConsole.jo, confirmation: nil)
      try await test.wait(id) { $0.state == .stopping(.operator) }
      await test.console.desk.close()
      await test.hosts["web1"]?.behave(.succeeds)
      let next = try test.again(on: broker)
      await next.desk.takeUp()
      for await _ in await next.desk.listen(to: id) ?? .once {}
      #expect(try next.store.record(id)?.outcome == .paused)
      #expect(await test.told("web2").isEmpty)
      await next.desk.close()
    }
  }
}
