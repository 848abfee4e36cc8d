#!/usr/bin/python3
"""Tells the processor time that the processes of a session have taken, in microseconds: spent.py SESSION [SECONDS]

With SECONDS: what those take in that time that are there at its beginning and at its end, for each second of it.
"""

import os
import sys
import time
from pathlib import Path


def session_of(pid):
    try:
        # The name of the program, which may hold anything, ends with the last bracket.
        return int(Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[3])
    except (OSError, IndexError):
        return None


def spent(pid):
    """In nanoseconds, with the threads that have ended: the kernel's clock for a process, named as its CPUCLOCK_SCHED is."""
    try:
        return time.clock_gettime_ns((~pid << 3) | 2)
    except OSError:
        return None


def times(session):
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    found = {pid: spent(pid) for pid in pids if session_of(pid) == session}
    return {pid: nanoseconds for pid, nanoseconds in found.items() if nanoseconds is not None}


def main(session, seconds=None):
    before = times(int(session))
    if seconds is None:
        print(sum(before.values()) // 1000)
        return
    time.sleep(float(seconds))
    after = times(int(session))
    print(f"{sum(after[pid] - before[pid] for pid in before if pid in after) / 1000 / float(seconds):.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
