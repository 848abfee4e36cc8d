import Testing

@testable import BatonDeployConsole

struct LoginLimiterTests {
  @Test("After a few tries each next one waits twice as long, up to a quarter of an hour")
  func delays() {
    var limiter = LoginLimiter()
    var now: Int64 = 0
    for _ in 0..<5 { #expect(limiter.begin(name: "jo", client: "a", at: now) == nil) }
    var waits: [Int64] = []
    for _ in 0..<14 {
      let wait = limiter.begin(name: "jo", client: "a", at: now) ?? 0
      waits.append(wait / 1000)
      now += wait
      #expect(limiter.begin(name: "jo", client: "a", at: now) == nil)
    }
    #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900])
  }

  @Test("A name is guarded from everywhere, and an address for all names")
  func keys() {
    var limiter = LoginLimiter()
    for client in 0..<5 { #expect(limiter.begin(name: "jo", client: "10.0.0.\(client)", at: 0) == nil) }
    #expect(limiter.begin(name: "jo", client: "10.0.0.9", at: 0) == 1000)
    #expect(limiter.begin(name: "kim", client: "10.0.0.9", at: 0) == nil)

    for name in 0..<20 { #expect(limiter.begin(name: "\(name)", client: "2001:db8::\(name)", at: 0) == nil) }
    #expect(limiter.begin(name: "x", client: "2001:db8::ffff", at: 0) == 1000)
    #expect(limiter.begin(name: "x", client: "2001:db8:1::1", at: 0) == nil)
  }

  @Test("A try that was right is forgotten, but not what was guessed at other names")
  func succeeds() {
    var limiter = LoginLimiter()
    for _ in 0..<100 {
      #expect(limiter.begin(name: "jo", client: "a", at: 0) == nil)
      limiter.succeed(name: "jo", client: "a", at: 0)
    }
    for number in 0..<19 { #expect(limiter.begin(name: "\(number)", client: "a", at: 0) == nil) }
    #expect(limiter.begin(name: "jo", client: "a", at: 0) == nil)
    limiter.succeed(name: "jo", client: "a", at: 0)
    #expect(limiter.begin(name: "x", client: "a", at: 0) == nil)
    #expect(limiter.begin(name: "y", client: "a", at: 0) == 1000)
  }

  @Test("Who has been let in before from an address is not kept out by others who guess at his name")
  func familiar() {
    var limiter = LoginLimiter()
    #expect(limiter.begin(name: "jo", client: "home", at: 0) == nil)
    limiter.succeed(name: "jo", client: "home", at: 0)
    for _ in 0..<5 { #expect(limiter.begin(name: "jo", client: "elsewhere", at: 0) == nil) }
    #expect(limiter.begin(name: "jo", client: "elsewhere", at: 0) == 1000)
    for _ in 0..<5 { #expect(limiter.begin(name: "jo", client: "home", at: 0) == nil) }
    #expect(limiter.begin(name: "jo", client: "home", at: 0) == 1000)
  }

  @Test("It is forgotten after an hour")
  func forgets() {
    var limiter = LoginLimiter()
    for _ in 0..<5 { _ = limiter.begin(name: "jo", client: "a", at: 0) }
    for _ in 0..<5 { #expect(limiter.begin(name: "jo", client: "a", at: 3_600_001) == nil) }
  }

  @Test("It never takes more than so much memory, and then still knows who has to wait")
  func memory() {
    var limiter = LoginLimiter(most: 100)
    for _ in 0..<5 { _ = limiter.begin(name: "jo", client: "a", at: 0) }
    for number in 0..<1000 { _ = limiter.begin(name: "\(number)", client: "\(number)", at: 500) }
    #expect((50...100).contains(limiter.count))
    #expect(limiter.begin(name: "jo", client: "b", at: 500) == 500)
    for number in 0..<1000 {
      let name = "f\(number)"
      _ = limiter.begin(name: name, client: name, at: 501)
      limiter.succeed(name: name, client: name, at: 501)
    }
    #expect(limiter.count <= 100)
  }
}
