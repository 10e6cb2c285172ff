"""Means of training metrics over a window of steps."""

from __future__ import annotations

from collections.abc import Mapping


class MetricWindow:
    """Sums metrics until they are taken; its state goes into checkpoints, so that a resume loses no step."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = {}
        self._counts: dict[str, int] = {}
        self._seconds = 0.0
        self._num_images = 0

    def add(self, metrics: Mapping[str, float], *, num_images: int, seconds: float) -> None:
        """Add the metrics of one step."""
        for name, value in metrics.items():
            self._sums[name] = self._sums.get(name, 0.0) + value
            self._counts[name] = self._counts.get(name, 0) + 1
        self._num_images += num_images
        self._seconds += seconds

    def take(self) -> dict[str, float]:
        """Return the means since the last call and start anew; empty when nothing was added.

        The mean of a metric that some steps did not have is over those that had it.
        """
        if not self._sums:
            return {}
        means = {name: total / self._counts[name] for name, total in self._sums.items()}
        means["train/images_per_second"] = self._num_images / max(self._seconds, 1e-9)
        self.__init__()  # type: ignore[misc]
        return means

    def state_dict(self) -> dict[str, object]:
        """Plain data for a checkpoint."""
        return dict(vars(self))

    def load_state_dict(self, state: Mapping[str, object]) -> None:
        """Take over the state of another window."""
        vars(self).update(state)
