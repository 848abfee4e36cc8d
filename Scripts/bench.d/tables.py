"""The results of a run in Markdown, which reads well on a terminal, too."""

from goals import GOALS

NAMES = {
    "c": "C", "c-64": "C, acks every 64th", "c-no-ack": "C, without acks", "baton-decoded": "baton, each decoded",
    "gem": "Ruby gem's shape (bunny)", "capistrano": "Capistrano",
}

# What a section's numbers are held against, and what has to be known to read them.
SECTIONS = {
    "throughput": ("Throughput", "c", """\
Messages of 200 bytes through one queue of a private broker; confirms are pipelined with 1,000 under way, acknowledgements have a prefetch
of 500. baton always confirms and acknowledges, so it has no figure for going without. *Decoded* is read as a monitor reads it: the JSON's
limits checked, type and sender taken out."""),
    "trip": ("Round trip", "c", """\
One C program asks one agent, pings one after another. The C agent looks for `"type":"ping"` and nothing else, acknowledges each, and
waits for no confirm; baton's agent decodes, checks, logs each answer and has it confirmed."""),
    "flood": ("Flood", "c", "The same program publishes 10,000 pings at once for one agent, and counts the answers."),
    "fleet": ("Fleet ping", "c", """\
That many agents on this machine, asked by the command that comes with them, from its start to its exit and to its last answer. C, baton and
their agents are there together and are asked in turn; the fleets of the others come one after another, and no more agents than fit the
memory. celery, serf and mco wait for a time, not for a number, so that their exit says what an operator waits, and the last answer what the
system can do."""),
    "agent": ("An agent", "c", """\
Alone on the machine, all processes of it together. *On disk* is what comes with it beyond a language's own runtime. 100,000 messages are
pings, for celery tasks."""),
    "growth": ("Growth", None, """\
Hosts of `baton-sim`, which have a queue each and share a few connections, with one real agent among them. The monitor asks them all every
4 s; its processor time divided by the hosts is what one of them costs it."""),
    "monitor": ("The monitor", None, "Messages of 1,000 hosts that wait in its queue, each on disk before it is acknowledged; alerts to sinks."),
    "console": ("The web console", None, """\
1,000 hosts that answer at once and deploy nothing, all in one process beside it; a rollout over all of them at once, with 100 browsers'
event streams on the application's page."""),
    "deploy": ("Deploy", "capistrano", """\
An archive of 1 MB, verified and unpacked, nothing restarted, from the command's start to its exit; Capistrano over ssh on loopback."""),
}


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def cell(results, section, measure, peer, reference):
    median = results.median(section, measure, peer)
    if median is None:
        return "–"
    values = results.values[section, measure, peer]
    text = number(median)
    if number(min(values)) != number(max(values)):
        text += f" ({number(min(values))}–{number(max(values))})"
    # A number without a unit says enough by itself.
    comparable = reference and peer != reference and results.units[section, measure]
    ratio = results.ratio(section, measure, peer, reference) if comparable else None
    return text if ratio is None else f"{text} **×{ratio:.2f}**"


def rows(cells):
    """A table with its columns under each other."""
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |" for row in cells]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def section_table(results, section):
    title, reference, text = SECTIONS[section]
    measures = results.measures(section)
    heads = [f"{measure}, {unit}" if (unit := results.units[section, measure]) else measure for measure in measures]
    cells = [["", *heads]]
    for peer in results.peers(section):
        name = f"{int(peer):,} hosts" if peer.isdigit() else NAMES.get(peer, peer)
        cells.append([name, *(cell(results, section, measure, peer, reference) for measure in measures)])
    notes = [f"- {NAMES.get(peer, peer)}: {text}" for where, peer, text in results.notes if where == section]
    return "\n".join([f"## {title}", "", text, "", *rows(cells), *([""] if notes else []), *notes]) + "\n"


def goal_table(results):
    cells = [["goal", "wanted", "measured", ""]]
    for goal in GOALS:
        value, unit = goal.measured(results), goal.unit(results)
        if value is not None:
            sign, measured = "≥" if goal.at_least else "≤", f"{value:.2f}" if goal.reference else number(value)
            cells.append([
                goal.what, f"{sign} {goal.bound:,g} {unit}", f"{measured} {unit}", "met" if goal.holds(value) else "missed"])
    return "\n".join(["## Goals", "", *rows(cells)]) + "\n"


def page(results):
    facts = results.facts
    versions = ", ".join(f"{name} {facts[name]}" for name in facts if name not in (
        "date", "command", "rounds", "load", "cores", "processor", "memory", "kernel", "system", "commit"))
    head = f"""\
# Benchmarks

Written by `{facts['command']}` on {facts['date']}, at commit {facts['commit']}; [benchmarks.json](benchmarks.json) has each round. The same
command measures again.

| machine | {facts['cores']} cores of {facts['processor']}, {facts['memory']}, {facts['kernel']}, {facts['system']}; load {facts['load']} |
|---|---|
| versions | {versions} |
| rounds | {facts['rounds']}, each peer in turn; medians (least–most) **×ratio to the reference** |

Everything is on this machine and its loopback, with a private broker. The reference is the plainest C program on librabbitmq, in
[Benchmarks](../Benchmarks); for a deploy it is Capistrano. Absolute numbers are this machine's; the ratios tell more.
"""
    return "\n".join([head, goal_table(results), *(section_table(results, section) for section in SECTIONS if results.measures(section))])
