enum ContentType {
  static let json = "application/json"
}
