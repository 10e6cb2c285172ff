"""Learning curves of many trials at once: a few points that look like all of them, found fast."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Report = Mapping[str, Any]


def thin(reports: Sequence[Report], most: int) -> list[Report]:
    """About `most` of the reports in their order: both ends, and the lowest and the highest of each stretch between.

    Cheaper than the largest triangles by which single curves are thinned: a sweep has a curve for each trial.
    """
    if most == 0 or len(reports) <= most:
        return list(reports[:most])
    values = [math.nan if report["value"] is None else report["value"] for report in reports]
    inner = range(1, len(reports) - 1)
    stretches = max(1, (most - 2) // 2)
    kept = {0, len(reports) - 1}
    if most > 2:
        for index in range(stretches):
            begin, end = index * len(inner) // stretches, (index + 1) * len(inner) // stretches
            stretch = inner[begin:end]
            kept.add(min(stretch, key=values.__getitem__))
            kept.add(max(stretch, key=values.__getitem__))
    return [reports[index] for index in sorted(kept)]
