extension OpenAPI {
  static let problems = [
    ("Nobody", "Nobody, or a token or password that is not right."), ("NotAllowed", "The right for it is missing."),
    ("Unknown", "There is none of that name."), ("Conflict", "Not now, or not as it stands: the detail says why."),
    ("NotJSON", "The body is no application/json."), ("Invalid", "A value that cannot be one."),
    ("TooOften", "Too many wrong attempts; Retry-After says for how long."),
    ("Away", "The broker cannot be reached, or too many streams are open."),
  ].map { name, words in
    """
    "\(name)": {"description": "\(words)", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    """
  }.joined(separator: ",\n      ")

  static let schemas = """

        "Name": {"type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$"},
        "Version": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._+~-]{0,63}$"},
        "Portion": {"type": "string", "pattern": "^([0-9]{1,5}|[0-9]{1,2}%|100%)$", "description": "A number of hosts, or a percentage of them."},
        "Problem": {
          "type": "object", "required": ["type", "title", "status", "detail"],
          "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What happened, why, and what to do next."}
          }
        },
        "Place": {
          "type": "object", "required": ["app", "environment", "versions", "drifting", "silent"],
          "properties": {
            "app": {"type": "string"}, "environment": {"type": "string"},
            "versions": {"type": "array", "description": "The most frequent first.", "items": {
              "type": "object", "required": ["count"],
              "properties": {"version": {"type": "string", "description": "Missing where nothing was deployed."}, "count": {"type": "integer"}}}},
            "drifting": {"type": "array", "items": {"type": "string"}, "description": "Hosts with another version than most."},
            "silent": {"type": "array", "items": {"type": "string"}, "description": "Known hosts that did not answer when they were asked last."},
            "asked": {"type": "integer", "description": "When that was."},
            "hosts": {"type": "array", "items": {
              "type": "object", "required": ["fqdn", "silent"],
              "properties": {"fqdn": {"type": "string"}, "silent": {"type": "boolean"},
                "running": {"type": "object", "description": "What the host said last of what it runs: version, since, by, health, under_way, last, lock."}}}}
          }
        },
        "Order": {
          "type": "object", "required": ["app", "environment", "act"],
          "properties": {
            "app": {"$ref": "#/components/schemas/Name"}, "environment": {"$ref": "#/components/schemas/Name"},
            "act": {"enum": ["deploy", "rollback", "restart"]},
            "version": {"$ref": "#/components/schemas/Version"},
            "sha256": {"type": "string", "pattern": "^[0-9a-fA-F]{64}$", "description": "Of the artifact; without it the checksum beside it counts."},
            "hosts": {"type": "array", "minItems": 1, "items": {"type": "string"}, "description": "These alone; without it all that answer."},
            "canary": {"type": "integer", "minimum": 0, "maximum": 100000, "default": 0},
            "wave": {"$ref": "#/components/schemas/Portion", "default": "25%"},
            "max_failures": {"$ref": "#/components/schemas/Portion", "default": "0"},
            "pause_seconds": {"type": "integer", "minimum": 0, "maximum": 86400, "default": 0},
            "rollback_on_failure": {"type": "boolean", "default": false},
            "skip_offline": {"type": "boolean", "default": false},
            "confirmation": {"type": "string", "description": "The environment's name, where people have to type it; a token needs none."}
          }
        },
        "Listing": {
          "type": "object", "required": ["id", "app", "environment", "act", "by", "outcome", "begun", "hosts"],
          "properties": {
            "id": {"type": "string"}, "app": {"type": "string"}, "environment": {"type": "string"},
            "act": {"enum": ["deploy", "rollback", "restart"]}, "version": {"type": "string"}, "by": {"type": "string"},
            "approved_by": {"type": "string"},
            "outcome": {"enum": ["proposed", "going", "stopping", "paused", "going back", "done", "failed", "went back", "closed"]},
            "begun": {"type": "integer"}, "ended": {"type": "integer"},
            "hosts": {"type": "object", "description": "How many there are, and how many of them are where.",
              "properties": {"hosts": {"type": "integer"}, "waiting": {"type": "integer"}, "under_way": {"type": "integer"},
                "done": {"type": "integer"}, "failed": {"type": "integer"}, "silent": {"type": "integer"},
                "not_connected": {"type": "integer"}, "went_back": {"type": "integer"}}}
          }
        },
        "Rollout": {
          "type": "object", "required": ["rollout", "hosts", "skipped", "turns"],
          "properties": {
            "rollout": {"$ref": "#/components/schemas/Listing"},
            "note": {"type": "string"},
            "hosts": {"type": "array", "items": {
              "type": "object", "required": ["fqdn", "phase", "words"],
              "properties": {
                "fqdn": {"type": "string"}, "before": {"type": "string"},
                "phase": {"enum": ["waiting", "told", "under way", "done", "failed", "silent", "not connected"]},
                "step": {"type": "string"}, "words": {"type": "string"},
                "undo": {"type": "string", "description": "How the way back goes, if it has one."}}}},
            "skipped": {"type": "array", "items": {"type": "string"}},
            "turns": {"type": "array", "items": {"enum": ["stop", "cancel", "resume", "rollback", "approve"]}}
          }
        }
    """
}
