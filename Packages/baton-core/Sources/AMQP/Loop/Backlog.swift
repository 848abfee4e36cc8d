/// Commands that are taken and not yet sent, because the socket takes no more for now.
struct Backlog {
  private var commands: [Mailbox.Command] = []
  private var head = 0
  /// How many messages of the first command, a publish, are sent.
  private(set) var published = 0
  /// How much of the body of the message after those is sent; nil if nothing of that message is.
  var sentOfBody: Int?
  /// The confirmations of the first command, once it has begun.
  var batch: ConfirmWindow.Batch?

  var isEmpty: Bool { head == commands.count }

  var first: Mailbox.Command? { isEmpty ? nil : commands[head] }

  /// Whether more is to be sent than one frame or message.
  var isWorthGathering: Bool {
    var count = -published
    for command in commands[head...] {
      if case .publish(let messages, _, _) = command { count += messages.count } else { count += 1 }
      if count > 1 { return true }
    }
    return false
  }

  mutating func append(_ more: [Mailbox.Command]) {
    if isEmpty {
      commands = more
      head = 0
    } else {
      commands.append(contentsOf: more)
    }
  }

  mutating func publishedOne(of count: Int) {
    published += 1
    sentOfBody = nil
    if published == count { dropFirst() }
  }

  mutating func dropFirst() {
    head += 1
    published = 0
    sentOfBody = nil
    batch = nil
    if isEmpty {
      commands = []
      head = 0
    }
  }

  mutating func takeAll() -> [Mailbox.Command] {
    defer { self = Backlog() }
    return Array(commands[head...])
  }
}
