import Baton
import BatonDeploy
import BatonDeployControl
import BatonHTTPServer

/// The same as the pages, for programs: JSON over HTTP, under `/api/v1`.
struct APIRoutes: Sendable {
  static let root = "/api/v1"

  let console: Console
  let gate: Gate

  var routes: [HTTPRoute] {
    [
      HTTPRoute("GET", "\(Self.root)/openapi.json") { _ in OpenAPI.response },
      gate.api("GET", "\(Self.root)/places", places),
      gate.api("GET", "\(Self.root)/places/:app/:environment", place),
      gate.api("GET", "\(Self.root)/rollouts", rollouts),
      gate.api("POST", "\(Self.root)/rollouts", begin),
      gate.api("GET", "\(Self.root)/rollouts/:id", rollout),
      gate.api("GET", "\(Self.root)/rollouts/:id/events", rolloutEvents),
      gate.api("POST", "\(Self.root)/rollouts/:id/:turn", turn),
      gate.api("GET", "\(Self.root)/events", events),
    ]
  }

  // MARK: - What runs where

  private func places(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    try HTTPResponse(json: await console.overview.lookAround().map { PlaceDocument($0, withHosts: false) })
  }

  private func place(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    try HTTPResponse(json: PlaceDocument(try await console.spot(try request.place), withHosts: true))
  }

  /// What changes, place by place: server-sent events named `place`.
  private func events(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let overview = console.overview
    let sent = Revisions()
    return EventStream.response(await overview.listen()) {
      var events: [EventStream.Event] = []
      for spot in await overview.lookAround() where await sent.isNew(spot.revision, of: spot.place.key) {
        if let event = EventStream.Event(name: "place", json: PlaceDocument(spot, withHosts: false)) {
          events.append(event)
        }
      }
      return events
    }
  }

  // MARK: - Rollouts

  private func rollouts(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let limit = try request.query["limit"].map { try Checked.count($0, "rollouts", most: HistoryFile.limit) } ?? 50
    let records = try console.store.records(RolloutFilter(request.query), limit: limit)
    return try HTTPResponse(json: records.map(RolloutListing.init))
  }

  private func rollout(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    try HTTPResponse(json: try await document(request.id))
  }

  private func begin(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let wish = try RolloutWish(json: request.body)
    let id = try await console.begin(wish, by: admission)
    var response = try HTTPResponse(status: 201, json: try await document(id))
    response.headers["Location"] = "\(Self.root)/rollouts/\(id)"
    return response
  }

  private func turn(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    guard let turn = Console.Turn(rawValue: request.parameters["turn"] ?? "") else {
      throw Rejection.unknown("There is nothing of that name to do to a rollout.")
    }
    let confirmation = request.body.isEmpty ? nil : try Confirmation(json: request.body).confirmation
    try await console.turn(request.id, turn, by: admission, confirmation: confirmation)
    return try HTTPResponse(json: try await document(request.id))
  }

  /// What happens to a rollout: server-sent events named `rollout`, each with how it stands then; the last is followed by `over`.
  private func rolloutEvents(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let id = request.id
    _ = try await console.board(id)
    let sent = Revisions()
    let strokes = await console.desk.listen(to: id) ?? .once
    return EventStream.response(strokes) { [self] in
      guard let board = try? await console.board(id), let document = try? await document(id) else { return nil }
      let isNew = await sent.isNew(board.revision, of: id)
      let news = isNew ? [EventStream.Event(name: "rollout", json: document)].compactMap(\.self) : []
      return await news + console.over(id)
    }
  }

  private func document(_ id: String) async throws -> RolloutDocument {
    let board = try await console.board(id)
    guard let record = try console.store.record(id) else {
      throw Rejection.unknown("There is no rollout '\(id.prefix(80))' that was begun from here.")
    }
    return RolloutDocument(
      rollout: RolloutListing(record), note: board.note, hosts: board.rollout.hosts.map(RolloutDocument.Host.init),
      skipped: board.rollout.skipped, turns: await console.turns(of: board.rollout).map(\.rawValue))
  }
}

/// The revision of each thing that was sent last.
private actor Revisions {
  private var sent: [String: Int] = [:]

  func isNew(_ revision: Int, of name: String) -> Bool { sent.updateValue(revision, forKey: name) != revision }
}

extension EventStream.Event {
  fileprivate init?(name: String, json value: some Encodable) {
    guard let bytes = try? JSONText.encode(value) else { return nil }
    self.init(name: name, data: String(decoding: bytes, as: UTF8.self))
  }
}
