#!/usr/bin/python3
"""Event streams that stay open and are read, as browsers do.

streams.py URL COOKIES PATH COUNT: prints `open` when each has been sent something; ends when it is killed.
"""

import selectors
import socket
import sys
from urllib.parse import urlsplit

url, cookies, path, count = urlsplit(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
with open(cookies) as file:
    fields = [line.removeprefix("#HttpOnly_").split() for line in file if "baton_session" in line][0]
request = f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\nCookie: {fields[-2]}={fields[-1]}\r\n\r\n".encode()
waiting = selectors.DefaultSelector()
for _ in range(count):
    stream = socket.create_connection((url.hostname, url.port))
    stream.sendall(request)
    waiting.register(stream, selectors.EVENT_READ)
heard = set()
while True:
    for key, _ in waiting.select():
        data = key.fileobj.recv(1 << 20)
        if b"event: patch" in data and key.fd not in heard:
            heard.add(key.fd)
            if len(heard) == count:
                print("open", flush=True)
        if not data:
            sys.exit("a stream has ended")
