"""What can be wrong about a request for a file."""

from __future__ import annotations

from service.errors import NotFound


class ArtifactNotFound(NotFound):
    title = "There is no such artifact"


class WeightsNotFound(NotFound):
    title = "The weights cannot be read here"
