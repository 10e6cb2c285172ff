"""Work on several nodes, here raylets of one machine: it spreads, and survives the loss of a node with little lost."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from torch import Tensor

from service.cli.doctor import nodes as doctor
from service.jobs.schemas import Job
from service.sdk import Client
from tests.drills.service import wait_until
from tests.factories import NO_CONTROLS, small_training
from tests.raylets import Node, Raylets
from tests.stack import wait_for
from workers.spec import JobSpec, SweepSpec

pytestmark = [pytest.mark.stack, pytest.mark.slow]
STEPS, CHECKPOINT_EVERY = 40, 10
LOSE_AT = 15
# after some more, rounding has grown to what can be seen
ALIKE_UNTIL = 12
WITHIN_S = 240.0
LOSS = "train/loss/total"


@pytest.fixture(scope="module")
def raylets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raylets]:
    with Raylets(tmp_path_factory.mktemp("raylets")) as running:
        yield running


@pytest.fixture
def client(raylets: Raylets) -> Iterator[Client]:
    raylets.all_on()
    with raylets.client() as client:
        yield client


@pytest.fixture(scope="module")
def undisturbed(raylets: Raylets) -> Job:
    """A job whose node is left alone."""
    with raylets.client() as client:
        return client.jobs.submit(a_job("left alone"))


def a_training(*, processes: int = 1) -> dict[str, Any]:
    """Without BatchNorm, whose statistics would be each process's own."""
    cadence = {"log_every_steps": 1, "evaluate_every_steps": STEPS, "checkpoint_every_steps": CHECKPOINT_EVERY}
    student = {"backbone": {"norm": "group"}}
    optimizer = {"kind": "sgd", "learning_rate": 0.005}
    shared = {"distributed": {"world_size": processes}, "student": student, "optimizer": optimizer, "device": "cpu"}
    return small_training(steps=STEPS, distil=False, seed=1, **cadence, **shared)


def a_job(name: str, *, nodes: int = 1) -> JobSpec:
    return JobSpec.model_validate({"name": name, "nodes": nodes, "training": a_training(processes=nodes)})


def a_sweep() -> SweepSpec:
    """Two trials side by side, each of which has the training of a job."""
    space = {"seed": {"kind": "choice", "values": [1, 2]}}
    fixed = [{"seed": 1}, {"seed": 1}]
    counts = {"num_trials": 2, "max_concurrent_trials": 2, "fixed_trials": fixed}
    return SweepSpec.model_validate(
        {"name": "loses a node", "training": a_training(), "space": space, "controls": NO_CONTROLS, **counts}
    )


def weights(folder: Path) -> dict[str, Tensor]:
    return dict(load_file(folder / "student.safetensors"))


def losses(journal: Path) -> list[tuple[int, float]]:
    """Step and loss of each point, as they were written."""
    lines = journal.read_text().splitlines() if journal.exists() else []
    points = [json.loads(line) for line in lines if line.endswith("}")]
    return [(p["step"], p["metrics"][LOSS]) for p in points if LOSS in p["metrics"]]


def last_step(journal: Path) -> int:
    return max((step for step, _ in losses(journal)), default=0)


def wait_for_step(journal: Path, step: int) -> None:
    wait_until(lambda: last_step(journal) >= step, WITHIN_S, f"step {step} in {journal}")


def lost_steps(raylets: Raylets, job: Job, *, before: int, since: float) -> int:
    """How many of the steps of its first attempt the second does again."""
    log = raylets.folder(job.id).log(2)
    wait_until(lambda: "training (step" in (log.read_text() if log.exists() else ""), WITHIN_S, f"steps in {log}")
    found = re.search(r"training \(step (\d+) of", log.read_text())
    assert found is not None
    lost = before - int(found[1]) + 1  # it is the first that was done
    print(f"{job.name}: trains again {time.monotonic() - since:.1f} s later, {lost} steps are done again")
    return lost


def assert_whole(journal: Path) -> None:
    """Each step once: two at work at the same time would leave some twice, a loss would leave some out."""
    assert Counter(step for step, _ in losses(journal)) == dict.fromkeys(range(1, STEPS + 1), 1)


def equal(found: dict[str, Tensor], expected: dict[str, Tensor]) -> bool:
    return found.keys() == expected.keys() and all(found[name].equal(value) for name, value in expected.items())


