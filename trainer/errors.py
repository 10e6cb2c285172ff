"""Errors of the trainer that are the user's or the data's fault."""

from __future__ import annotations

from collections.abc import Sequence


class InputError(Exception):
    """Something the user gave cannot be used; the message says what was found and what was wanted."""


class DivergedError(InputError):
    """A loss became infinite or NaN, so that going on would only waste time."""

    def __init__(self, *, term: str, step: int, value: float, image_ids: Sequence[int] = ()) -> None:
        shown = ", ".join(map(str, image_ids[:16])) + (" ..." if len(image_ids) > 16 else "")
        super().__init__(
            f"the training diverged: loss term {term!r} is {value} at step {step}"
            + (f" on the images with the ids {shown}" if image_ids else "")
            + "; wanted a finite number. "
            "A lower learning rate, a longer warm-up or a lower weight of that term usually helps."
        )
        self.term = term
        self.step = step
        self.image_ids = tuple(image_ids)
