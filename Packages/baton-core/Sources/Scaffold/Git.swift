#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs git.
enum Git {
  /// What it wrote, both to standard output and to standard error, and how it ended.
  struct Result {
    let status: Int32
    let output: String

    var line: String? {
      let first = output.prefix { $0 != "\n" }
      return status == 0 && !first.isEmpty ? String(first) : nil
    }
  }

  /// Throws ``Refusal`` if git is not installed. No shell is between: the words go to git as they are.
  ///
  /// The corresponding C function is `posix_spawnp(3)`.
  static func run(_ words: [String]) throws(Refusal) -> Result {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw failure("cannot make a pipe", errno) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    for end in ends { posix_spawn_file_actions_addclose(&actions, end) }
    var arguments = (["git"] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    let error = posix_spawnp(&child, "git", &actions, nil, &arguments, environ)
    close(ends[1])
    defer { close(ends[0]) }
    guard error == 0 else { throw failure("cannot run git", error) }
    let output = readAll(ends[0])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return Result(status: status, output: output)
  }

  private static func readAll(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk.prefix(count)
    }
  }

  private static func failure(_ problem: String, _ code: Int32) -> Refusal {
    Refusal(.missing, "\(problem): \(String(cString: strerror(code)))", "install it: apt-get install git")
  }
}
