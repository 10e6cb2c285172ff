"""The rounds of population based training: durable before they are acted upon, and the same after any crash.

At the step of a round every member ends its process at its checkpoint and waits. When all wait, the round is decided
from their records, the checkpoints of those ahead are handed over, the round is written, and all go on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import Field, JsonValue

from trainer.errors import InputError
from trainer.spec import Spec
from workers.spec import SEARCHED, Exploit, JobFolder, PopulationTraining, Stretch, SweepSpec, TrialRecord
from workers.spec.layout import read_whole
from workers.storage.trials import Trials
from workers.sweeps.perturbation import member, takeovers

logger = logging.getLogger(__name__)
Records = Mapping[int, TrialRecord]


class Taken(Spec):
    """What a round does to one trial."""

    exploit: Exploit
    schedule: tuple[Stretch, ...]


class Round(Spec):
    """The members with their objectives, and who took over, by number of the trial."""

    step: int
    objectives: dict[int, float | None]
    taken: dict[int, Taken] = Field(default={})


class Rounds(Spec):
    """All rounds so far, by step."""

    rounds: tuple[Round, ...] = ()


class Population:
    """The trials of a sweep under PBT, controls and repeats left out."""

    def __init__(self, spec: SweepSpec, folder: JobFolder, trials: Trials) -> None:
        assert isinstance(spec.scheduler, PopulationTraining)
        self._spec = spec
        self._interval = spec.scheduler.perturbation_interval_steps
        self._folder = folder
        self._trials = trials
        self._rounds = (read_whole(folder.rounds, Rounds) or Rounds()).rounds

    @property
    def next_step(self) -> int | None:
        """The step of the round to come; None after the last."""
        step = (len(self._rounds) + 1) * self._interval
        return step if step < self._spec.training.num_steps else None

    def waiting(self, records: Records) -> frozenset[int]:
        """The members that have come to the next round."""
        step = self.next_step
        return frozenset() if step is None else frozenset(_values_at(records, step))

    def is_due(self, records: Records, *, is_whole: bool) -> bool:
        """Whether all members wait for the next round; `is_whole` says that there will be no more of them."""
        members = _members(records)
        return is_whole and bool(members) and len(self.waiting(records)) == len(members)

    def decide(self, records: Records) -> None:
        """Decide the next round, hand over checkpoints, and write it."""
        step = self.next_step
        assert step is not None, "there was a last round"
        values = _values_at(records, step)
        standing = [member(self._spec, number, value, records[number].parameters) for number, value in values.items()]
        taken: dict[int, Taken] = {}
        for takeover in takeovers(self._spec, standing, step=step):
            weak, strong = records[takeover.number], records[takeover.leader]
            self._hand_over(weak, strong, step=step)
            exploit = _exploit(weak, strong, values, takeover.parameters, step=step)
            stretch = Stretch(from_step=step, parameters=takeover.parameters)
            taken[weak.number] = Taken(exploit=exploit, schedule=(*_schedule_of(strong), stretch))
        rounds = (*self._rounds, Round(step=step, objectives=values, taken=taken))
        self._trials.write(self._folder.rounds, Rounds(rounds=rounds))
        self._rounds = rounds
        words = [f"{number} from {one.exploit.from_trial}" for number, one in taken.items()]
        logger.info("round at step %d, trials that take over: %s", step, ", ".join(words) or "none")

    def brought_up_to_date(self, record: TrialRecord) -> TrialRecord:
        """The record with what the rounds did to its trial; a killed driver may have written a round alone."""
        known = {exploit.step for exploit in record.exploits}
        for done in self._rounds:
            taken = done.taken.get(record.number)
            if taken is not None and done.step not in known:
                changes = {
                    "parameters": taken.exploit.parameters_after,
                    "schedule": taken.schedule,
                    "exploits": (*record.exploits, taken.exploit),
                    "mlflow_run_id": None,
                }
                record = record.model_copy(update=changes)
        return record

    def _hand_over(self, weak: TrialRecord, strong: TrialRecord, *, step: int) -> None:
        source = self._folder.trial(strong.number, exploits=len(strong.exploits))
        out = self._folder.trial(weak.number, exploits=len(weak.exploits) + 1)
        try:
            self._trials.branch(source, out, step=step)
        except InputError as error:  # its schedule says how it was made, from the first step on
            logger.warning("%s; trial %d trains anew what trial %d has trained", error, weak.number, strong.number)


def _members(records: Records) -> list[TrialRecord]:
    running = [record for record in records.values() if record.role in SEARCHED and record.state == "running"]
    return sorted(running, key=lambda record: record.number)


def _schedule_of(record: TrialRecord) -> tuple[Stretch, ...]:
    return record.schedule or (Stretch(from_step=0, parameters=record.parameters),)


def _values_at(records: Records, step: int) -> dict[int, float | None]:
    """The objectives of the members that have come to a step; None where one was not finite."""
    return {
        record.number: report.value for record in _members(records) for report in record.reports if report.step == step
    }


def _exploit(
    weak: TrialRecord,
    strong: TrialRecord,
    values: Mapping[int, float | None],
    parameters: dict[str, JsonValue],
    *,
    step: int,
) -> Exploit:
    ahead = values[strong.number]
    assert ahead is not None, "nobody takes over from a trial without a value"
    return Exploit(
        step=step,
        objective=values[weak.number],
        from_trial=strong.number,
        from_step=step,
        from_objective=ahead,
        parameters_before=weak.parameters,
        parameters_after=parameters,
        mlflow_run_id=weak.mlflow_run_id,
        at=datetime.now(UTC),
    )
