#!/usr/bin/python3
"""Many clients at once: event streams that stay open, one that is slow, and somebody who looks at a page all the while.

crowd.py URL TOKEN STREAMS: prints one JSON object: how many streams were let in (open) and how many were not (refused), how often a page was
asked for (asked) and was there (pages).
"""

import json
import selectors
import socket
import sys
import urllib.request
from urllib.parse import urlsplit

URL, TOKEN, STREAMS = sys.argv[1], sys.argv[2], int(sys.argv[3])
PLACE = urlsplit(URL)
HEAD = f"Host: {PLACE.netloc}\r\nAuthorization: Bearer {TOKEN}\r\n"


def connect(text):
    client = socket.create_connection((PLACE.hostname, PLACE.port), timeout=30)
    client.sendall(text.encode())
    return client


def page_is_there():
    request = urllib.request.Request(f"{URL}/api/v1/places", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status == 200


slow = connect(f"POST /api/v1/rollouts HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
asked = pages = 0
streams = []
for number in range(STREAMS):
    streams.append(connect(f"GET /api/v1/events HTTP/1.1\r\n{HEAD}\r\n"))
    if number % 50 == 0:
        slow.send(b"x")
        asked += 1
        pages += page_is_there()
answers = {"200": 0, "503": 0}
waiting = selectors.DefaultSelector()
for stream in streams:
    waiting.register(stream, selectors.EVENT_READ)
while waiting.get_map():
    for key, _ in waiting.select(timeout=30) or [(None, None)]:
        if key is None:
            sys.exit(f"{len(waiting.get_map())} streams were told nothing: {answers}")
        waiting.unregister(key.fileobj)
        status = key.fileobj.recv(1000).split(b" ")
        if len(status) > 1:
            answers[status[1].decode()] = answers.get(status[1].decode(), 0) + 1
asked += 1
pages += page_is_there()
print(json.dumps({"open": answers["200"], "refused": answers["503"], "asked": asked, "pages": pages}))
