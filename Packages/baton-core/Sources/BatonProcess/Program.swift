/// A program to run: its own and its arguments' words as they are, with no shell between, and nothing of our own environment.
public struct Program: Sendable, Hashable {
  /// The program and its arguments. A program without a slash is looked for in `PATH` of ``environment``.
  public var words: [String]
  public var environment: [String: String]
  /// The working directory; nil leaves ours.
  public var folder: String?
  /// The user to run as; nil or our own leaves us.
  public var user: User?
  /// How long it may take.
  public var timeout: Duration
  /// How long it may take to end after it was asked to (SIGTERM), before it is made to (SIGKILL).
  public var grace: Duration
  /// Output beyond so many bytes is read and dropped, and counted.
  public var outputLimit: Int
  /// A descriptor for standard input; nil is an empty one. It has to stay open until the program has ended.
  public var input: Int32?

  public init(
    _ words: [String], environment: [String: String] = [:], folder: String? = nil, user: User? = nil,
    timeout: Duration = .seconds(60), grace: Duration = .seconds(10), outputLimit: Int = 256 * 1024, input: Int32? = nil
  ) {
    self.words = words
    self.environment = environment
    self.folder = folder
    self.user = user
    self.timeout = timeout
    self.grace = grace
    self.outputLimit = outputLimit
    self.input = input
  }

  /// How a run ended.
  public struct Ending: Sendable, Hashable {
    public enum Way: Sendable, Hashable {
      case exited(Int32)
      /// By a signal that we did not send.
      case killed(Int32)
      case timedOut
      case cancelled
    }

    public let way: Way
    /// After ``Way/timedOut`` and ``Way/cancelled``: whether no process of the group is left.
    public let isGone: Bool
    /// Lines and bytes of output that were dropped.
    public let dropped: Int

    public var isSuccess: Bool { way == .exited(0) }
  }
}

extension Program.Ending: CustomStringConvertible {
  /// To be read after "the program".
  public var description: String {
    let leftover = isGone ? "" : ", and some of its processes could not be ended"
    return switch way {
    case .exited(let code): "ended with exit code \(code)"
    case .killed(let signal): "was ended by signal \(signal)"
    case .timedOut: "took too long and was ended\(leftover)"
    case .cancelled: "was ended\(leftover)"
    }
  }
}

/// Why a program could not be started.
public struct ProgramError: Error, Hashable, CustomStringConvertible {
  public let program: String
  public let reason: String

  public init(program: String, reason: String) {
    self.program = program
    self.reason = reason
  }

  public var description: String { "could not start '\(program)': \(reason)" }
}
