"""Errors of the trainer that are the user's or the data's fault."""

from __future__ import annotations


class InputError(Exception):
    """Something the user gave cannot be used; the message says what was found and what was wanted."""


class DivergedError(InputError):
    """A loss became infinite or NaN, so that going on would only waste time."""

    def __init__(self, *, term: str, step: int, value: float) -> None:
        super().__init__(
            f"the training diverged: loss term {term!r} is {value} at step {step}; wanted a finite number. "
            "A lower learning rate, a longer warm-up or a lower weight of that term usually helps."
        )
        self.term = term
        self.step = step
