#!/usr/bin/python3 -B
"""Tells what a run of Scripts/bench has measured.

report.py FOLDER [--json FILE] [--docs FOLDER] [--quick]

Prints the tables of the values in the FOLDER. --json writes the values, --docs the page and its values; --quick fails if a ratio to C is
beyond its limit.
"""

import argparse
import sys
from pathlib import Path

from goals import GOALS, LIMITS
from results import Results
from tables import SECTIONS, goal_table, page, section_table


def goals(results):
    measured = [(goal, goal.measured(results)) for goal in GOALS]
    return [
        {"goal": goal.what, "wanted": f"{'>=' if goal.at_least else '<='} {goal.bound:g}", "measured": value, "met": goal.holds(value)}
        for goal, value in measured if value is not None]


def within_limits(results):
    """Says of each limit how near it is; false if one is passed, or was not measured."""
    good = True
    for limit in LIMITS:
        best = limit.best(results)
        holds = best is not None and limit.holds(best)
        good = good and holds
        said = "not measured" if best is None else f"{best:.2f}"
        print(f"{'ok  ' if holds else 'FAIL'}  {limit.what}: {said}, {'at least' if limit.at_least else 'at most'} {limit.bound:g}")
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--json")
    parser.add_argument("--docs")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    results = Results(arguments.folder)
    for section in SECTIONS:
        if results.measures(section):
            print(section_table(results, section))
    if arguments.json:
        results.write(arguments.json, goals=goals(results))
    if arguments.docs:
        results.write(Path(arguments.docs, "benchmarks.json"), goals=goals(results))
        Path(arguments.docs, "benchmarks.md").write_text(page(results))
    if arguments.quick:
        return 0 if within_limits(results) else 1
    print(goal_table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
