import BatonDeploy

/// An event as programs read it.
public struct EventDocument: Encodable, Sendable {
  let time: Int64
  let rollout: String
  let event: String
  var host: String?
  var hosts: [String]?
  var direction: String?
  var step: Step?
  var stepState: Progress.State?
  var version: String?
  var milliseconds: Int64?
  var errorClass: String?
  var message: String?

  enum CodingKeys: String, CodingKey {
    case time, rollout, event, host, hosts, direction, step, version, message
    case stepState = "state"
    case milliseconds = "duration_ms"
    case errorClass = "error_class"
  }

  public init(_ event: RolloutEvent) {
    time = event.time
    rollout = event.rollout.plan.id
    switch event.what {
    case .connected: self.event = "connected"
    case .disconnected(let reason):
      self.event = "disconnected"
      message = reason
    case .stopped(let by):
      self.event = "stopped"
      message = by
    case .turned:
      self.event = event.rollout.stateName
      direction = event.rollout.direction.rawValue
    case .told(let assignments):
      self.event = "told"
      hosts = assignments.map(\.host)
      direction = assignments.first?.direction.rawValue
    case .unrouted(let assignment):
      self.event = "unrouted"
      set(assignment)
    case .progress(let assignment, let progress):
      self.event = "progress"
      set(assignment)
      step = progress.step
      stepState = progress.state
      milliseconds = progress.milliseconds
      message = progress.message
    case .done(let assignment, let deployed):
      self.event = "done"
      set(assignment)
      version = deployed.version
      milliseconds = deployed.milliseconds
      message = deployed.message
    case .failed(let assignment, let failure):
      self.event = "failed"
      set(assignment)
      step = failure.step
      version = failure.current
      milliseconds = failure.milliseconds
      errorClass = failure.errorClass
      message = failure.errorMessage
    case .lost(let assignment):
      let host = event.rollout.host(assignment.host)
      let work = assignment.direction == .back ? host?.undo : host?.act
      self.event = work?.phase.rawValue ?? "lost"
      set(assignment)
      step = work?.step
    }
  }

  private mutating func set(_ assignment: Rollout.Assignment) {
    host = assignment.host
    direction = assignment.direction.rawValue
  }
}