def test_jobs_spread_and_one_whose_node_is_lost_goes_on_elsewhere(
    raylets: Raylets, client: Client, undisturbed: Job
) -> None:
    job = client.jobs.submit(a_job("loses its node"))
    journal = raylets.folder(job.id).journal
    wait_for_step(journal, LOSE_AT)
    lost, other = raylets.node_of(job.id), raylets.node_of(undisturbed.id)
    assert lost is not None
    assert other is not lost
    lost.switch_off()
    switched_off = time.monotonic()
    before = last_step(journal)
    assert lost_steps(raylets, job, before=before, since=switched_off) <= CHECKPOINT_EVERY
    assert raylets.node_of(job.id) not in (None, lost)
    ended = wait_for(client, job.id, "succeeded", timeout_s=WITHIN_S)
    assert [attempt.state for attempt in ended.attempts] == ["lost", "succeeded"]
    alone = wait_for(client, undisturbed.id, "succeeded", timeout_s=WITHIN_S)
    assert [attempt.state for attempt in alone.attempts] == ["succeeded"]
    for one in (job, undisturbed):
        assert_whole(raylets.folder(one.id).journal)
    assert equal(weights(raylets.folder(job.id).work), weights(raylets.folder(undisturbed.id).work))


def test_a_job_on_two_nodes_is_one_training_and_survives_the_loss_of_a_node(
    raylets: Raylets, client: Client, undisturbed: Job
) -> None:
    """One of the nodes has been away before: it takes work again."""
    job = client.jobs.submit(a_job("on two nodes", nodes=2))
    folder = raylets.folder(job.id)
    wait_for_step(folder.journal, LOSE_AT)
    leading, sharing = raylets.node_of(job.id), _sharing(raylets, job)
    assert None not in (leading, sharing)
    assert leading is not sharing
    assert [holding.cpus for holding in client.cluster.get().holders] == [2]
    assert sharing is not None
    sharing.switch_off()
    switched_off = time.monotonic()
    wait_until(lambda: client.jobs.get(job.id).attempts[0].state == "lost", WITHIN_S, "the end of the attempt")
    before = last_step(folder.journal)
    sharing.switch_on()
    assert lost_steps(raylets, job, before=before, since=switched_off) <= CHECKPOINT_EVERY
    ended = wait_for(client, job.id, "succeeded", timeout_s=WITHIN_S)
    assert [attempt.state for attempt in ended.attempts] == ["lost", "succeeded"]
    assert "which had a share of the training, was lost" in ended.attempts[0].reason
    assert_whole(folder.journal)
    assert not any(node.runs("workers.member") for node in raylets.nodes)
    found, expected = (dict(losses(journal)) for journal in (folder.journal, raylets.folder(undisturbed.id).journal))
    for step in range(1, ALIKE_UNTIL + 1):
        assert found[step] == pytest.approx(expected[step], abs=1e-5), step


def _sharing(raylets: Raylets, job: Job) -> Node | None:
    return next((node for node in raylets.nodes if node.runs("workers.member", job.id)), None)


def test_a_sweep_goes_on_when_a_node_is_lost_and_uses_it_when_it_is_back(
    raylets: Raylets, client: Client, undisturbed: Job
) -> None:
    sweep = client.sweeps.submit(a_sweep())
    folder = raylets.folder(sweep.id)
    for number in (1, 2):
        wait_for_step(folder.trial_journal(number), LOSE_AT)
    raylets.nodes[0].switch_off()
    switched_off = time.monotonic()
    raylets.nodes[0].switch_on()
    wait_until(lambda: 2 in [trial.starts for trial in folder.read_trials()], WITHIN_S, "another start of a trial")
    print(f"a trial is started again {time.monotonic() - switched_off:.1f} s later")
    ended = wait_for(client, sweep.id, "succeeded", timeout_s=WITHIN_S)
    assert ended.attempt == 1, "its driver was on another node"
    trials = folder.read_trials()
    assert sorted(trial.losses for trial in trials) == [0, 1]
    expected = weights(raylets.folder(undisturbed.id).work)
    for trial in trials:
        assert_whole(folder.trial_journal(trial.number))
        assert equal(weights(folder.trial(trial.number)), expected), trial.number


def test_the_doctor_looks_at_every_node_from_itself(raylets: Raylets, client: Client) -> None:
    found = [finding for finding in doctor.examine(client) if "GiB free in the storage" not in finding.detail]
    assert [finding.status for finding in found] == ["ok"] * (1 + len(raylets.nodes)), found
    assert all("shares the storage" in finding.detail for finding in found)
