import CSystem

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A process that was started in a group of its own, and the end of the pipe that its output comes out of.
///
/// It is not reaped before ``reap()``: until then its number, and that of its group, belong to nobody else.
struct Child: ~Copyable {
  let pid: pid_t
  /// Readable when it has ended.
  let ended: Int32
  /// Standard output and standard error, in the order of their writing. Does not block.
  let output: Int32

  /// The corresponding C function is `posix_spawnp(3)`.
  init(_ program: Program) throws(ProgramError) {
    var ends: [Int32] = [0, 0]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw Self.failure(program, errno) }
    let writing = ends[1]
    defer { close(writing) }
    var started: pid_t = 0
    let status = Self.spawn(program, output: writing, &started)
    guard status == 0 else {
      close(ends[0])
      throw Self.failure(program, status)
    }
    let descriptor = csystem_pidfd_open(started)
    guard descriptor >= 0 else {
      let reason = errno
      kill(-started, SIGKILL)
      waitpid(started, nil, 0)
      close(ends[0])
      throw Self.failure(program, reason)
    }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    pid = started
    ended = descriptor
    output = ends[0]
  }

  deinit {
    close(ended)
    close(output)
  }

  /// To all of its group.
  func send(_ signal: Int32) { kill(-pid, signal) }

  /// Waits for it, if it has not ended, and gives its status.
  ///
  /// The corresponding C function is `waitpid(2)`.
  func reap() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status
  }

  private static func spawn(_ program: Program, output: Int32, _ pid: inout pid_t) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    if let input = program.input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
    if let folder = program.folder { posix_spawn_file_actions_addchdir_np(&actions, folder) }
    // Ours blocks signals and ignores SIGPIPE; the program gets what a shell would give it.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let words = program.user?.words(for: program.words) ?? program.words
    guard let name = Self.path(of: words.first ?? "", in: program.environment["PATH"]) else { return ENOENT }
    return withPointers(words) { arguments in
      withPointers(program.environment.map { "\($0)=\($1)" }.sorted()) { environment in
        posix_spawn(&pid, name, &actions, &attributes, arguments, environment)
      }
    }
  }

  /// Where a program without a slash is: posix_spawnp would look in our own `PATH`, not in the program's.
  private static func path(of name: String, in path: String?) -> String? {
    guard !name.isEmpty, !name.contains("/") else { return name.isEmpty ? nil : name }
    let folders = (path ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  private static func withPointers<Result>(
    _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return body(pointers)
  }

  private static func failure(_ program: Program, _ code: Int32) -> ProgramError {
    ProgramError(program: program.words.first ?? "", reason: String(cString: strerror(code)))
  }
}
