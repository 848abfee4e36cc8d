import Baton
import BatonHTTPServer

/// What the API takes and gives, for programs to read (<https://spec.openapis.org/oas/v3.1.0>).
enum OpenAPI {
  static var response: HTTPResponse {
    var response = HTTPResponse(contentType: "application/json", text)
    response.headers["Cache-Control"] = "max-age=3600"
    return response
  }

  static let text = """
    {
      "openapi": "3.1.0",
      "info": {
        "title": "baton-deploy", "version": "\(baton)",
        "description": "What runs where, and rollouts: the same that the console's pages show and do. Times are milliseconds since 1970."
      },
      "servers": [{"url": "/"}],
      "security": [{"token": []}, {"password": []}],
      "paths": {\(OpenAPI.paths)},
      "components": {
        "securitySchemes": {
          "token": {"type": "http", "scheme": "bearer", "description": "Of 'baton-deploy web-token'."},
          "password": {"type": "http", "scheme": "basic"}
        },
        "parameters": {
          "id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string", "maxLength": 80}, "description": "Of a rollout."},
          "app": {"name": "app", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Name"}},
          "environment": {"name": "environment", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Name"}}
        },
        "responses": {\(OpenAPI.problems)},
        "schemas": {\(OpenAPI.schemas)}
      }
    }

    """

  private static let baton = Release.version
}
