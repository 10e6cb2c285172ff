"""What can be wrong about a request for a sweep."""

from __future__ import annotations

from service.errors import Conflict, NotFound


class TrialNotFound(NotFound):
    title = "There is no such trial"


class SweepEnded(Conflict):
    title = "The sweep has ended"


class TrialEnded(Conflict):
    title = "The trial has ended"


class NoWinner(Conflict):
    title = "The sweep has no finished trial"
