"""What is aimed at, and what CI does not let pass."""

from dataclasses import dataclass
from typing import Optional


@dataclass
class Bound:
    """A measure of baton's, or its ratio to a reference, and what it is to be."""

    what: str
    section: str
    measure: str
    at_least: bool
    bound: float
    peer: str = "baton"
    reference: Optional[str] = None

    def measured(self, results):
        if self.reference:
            return results.ratio(self.section, self.measure, self.peer, self.reference)
        return results.median(self.section, self.measure, self.peer)

    def best(self, results):
        """The best ratio of all rounds: a neighbour on the machine disturbs some of them, seldom all."""
        ratios = results.ratios(self.section, self.measure, self.peer, self.reference)
        return (max if self.at_least else min)(ratios, default=None)

    def holds(self, value):
        return value >= self.bound if self.at_least else value <= self.bound

    def unit(self, results):
        return "×" if self.reference else results.units.get((self.section, self.measure), "")


GOALS = [
    Bound("publish with confirms, to C", "throughput", "publish, confirms", True, 1.0, reference="c"),
    Bound("consume with acks, to C", "throughput", "consume, acks", True, 1.0, reference="c"),
    Bound("CPU a message consumed and decoded, to C without decoding", "throughput", "CPU a message consumed", False, 2.0,
          peer="baton-decoded", reference="c"),
    Bound("round trip, p50, to the C agent", "trip", "p50", False, 1.05, reference="c"),
    Bound("flood of 10,000 pings, answers a second, to the C agent", "flood", "answers", True, 0.9, reference="c"),
    Bound("flood of 10,000 pings, CPU a ping, to the C agent", "flood", "CPU of the agent a ping", False, 1.5, reference="c"),
    Bound("agent, PSS idle", "agent", "PSS idle", False, 5.5),
    Bound("agent, start to subscribed", "agent", "start to subscribed", False, 20),
    Bound("ask 100 hosts, start to exit", "fleet", "100 hosts, exit", False, 40),
    Bound("ask 10,000 simulated hosts, last answer", "growth", "ask, last answer", False, 2000, peer="10000"),
    Bound("monitor, messages to disk", "monitor", "to disk", True, 20000),
]

# Far from what is measured, so that only a blunder comes as far, and no busy machine.
LIMITS = [
    Bound("publish with confirms, to C", "throughput", "publish, confirms", True, 0.5, reference="c"),
    Bound("consume with acks, to C", "throughput", "consume, acks", True, 0.5, reference="c"),
    Bound("CPU a message consumed, to C", "throughput", "CPU a message consumed", False, 4, reference="c"),
    Bound("round trip, p50, to the C agent", "trip", "p50", False, 3, reference="c"),
    Bound("flood, answers a second, to the C agent", "flood", "answers", True, 0.25, reference="c"),
    Bound("flood, CPU a ping, to the C agent", "flood", "CPU of the agent a ping", False, 5, reference="c"),
]
