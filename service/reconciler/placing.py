"""Where what jobs need fits into what nodes have: per node and per GPU, as Ray will place it. Pure.

Sums are not enough: a job of 4 CPUs does not fit on two nodes with 2 each, and of three jobs with 0.6 GPUs only two
fit on two GPUs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from service.clients.ray import Node

_ABOUT = 1e-6


@dataclass(frozen=True)
class Need:
    cpus: float
    gpus: float

    def __add__(self, other: Need) -> Need:
        return Need(self.cpus + other.cpus, self.gpus + other.gpus)

    def __mul__(self, times: int) -> Need:
        return Need(self.cpus * times, self.gpus * times)

    def fits(self, other: Need) -> bool:
        return self.cpus <= other.cpus + _ABOUT and self.gpus <= other.gpus + _ABOUT

    def words(self) -> str:
        parts = [amount(self.cpus, "CPU")] + ([amount(self.gpus, "GPU")] if self.gpus else [])
        return " and ".join(parts)


NOTHING = Need(0, 0)


@dataclass(frozen=True)
class Pieces:
    """What a job holds while it runs: each piece on one node, and no two of them on the same where they are `apart`."""

    needs: tuple[Need, ...]
    apart: bool = False

    @property
    def total(self) -> Need:
        return sum(self.needs, NOTHING)


@dataclass
class Place:
    """What is free on one node; `gpus` has the free share of each device."""

    node_id: str
    cpus: float
    gpus: list[float]
    total: Need

    @classmethod
    def of(cls, node: Node) -> Self:
        devices = math.floor(node.gpus + _ABOUT)
        shares = [1.0] * devices + ([node.gpus - devices] if node.gpus - devices > _ABOUT else [])
        return cls(node.id, node.cpus, shares, Need(node.cpus, node.gpus))

    def fits(self, need: Need) -> bool:
        return need.cpus <= self.cpus + _ABOUT and self._devices_for(need.gpus) is not None

    def take(self, need: Need) -> None:
        """Take what is needed; of what is not free, as much as there is."""
        self.cpus = max(0.0, self.cpus - need.cpus)
        for device, share in self._devices_for(need.gpus) or self._drained(need.gpus):
            self.gpus[device] = max(0.0, self.gpus[device] - share)

    def _devices_for(self, gpus: float) -> list[tuple[int, float]] | None:
        """Which devices a need of GPUs takes, and how much of each."""
        if gpus <= _ABOUT:
            return []
        if gpus < 1 - _ABOUT:
            fitting = [(free, device) for device, free in enumerate(self.gpus) if free + _ABOUT >= gpus]
            return [(min(fitting)[1], gpus)] if fitting else None
        whole = [device for device, free in enumerate(self.gpus) if free >= 1 - _ABOUT]
        wanted = math.ceil(gpus - _ABOUT)
        return [(device, 1.0) for device in whole[:wanted]] if len(whole) >= wanted else None

    def _drained(self, gpus: float) -> list[tuple[int, float]]:
        freest = sorted(range(len(self.gpus)), key=lambda device: -self.gpus[device])
        return [(device, min(1.0, gpus)) for device in freest[: max(1, math.ceil(gpus - _ABOUT))]]

    def copy(self) -> Place:
        return Place(self.node_id, self.cpus, list(self.gpus), self.total)


@dataclass
class Floor:
    """All nodes with what is free on them."""

    places: list[Place] = field(default_factory=list)

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> Self:
        return cls([Place.of(node) for node in nodes])

    def copy(self) -> Floor:
        return Floor([place.copy() for place in self.places])

    @property
    def free(self) -> Need:
        return Need(sum(place.cpus for place in self.places), sum(sum(place.gpus) for place in self.places))

    @property
    def total(self) -> Need:
        return sum((place.total for place in self.places), NOTHING)

    @property
    def largest(self) -> Need:
        """The most that one node has of each."""
        totals = [place.total for place in self.places] or [NOTHING]
        return Need(max(total.cpus for total in totals), max(total.gpus for total in totals))

    def place(self, pieces: Pieces) -> bool:
        """Take place for all pieces; takes nothing where they do not fit."""
        after = self.copy()
        taken: set[str] = set()
        for need in pieces.needs:
            fitting = [place for place in after.places if place.fits(need) and place.node_id not in taken]
            if not fitting:
                return False
            chosen = _snuggest(fitting, need)
            chosen.take(need)
            taken |= {chosen.node_id} if pieces.apart else set()
        self.places = after.places
        return True

    def fits(self, pieces: Pieces) -> bool:
        return self.copy().place(pieces)

    def hold(self, pieces: Pieces, node_id: str | None = None) -> None:
        """Take what runs already, on its node where that is known; elsewhere as `reserve` does where it is not.

        Of pieces that are apart the first is on that node.
        """
        there = next((place for place in self.places if place.node_id == node_id), None)
        if there is None:
            if not self.place(pieces):
                self.reserve(pieces)
            return
        here, elsewhere = (pieces.needs[:1], pieces.needs[1:]) if pieces.apart else (pieces.needs, ())
        for need in here:
            there.take(need)
        if elsewhere:
            others = Floor([place for place in self.places if place is not there])
            others.hold(Pieces(elsewhere, apart=True))
            self.places = [there, *others.places]

    def reserve(self, pieces: Pieces) -> None:
        """Keep for the pieces what is free now where they will fit once others have ended."""
        taken: set[str] = set()
        for need in pieces.needs:
            able = [place for place in self.places if need.fits(place.total) and place.node_id not in taken]
            if able:
                chosen = max(
                    able, key=lambda place: (place.fits(need), sum(place.gpus) if need.gpus else 0, place.cpus)
                )
                chosen.take(need)
                taken |= {chosen.node_id} if pieces.apart else set()


def _snuggest(places: Sequence[Place], unit: Need) -> Place:
    """CPU work goes where no GPU is wasted by it, and everything where the least is left over."""
    return min(places, key=lambda place: (place.total.gpus if not unit.gpus else 0, sum(place.gpus), place.cpus))


def amount(number: float, noun: str) -> str:
    return f"{number_words(number)} {noun}{'' if number == 1 else 's'}"


def number_words(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
