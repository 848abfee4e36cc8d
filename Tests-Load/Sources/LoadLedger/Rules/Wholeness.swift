extension History {
  /// What cannot be read proves nothing.
  public func wholeness() -> Finding {
    var finding = Finding()
    finding.violate("line that cannot be read", by: unreadable)
    return finding
  }
}
