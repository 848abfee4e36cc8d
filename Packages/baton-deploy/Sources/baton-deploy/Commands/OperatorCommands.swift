import BatonCLI

/// What an operator types; the agent's commands stand beside them.
enum OperatorCommands {
  static let all = [
    RolloutCommand.deploy, RolloutCommand.rollback, RolloutCommand.restart, StatusCommand.command,
    HistoryCommand.command, CancelCommand.command, LockCommand.lock, LockCommand.unlock, WatchCommand.command,
    WebPasswordCommand.command, WebTokenCommand.command,
  ]

  static let exitCodes = """
    EXIT CODES:
      0   all who were asked answered, all is well
      1   some host answered with a failure
      2   nobody is listening there
      4   a named host is missing, silent or not connected, or nobody answered
      64 usage, 69 broker unreachable, 75 broker blocked or somebody else is rolling out, 77 denied, 78 configuration
      130 interrupted
    """
}
