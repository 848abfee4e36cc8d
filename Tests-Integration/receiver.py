#!/usr/bin/env python3
"""An HTTP server that notices are posted to: writes down what comes, and answers as the file MODE says at that moment.

Usage: receiver.py PORT MODE-FILE LOG-FILE

MODE is one of: ok, fail (500), slow (429 with Retry-After: 1), stall (no answer for 60 s), refuse (400).
"""

import http.server
import json
import sys
import time

PORT, MODE, LOG = int(sys.argv[1]), sys.argv[2], sys.argv[3]


class Handler(http.server.BaseHTTPRequestHandler):
    # Connections stay open, as real services leave them.
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        with open(MODE) as file:
            mode = file.read().strip()
        entry = {"at": time.time(), "mode": mode, "body": json.loads(body), "signature": self.headers.get("X-Baton-Signature"), "raw": body}
        with open(LOG, "a") as log:
            log.write(json.dumps(entry) + "\n")
        if mode == "stall":
            time.sleep(60)
            return
        self.send_response({"ok": 200, "fail": 500, "slow": 429, "refuse": 400}[mode])
        if mode == "slow":
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
