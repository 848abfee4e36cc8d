#!/usr/bin/python3
"""Runs a command to its end, and tells what it took.

until-exit.py [--terminal] LIMIT PATTERN COMMAND…

LIMIT is in seconds. Prints, on one line: milliseconds from its start to its exit, and to the last line of its standard output that
matches; how many matched; its processor time in milliseconds; the most memory that it had, in KiB. Ends as the command does.
--terminal gives it a terminal to write to: some keep their lines until the end otherwise.
"""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time


def main(arguments):
    terminal = arguments[0] == "--terminal"
    limit, pattern, *command = arguments[terminal:]
    pattern = re.compile(pattern.encode())
    reader, writer = pty.openpty() if terminal else os.pipe()
    start = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=writer)
    os.close(writer)
    last, matches, rest = start, 0, b""
    while True:
        ready, _, _ = select.select([reader], [], [], max(0, start + float(limit) - time.monotonic()))
        if not ready:
            process.send_signal(signal.SIGKILL)
            process.wait()
            sys.exit(f"until-exit.py: after {limit} s there was no end of: {' '.join(command)}")
        try:
            chunk = os.read(reader, 1 << 20)
        except OSError:  # a terminal that nobody writes to any more
            chunk = b""
        if not chunk:
            break
        now = time.monotonic()
        *lines, rest = (rest + chunk).split(b"\n")
        found = sum(1 for line in lines if pattern.search(line))
        if found:
            last, matches = now, matches + found
    _, status, usage = os.wait4(process.pid, 0)
    end = time.monotonic()
    spent = usage.ru_utime + usage.ru_stime
    print(f"{(end - start) * 1000:.1f} {(last - start) * 1000:.1f} {matches} {spent * 1000:.1f} {usage.ru_maxrss}")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
