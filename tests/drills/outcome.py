"""What a drill found: figures for people, and what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.composed.cluster import Cluster, cluster
from tests.composed.running import missing
from tests.drills.light_service import LightService, light_service
from tests.drills.service import MlflowServer, PostgresServer, postgres
from tests.stack import make_data

Tell = Callable[[str], None]


class NotHere(Exception):
    """The drill needs something that this machine does not have; the message says what."""


class Shared:
    """What several drills need alike, made by the first that needs it; use as a context manager."""

    def __init__(self, folder: Path, *, cluster: Cluster | None = None) -> None:
        self._folder = folder
        self._cluster = cluster
        self._stack = ExitStack()
        self._mlflow: MlflowServer | None = None
        self._postgres: PostgresServer | None = None
        self._light: LightService | None = None

    def __enter__(self) -> Shared:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def data(self) -> Path:
        """Small digit scenes."""
        folder = self._folder / "data"
        if not folder.exists():
            make_data(folder)
        return folder

    def mlflow(self) -> MlflowServer:
        """An MLflow server that nobody breaks; it may not answer yet."""
        if self._mlflow is None:
            self._mlflow = self._stack.enter_context(MlflowServer(self._folder / "mlflow"))
        return self._mlflow

    def postgres(self) -> PostgresServer:
        """A running PostgreSQL, which whoever breaks it mends again; each drill makes a database of its own."""
        if self._postgres is None:
            self._postgres = self._stack.enter_context(postgres(self._folder / "postgresql.log"))
        return self._postgres

    def cluster(self) -> Cluster:
        """A running one of several nodes, whole."""
        if self._cluster is None:
            if reason := missing():
                raise NotHere(reason)
            self._cluster = self._stack.enter_context(cluster())
        return self._cluster

    def light_service(self, *, is_long: bool) -> LightService:
        """A running service; each drill says what is odd about its attempts, and leaves none behind."""
        if self._light is None:
            self._light = self._stack.enter_context(light_service(self._folder / "light", is_long=is_long))
        return self._light


@dataclass(frozen=True)
class Drill:
    """What a drill is given."""

    folder: Path  # for all that it writes; it is there and empty
    minutes: float | None  # how long; None stands for the short form
    tell: Tell
    shared: Shared

    @property
    def is_long(self) -> bool:
        return self.minutes is not None

    def seconds(self, short_s: float) -> float:
        return short_s if self.minutes is None else 60 * self.minutes


@dataclass
class Outcome:
    """One run of a drill; only a long one judges how fast the service answers, a short one runs beside other tests."""

    judges_speed: bool = True
    figures: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def expect(self, holds: bool, words: str) -> None:
        """`words` say what is wrong where it does not hold."""
        if not holds:
            self.wrong.append(words)


def as_markdown(name: str, purpose: str, command: str, outcome: Outcome, machine: Iterable[str]) -> str:
    lines = [f"# Drill: {name}", "", purpose, "", f"- command: `{command}`", *machine, ""]
    lines += [
        "| figure | value |",
        "| --- | --- |",
        *(f"| {what} | {value} |" for what, value in outcome.figures.items()),
    ]
    lines += ["", "## Violations", "", *([f"- {words}" for words in outcome.wrong] or ["None."])]
    return "\n".join(lines) + "\n"


def milliseconds(values: Iterable[float]) -> str:
    """Median, 99th percentile and maximum of seconds."""
    ordered = sorted(values)
    if not ordered:
        return "none"
    high = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return f"median {1000 * median(ordered):.0f} ms, p99 {1000 * high:.0f} ms, max {1000 * ordered[-1]:.0f} ms"
