"""What is asked of a sweep while it runs. Requests only add up: nothing of them is ever taken back."""

from __future__ import annotations

from pydantic import Field

from trainer.spec import Spec
from workers.spec.space import Value


class Steering(Spec):
    """All requests so far, as the reconciler writes them for the driver."""

    stop_trials: tuple[int, ...] = Field(default=(), description="Trials that end at their next evaluation.")
    added_trials: tuple[dict[str, Value], ...] = Field(
        default=(), description="Parameters of trials to run besides; what is left out is sampled."
    )
    more_trials: int = Field(default=0, ge=0, le=100_000, description="Trials of the search beyond `num_trials`.")
    more_wall_s: float = Field(default=0, ge=0, le=1e9, description="Seconds beyond the budget's.")
    more_gpu_hours: float = Field(default=0, ge=0, le=1e9, description="Hours of GPUs, or cores, beyond the budget's.")
    end_search: bool = Field(default=False, description="Start no further trial of the search; repeats follow.")
