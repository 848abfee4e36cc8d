import BatonHTTPServer

extension String {
  /// As text within HTML and its attributes: nothing in it can become markup.
  var html: String { HTML(text: self).text }
}
