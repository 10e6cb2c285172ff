"""What can be wrong about a request for a sweep."""

from __future__ import annotations

from service.errors import NotFound


class TrialNotFound(NotFound):
    title = "There is no such trial"
