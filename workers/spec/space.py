"""The search space of a sweep: dimensions, and when each of them exists."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from trainer.spec import Spec

Value = float | int | str | bool


class Conditional(Spec):
    """Base of the dimensions."""

    when: dict[str, tuple[Value, ...]] = Field(
        default={},
        description="Other dimensions and the values at which this one exists; without it, always.",
        examples=[{"distillation.losses": ["RM", "RM + PFI"]}],
    )


class Uniform(Conditional):
    """A number between two bounds, on a linear or a logarithmic scale."""

    kind: Literal["uniform"] = "uniform"
    low: float
    high: float
    log: bool = Field(default=False, description="Sample the logarithm evenly.")

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low must be below high, found low={self.low:g} and high={self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic dimension needs low above 0, found {self.low:g}")
        return self


class Integer(Conditional):
    """A whole number between two bounds, both included."""

    kind: Literal["integer"] = "integer"
    low: int
    high: int
    log: bool = Field(default=False, description="Sample the logarithm evenly.")

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low must be below high, found low={self.low} and high={self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic dimension needs low above 0, found {self.low}")
        return self


class Choice(Conditional):
    """One of several values."""

    kind: Literal["choice"] = "choice"
    values: tuple[Value, ...] = Field(min_length=1)


class Option(Spec):
    """A piece of a spec under a short name."""

    label: str = Field(min_length=1, max_length=100, examples=["RM"])
    value: JsonValue = Field(examples=[[{"kind": "rank_mimicking", "weight": 4.0}]])


class Options(Conditional):
    """One of several pieces of the spec, such as lists of losses; a trial shows the label of its own."""

    kind: Literal["options"] = "options"
    options: tuple[Option, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _labels_are_unique(self) -> Self:
        labels = [option.label for option in self.options]
        if twice := sorted({label for label in labels if labels.count(label) > 1}):
            raise ValueError(f"labels must be unique, found more than once: {', '.join(twice)}")
        return self

    def value_of(self, label: JsonValue) -> JsonValue:
        """Raises ValueError where no option has this label."""
        found = {option.label: option.value for option in self.options}
        if not isinstance(label, str) or label not in found:
            raise ValueError(f"no option is called {label!r}, there is: {', '.join(found)}")
        return found[label]


Dimension = Annotated[Uniform | Integer | Choice | Options, Field(discriminator="kind")]
Space = Mapping[str, Dimension]


def in_order(space: Space) -> list[str]:
    """Paths of a space, each after those on which it depends; otherwise as they were written.

    Raises:
        ValueError: a condition names no dimension or a value that it cannot have, or conditions run in a circle.
    """
    for path, dimension in space.items():
        for other, values in dimension.when.items():
            _check_condition(space, path, other, values)
    ordered: list[str] = []
    left = list(space)
    while left:
        ready = [path for path in left if all(other in ordered for other in space[path].when)]
        if not ready:
            raise ValueError(f"conditions run in a circle: {', '.join(sorted(left))}")
        ordered.append(ready[0])
        left.remove(ready[0])
    return ordered


def exists(dimension: Dimension, parameters: Mapping[str, JsonValue]) -> bool:
    """Whether a dimension exists beside these parameters, which hold all those on which it depends."""
    return all(other in parameters and parameters[other] in values for other, values in dimension.when.items())


def values_of(dimension: Dimension) -> tuple[Value, ...] | None:
    """All values of a dimension; None for those that have no end of them."""
    if isinstance(dimension, Choice):
        return dimension.values
    if isinstance(dimension, Options):
        return tuple(option.label for option in dimension.options)
    return None


def corners(dimension: Dimension) -> tuple[Value, ...]:
    """The edges of a dimension and a value between that is no round one: when these are allowed, so are all others."""
    if (values := values_of(dimension)) is not None:
        return values
    assert isinstance(dimension, Uniform | Integer)
    if isinstance(dimension, Integer):
        return dimension.low, dimension.low + 1, dimension.high
    return dimension.low, dimension.low + (dimension.high - dimension.low) / math.e, dimension.high


def contains(dimension: Dimension, value: JsonValue) -> bool:
    if (values := values_of(dimension)) is not None:
        return value in values
    assert isinstance(dimension, Uniform | Integer)
    is_number = isinstance(value, int if isinstance(dimension, Integer) else int | float) and not isinstance(
        value, bool
    )
    return is_number and dimension.low <= value <= dimension.high  # type: ignore[operator]


def require_inside(space: Space, values: Mapping[str, Value], *, what: str) -> None:
    """Raises ValueError where a value is set that is in no dimension; `what` sets the values."""
    for path, value in values.items():
        if path not in space:
            raise ValueError(f"{what} sets {path!r}, which is no dimension; there is: {', '.join(sorted(space))}")
        if not contains(space[path], value):
            raise ValueError(f"{what} sets {path!r} to {value!r}, which is outside its dimension")


def grid(dimension: Dimension, points: int) -> tuple[Value, ...]:
    """The values of a dimension that a grid visits: all of a choice, else at most `points`, evenly spaced."""
    if (values := values_of(dimension)) is not None:
        return values
    assert isinstance(dimension, Uniform | Integer)
    low, high = float(dimension.low), float(dimension.high)
    if isinstance(dimension, Integer):
        points = min(points, dimension.high - dimension.low + 1)
    shares = [index / max(1, points - 1) for index in range(points)]
    if dimension.log:
        spaced = [math.exp(math.log(low) + share * (math.log(high) - math.log(low))) for share in shares]
    else:
        spaced = [low + share * (high - low) for share in shares]
    if isinstance(dimension, Integer):
        return tuple(dict.fromkeys(round(number) for number in spaced))
    return (dimension.low, *spaced[1:-1], dimension.high) if points > 1 else (dimension.low,)


def _check_condition(space: Space, path: str, other: str, values: tuple[Value, ...]) -> None:
    if other not in space:
        raise ValueError(f"{path!r} depends on {other!r}, which is no dimension; there is: {', '.join(sorted(space))}")
    possible = values_of(space[other])
    if possible is None:
        raise ValueError(f"{path!r} depends on {other!r}, which is a range; wanted: a choice or options")
    if unknown := [value for value in values if value not in possible]:
        raise ValueError(f"{path!r} exists where {other!r} is {unknown[0]!r}, but that can only be one of {possible}")
