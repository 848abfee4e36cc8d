import Testing

@testable import AMQP

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct WatchdogTests {
  @Test("It bites though handlers block every thread of Swift's pool", .timeLimit(.minutes(1)))
  func blockedPool() async {
    // In a process of its own: other tests want the pool.
    await #expect(processExitsWith: .success) {
      var sockets: [Int32] = [-1, -1]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0)
      let peer = sockets[1]
      let watchdog = try Watchdog(limit: .milliseconds(200), relay: Relay())
      try watchdog.start()
      watchdog.enter(sockets[0], at: .now)
      let noticed = await withTaskGroup(of: Bool.self) { group in
        // More than there are threads; each sleeps in the kernel until the other end of the socket is shut.
        for _ in 0..<4 * sysconf(Int32(_SC_NPROCESSORS_ONLN)) {
          group.addTask {
            var poller = pollfd(fd: peer, events: Int16(POLLIN), revents: 0)
            return poll(&poller, 1, 10_000) == 1
          }
        }
        return await group.reduce(true) { $0 && $1 }
      }
      #expect(noticed)
      #expect(watchdog.hasBitten)
    }
  }
}
