/// One line on a terminal's standard error that says how it is going, and goes away at the end; nothing anywhere else.
public struct Progress: Sendable {
  private let isOn = Output.error.isTerminal

  public init() {}

  public func show(_ text: String) {
    if isOn { Output.error.write("\r\u{1B}[K\(text)") }
  }

  public func clear() {
    if isOn { Output.error.write("\r\u{1B}[K") }
  }
}
