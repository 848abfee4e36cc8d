/// What is done with the requests of one type.
public struct Handler: Sendable {
  /// The type of request it takes.
  public let request: any Request.Type
  /// Decodes the request, does it, and says what came of it.
  let handle: @Sendable (AnyMessage, Context) async throws -> Void

  /// The value of the request's member `type`.
  public var type: String { request.type }

  /// Answers each request of a type with one reply.
  ///
  /// `answer` runs on the connection's thread, which another one takes over from it if it blocks.
  ///
  /// What `answer` throws becomes an `error` message; the service lives on.
  public static func on<R: Request>(
    _ request: R.Type, answer: @escaping @Sendable (R, Context) async throws -> R.Reply
  ) -> Handler {
    Handler(request: R.self) { message, context in
      let request = try message.decode(R.self)
      context.answer(try await answer(request, context))
    }
  }

  /// Takes each request of a type over, to answer it later and by itself: what is to be done is on disk when `accept` returns.
  ///
  /// What `accept` throws becomes an `error` message; the service lives on.
  public static func accepting<R: Request>(
    _ request: R.Type, _ accept: @escaping @Sendable (R, Context) async throws -> Void
  ) -> Handler {
    Handler(request: R.self) { message, context in
      try await accept(try message.decode(R.self), context)
    }
  }
}
