#!/usr/bin/python3
"""Two hosts that are gone: a port where a connection hangs, as behind a firewall that drops packets, and one that takes it and then
says nothing. Prints both numbers, and stays until it is ended.
"""
import signal
import socket


def listen(backlog):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(backlog)
    return listener


deaf, mute = listen(0), listen(100)
# One fills the queue of a listener that takes none, the others find it full.
fillers = [socket.socket() for _ in range(3)]
for filler in fillers:
    filler.setblocking(False)
    filler.connect_ex(deaf.getsockname())
print(deaf.getsockname()[1], mute.getsockname()[1], flush=True)
signal.pause()
