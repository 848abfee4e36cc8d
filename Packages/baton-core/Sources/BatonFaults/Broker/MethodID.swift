/// The class and number of a method of AMQP 0-9-1.
public struct MethodID: Sendable, Hashable, CustomStringConvertible {
  public let classID: UInt16
  public let number: UInt16

  public init(_ classID: UInt16, _ number: UInt16) {
    self.classID = classID
    self.number = number
  }

  public var description: String { "method \(classID).\(number)" }

  public static let connectionStart = MethodID(10, 10)
  public static let connectionStartOK = MethodID(10, 11)
  public static let connectionTune = MethodID(10, 30)
  public static let connectionTuneOK = MethodID(10, 31)
  public static let connectionOpen = MethodID(10, 40)
  public static let connectionOpenOK = MethodID(10, 41)
  public static let connectionClose = MethodID(10, 50)
  public static let connectionCloseOK = MethodID(10, 51)
  public static let connectionBlocked = MethodID(10, 60)
  public static let connectionUnblocked = MethodID(10, 61)
  public static let channelOpen = MethodID(20, 10)
  public static let channelOpenOK = MethodID(20, 11)
  public static let channelClose = MethodID(20, 40)
  public static let channelCloseOK = MethodID(20, 41)
  public static let exchangeDeclare = MethodID(40, 10)
  public static let exchangeDeclareOK = MethodID(40, 11)
  public static let queueDeclare = MethodID(50, 10)
  public static let queueDeclareOK = MethodID(50, 11)
  public static let queueBind = MethodID(50, 20)
  public static let queueBindOK = MethodID(50, 21)
  public static let basicQoS = MethodID(60, 10)
  public static let basicQoSOK = MethodID(60, 11)
  public static let basicConsume = MethodID(60, 20)
  public static let basicConsumeOK = MethodID(60, 21)
  public static let basicCancel = MethodID(60, 30)
  public static let basicCancelOK = MethodID(60, 31)
  public static let basicPublish = MethodID(60, 40)
  public static let basicDeliver = MethodID(60, 60)
  public static let basicAck = MethodID(60, 80)
  public static let basicReject = MethodID(60, 90)
  public static let confirmSelect = MethodID(85, 10)
  public static let confirmSelectOK = MethodID(85, 11)
}
