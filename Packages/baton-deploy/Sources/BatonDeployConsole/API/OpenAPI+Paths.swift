extension OpenAPI {
  static let paths = """

        "/api/v1/places": {"get": {
          "summary": "Applications by environments: which versions run, who drifts, who is silent.", "operationId": "places",
          "responses": {
            "200": {"description": "All that are known here.", "content": {"application/json": {"schema": {
              "type": "array", "items": {"$ref": "#/components/schemas/Place"}}}}},
            \(refusals)
          }
        }},
        "/api/v1/places/{app}/{environment}": {"get": {
          "summary": "One application in one environment, host by host.", "operationId": "place",
          "parameters": [{"$ref": "#/components/parameters/app"}, {"$ref": "#/components/parameters/environment"}],
          "responses": {
            "200": {"description": "As it was heard last.", "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/Place"}}}},
            "404": {"$ref": "#/components/responses/Unknown"}, "422": {"$ref": "#/components/responses/Invalid"},
            \(refusals)
          }
        }},
        "/api/v1/rollouts": {
          "get": {
            "summary": "History: rollouts, the newest first.", "operationId": "rollouts",
            "parameters": [
              {"name": "app", "in": "query", "schema": {"type": "string"}},
              {"name": "environment", "in": "query", "schema": {"type": "string"}},
              {"name": "by", "in": "query", "schema": {"type": "string"}, "description": "The beginning of who began it."},
              {"name": "before", "in": "query", "schema": {"type": "string"}, "description": "Only those older than this one."},
              {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": 10000, "default": 50}}
            ],
            "responses": {
              "200": {"description": "At most `limit` of them.", "content": {"application/json": {"schema": {
                "type": "array", "items": {"$ref": "#/components/schemas/Listing"}}}}},
              "422": {"$ref": "#/components/responses/Invalid"}, \(refusals)
            }
          },
          "post": {
            "summary": "Begin a rollout, or propose it where a second person has to approve.", "operationId": "begin",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
            "responses": {
              "201": {
                "description": "It has begun, or waits for approval; `Location` is where it is.",
                "headers": {"Location": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Rollout"}}},
                "links": {"rollout": {"operationId": "rollout", "parameters": {"id": "$response.body#/rollout/id"}}}
              },
              \(changes), \(refusals)
            }
          }
        },
        "/api/v1/rollouts/{id}": {"get": {
          "summary": "How a rollout stands, host by host.", "operationId": "rollout",
          "parameters": [{"$ref": "#/components/parameters/id"}],
          "responses": {
            "200": {"description": "As it stands now.", "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/Rollout"}}}},
            "404": {"$ref": "#/components/responses/Unknown"}, \(refusals)
          }
        }},
        "/api/v1/rollouts/{id}/events": {"get": {
          "summary": "A rollout as it goes on: server-sent events `rollout`, each with a Rollout, and `over` at the end.",
          "operationId": "rolloutEvents", "parameters": [{"$ref": "#/components/parameters/id"}],
          "responses": {
            "200": {"description": "A stream.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            "404": {"$ref": "#/components/responses/Unknown"}, \(refusals)
          }
        }},
        "/api/v1/rollouts/{id}/{turn}": {"post": {
          "summary": "Do something to a rollout. A Rollout's `turns` are those that make sense as it stands.",
          "operationId": "turn",
          "parameters": [
            {"$ref": "#/components/parameters/id"},
            {"name": "turn", "in": "path", "required": true, "schema": {"enum": ["stop", "cancel", "resume", "rollback", "approve"]},
             "description": "stop: no other host begins. cancel: hosts stop as well, and it is never gone on with. resume: go on. rollback: hosts that have switched go back. approve: a second person, and no program, says yes."}
          ],
          "requestBody": {"required": false, "content": {"application/json": {"schema": {
            "type": "object", "properties": {"confirmation": {"type": ["string", "null"]}}}}}},
          "responses": {
            "200": {"description": "As it stands now.", "content": {"application/json": {"schema": {
              "$ref": "#/components/schemas/Rollout"}}}},
            "404": {"$ref": "#/components/responses/Unknown"}, \(changes), \(refusals)
          }
        }},
        "/api/v1/events": {"get": {
          "summary": "What changes, place by place: server-sent events `place`, each with a Place.", "operationId": "events",
          "responses": {
            "200": {"description": "A stream.", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            \(refusals)
          }
        }},
        "/api/v1/openapi.json": {"get": {
          "summary": "This document.", "operationId": "openapi", "security": [],
          "responses": {"200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}}
        }}
    """

  /// Of every request.
  private static let refusals = """
    "401": {"$ref": "#/components/responses/Nobody"}, "403": {"$ref": "#/components/responses/NotAllowed"},
            "429": {"$ref": "#/components/responses/TooOften"}, "503": {"$ref": "#/components/responses/Away"}
    """

  /// Of a request that would change something.
  private static let changes = """
    "409": {"$ref": "#/components/responses/Conflict"}, "413": {"description": "More than a megabyte."},
              "415": {"$ref": "#/components/responses/NotJSON"}, "422": {"$ref": "#/components/responses/Invalid"}
    """
}
