"""The values of a run of Scripts/bench, as its sections wrote them down."""

import json
import statistics
from pathlib import Path


class Results:
    """Reads `values`, `notes` and `facts` of a folder: lines of fields with tabs between them."""

    def __init__(self, folder):
        self.facts = dict(self._rows(folder, "facts"))
        self.notes = self._unique(self._rows(folder, "notes"))
        # In the order in which they were first seen: that of the rounds within each.
        self.values, self.units = {}, {}
        for section, peer, measure, unit, value in self._rows(folder, "values"):
            self.values.setdefault((section, measure, peer), []).append(float(value))
            self.units[section, measure] = unit

    @staticmethod
    def _rows(folder, name):
        return [line.split("\t") for line in Path(folder, name).read_text().splitlines()]

    @staticmethod
    def _unique(rows):
        return list(dict.fromkeys(tuple(row) for row in rows))

    def sections(self):
        return self._unique([section] for section, _, _ in self.values)

    def measures(self, section):
        return [measure for where, measure in self.units if where == section]

    def peers(self, section):
        return list(dict.fromkeys(peer for where, _, peer in self.values if where == section))

    def median(self, section, measure, peer):
        """None if it was not measured."""
        values = self.values.get((section, measure, peer))
        return statistics.median(values) if values else None

    def ratio(self, section, measure, peer, reference):
        """Of the medians; None if either is missing or there is nothing to divide by."""
        ours, theirs = (self.median(section, measure, who) for who in (peer, reference))
        return ours / theirs if ours is not None and theirs else None

    def ratios(self, section, measure, peer, reference):
        """Of each round."""
        pairs = zip(*(self.values.get((section, measure, who), []) for who in (peer, reference)))
        return [ours / theirs for ours, theirs in pairs if theirs]

    def document(self):
        """All of it, for a program to read."""
        measurements = [
            {"section": section, "measure": measure, "peer": peer, "unit": self.units[section, measure],
             "median": statistics.median(values), "min": min(values), "max": max(values), "rounds": values}
            for (section, measure, peer), values in self.values.items()]
        notes = [dict(zip(("section", "peer", "text"), note)) for note in self.notes]
        return {"facts": self.facts, "measurements": measurements, "notes": notes}

    def write(self, path, **more):
        Path(path).write_text(json.dumps(self.document() | more, indent=1, ensure_ascii=False) + "\n")
