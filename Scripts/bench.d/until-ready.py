#!/usr/bin/python3
"""Starts a program that stays, in a session of its own, and tells how long it took until it said that it is ready.

until-ready.py LIMIT LOG PATTERN COMMAND…

LIMIT is in seconds; what the program writes goes to the file LOG, in which a line is to match PATTERN. Prints its process id and the
milliseconds, and leaves it running.
"""

import re
import subprocess
import sys
import time


def main(limit, log, pattern, *command):
    pattern = re.compile(pattern)
    with open(log, "w") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    said = ""
    with open(log, errors="replace") as text:
        while not pattern.search(said):
            said += text.read()
            if process.poll() is not None or time.monotonic() - start > float(limit):
                process.kill()
                sys.exit(f"until-ready.py: {command[0]} was not ready after {limit} s, or ended: {said[-500:]}")
            # Finer than what is measured, and little enough for the processor.
            time.sleep(0.0002)
    print(process.pid, f"{(time.monotonic() - start) * 1000:.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
