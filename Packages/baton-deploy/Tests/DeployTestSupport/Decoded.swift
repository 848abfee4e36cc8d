import Baton

/// A message of the agent, whose types have no public initializer, from its JSON.
package func decoded<Value: Decodable>(_ text: String) -> Value {
  do { return try JSONText.decode(Value.self, from: [UInt8](text.utf8)) } catch {
    fatalError("\(text): \(error)")
  }
}
