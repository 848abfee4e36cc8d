import BatonDeployControl
import BatonHTTPServer

/// What a person sees with a browser, and does with it.
struct PageRoutes: Sendable {
  let console: Console
  let gate: Gate
  private let rendering: Rendering

  init(console: Console, gate: Gate) {
    self.console = console
    self.gate = gate
    rendering = Rendering(now: console.control.times.now)
  }

  var routes: [HTTPRoute] {
    [
      gate.page("GET", "/", fleet), gate.page("GET", "/apps/:app/:environment", application),
      gate.page("GET", "/rollouts/:id", rollout), gate.page("GET", "/history", history),
      gate.page("GET", "/history.csv", historyAsCSV), gate.page("GET", "/history.json", historyAsJSON),
      gate.form("/apps/:app/:environment/rollouts", begin), gate.form("/rollouts/:id/:turn", turn),
      gate.page("GET", "/events/fleet", fleetEvents),
      gate.page("GET", "/events/apps/:app/:environment", applicationEvents),
      gate.page("GET", "/events/rollouts/:id", rolloutEvents),
    ]
  }

  // MARK: - Pages

  private func fleet(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let spots = await console.overview.lookAround()
    let cells = await cells(of: spots)
    return await page("Fleet", admission, events: "/events/fleet", FleetPage(spots: spots, cells: cells).html)
  }

  private func application(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let place = try request.place
    let spot = try await console.spot(place)
    let offered = await console.versions.offered(for: spot)
    let filter = RolloutFilter(app: place.app, environment: place.environment)
    let mayDeploy = admission.visitor.mayDeploy(place)
    let (pieces, version) = await rendering.pieces(of: spot, mayDeploy: mayDeploy)
    let page = ApplicationPage(
      spot: spot, pieces: pieces, versions: offered.versions, versionsProblem: offered.problem,
      rollouts: try console.store.records(filter, limit: 10), holder: spot.holder,
      mayDeploy: mayDeploy, asksForName: console.asksForName(place),
      wantsSecondPerson: console.wantsSecondPerson(place), csrf: admission.formToken ?? "")
    return await self.page(
      place.description, admission, events: "/events/apps/\(place.app)/\(place.environment)?seen=\(version)", page.html)
  }

  private func rollout(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let page = try await rolloutPage(request.id, admission)
    let rollout = page.board.rollout
    let isWatched = await console.desk.isAtWork(rollout.plan.id)
    return await self.page(
      RolloutPage.title(rollout), admission, events: isWatched ? "/events/rollouts/\(rollout.plan.id)" : nil, page.html)
  }

  private func rolloutPage(_ id: String, _ admission: Admission) async throws -> RolloutPage {
    let board = try await console.board(id)
    let place = board.rollout.plan.place
    return RolloutPage(
      board: board, begun: try console.store.begun(id), turns: await console.turns(of: board.rollout),
      mayDeploy: admission.visitor.mayDeploy(place), asksForName: console.asksForName(place),
      csrf: admission.formToken ?? "")
  }

  private func history(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let filter = RolloutFilter(request.query)
    let records = try console.store.records(filter, limit: HistoryPage.limit)
    return await page("History", admission, events: nil, HistoryPage(records: records, filter: filter).html)
  }

  private func historyAsCSV(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let records = try console.store.records(RolloutFilter(request.query), limit: HistoryFile.limit)
    return HistoryFile.csv(records)
  }

  private func historyAsJSON(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let records = try console.store.records(RolloutFilter(request.query), limit: HistoryFile.limit)
    return try HTTPResponse(json: records.map(RolloutListing.init))
  }

  private func cells(of spots: [Spot]) async -> [HTML] {
    var cells: [HTML] = []
    for spot in spots { cells.append(await rendering.cell(of: spot)) }
    return cells
  }

  private func page(_ title: String, _ admission: Admission, events: String?, _ body: HTML) async -> HTTPResponse {
    HTTPResponse(
      Page(
        title: title, visitor: admission.visitor, csrf: admission.formToken ?? "", events: events,
        trouble: await console.overview.trouble,
        body: body
      ).html)
  }

  // MARK: - Forms

  private func begin(_ request: HTTPRequest, _ form: Form, _ admission: Admission) async throws -> HTTPResponse {
    let wish = try RolloutWish(form, place: try request.place)
    return .seeOther("/rollouts/\(try await console.begin(wish, by: admission))")
  }

  private func turn(_ request: HTTPRequest, _ form: Form, _ admission: Admission) async throws -> HTTPResponse {
    let id = request.id
    guard let turn = Console.Turn(rawValue: request.parameters["turn"] ?? "") else {
      throw Rejection.unknown("There is nothing of that name to do to a rollout.")
    }
    try await console.turn(id, turn, by: admission, confirmation: form["confirmation"])
    return .seeOther("/rollouts/\(id)")
  }

  // MARK: - Events

  private func fleetEvents(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let overview = console.overview
    let known = await overview.all().map(\.place)
    let differences = Differences()
    return EventStream.response(await overview.listen()) { [self] in
      let spots = await overview.lookAround()
      if spots.map(\.place) != known { return [.init(name: "reload", data: "")] }
      return await differences.events(Pieces(rows: await cells(of: spots)))
    }
  }

  private func applicationEvents(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let place = try request.place
    _ = try await console.spot(place)
    let overview = console.overview
    let mayDeploy = admission.visitor.mayDeploy(place)
    let sent = Sent(request.query["seen"].flatMap(Rendering.Version.init))
    return EventStream.response(await overview.listen()) { [rendering] in
      guard let spot = await overview.look(at: place) else { return nil }
      let before = await sent.last
      let (events, version) = await rendering.events(of: spot, mayDeploy: mayDeploy, since: before)
      await sent.set(version)
      return events
    }
  }

  private func rolloutEvents(_ request: HTTPRequest, _ admission: Admission) async throws -> HTTPResponse {
    let id = request.id
    _ = try await console.board(id)
    let sent = Sent(0)
    guard let strokes = await console.desk.listen(to: id) else {
      // It is over, or driven by nobody: what there is to see is on the page.
      return EventStream.response(.once) { [.init(name: "over", data: "")] }
    }
    return EventStream.response(strokes) { [self] in
      guard let page = try? await rolloutPage(id, admission) else { return nil }
      let before = await sent.last
      await sent.set(page.board.revision)
      let news = before == page.board.revision ? [] : page.pieces(since: before).events
      return await news + console.over(id)
    }
  }
}

/// What was sent last to somebody who looks at the fleet.
private actor Differences {
  private var sent = Pieces()

  func events(_ pieces: Pieces) -> [EventStream.Event] {
    defer { sent = pieces }
    return pieces.differing(from: sent).events
  }
}

/// The version or the revision that was sent last.
private actor Sent<Value: Sendable> {
  private(set) var last: Value

  init(_ value: Value) { last = value }

  func set(_ value: Value) { last = value }
}
