"""Work on several nodes: it spreads, and survives the loss of a node with little lost."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from torch import Tensor

from service.cli.doctor import nodes as doctor
from service.jobs.schemas import Job
from service.sdk import Client
from tests.composed.cluster import WORKER, WORKERS, Cluster
from tests.drills import partition
from tests.drills.outcome import Drill, Shared
from tests.factories import NO_CONTROLS, small_training
from tests.journals import begins_at, last_step, losses, uneven_steps, wait_for_step
from tests.stack import wait_for, wait_until
from workers.spec import JobSpec, SweepSpec

pytestmark = pytest.mark.stack
STEPS, CHECKPOINT_EVERY = 40, 10
LOSE_AT = 15
# after some more, rounding has grown to what can be seen
ALIKE_UNTIL = 12


@pytest.fixture(scope="module")
def undisturbed(client: Client) -> Job:
    """A job whose node is left alone."""
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


def assert_whole(journal: Path) -> None:
    assert last_step(journal) == STEPS
    assert uneven_steps(journal) == {}


def assert_equal(found: Path, expected: Path) -> None:
    """The students of two folders, to the bit."""
    one, other = (weights(folder) for folder in (found, expected))
    assert one.keys() == other.keys()
    assert all(one[name].equal(value) for name, value in other.items())


def weights(folder: Path) -> dict[str, Tensor]:
    return dict(load_file(folder / "student.safetensors"))


def test_jobs_spread_and_one_whose_node_is_lost_goes_on(cluster: Cluster, client: Client, undisturbed: Job) -> None:
    job = client.jobs.submit(a_job("loses its node"))
    folder = cluster.folder(job.id)
    wait_for_step(folder.journal, LOSE_AT)
    lost = cluster.machine_of(job.id)
    assert lost is not None
    assert cluster.machine_of(undisturbed.id) != lost
    cluster.composed.kill(lost)
    killed_at, before = time.monotonic(), last_step(folder.journal)
    done_again = before - begins_at(folder.log(2)) + 1
    print(f"trains again {time.monotonic() - killed_at:.1f} s later, {done_again} steps are done again")
    assert done_again <= CHECKPOINT_EVERY
    ended = wait_for(client, job.id, "succeeded")
    assert [attempt.state for attempt in ended.attempts] == ["lost", "succeeded"]
    alone = wait_for(client, undisturbed.id, "succeeded")
    assert [attempt.state for attempt in alone.attempts] == ["succeeded"]
    for one in (job, undisturbed):
        assert_whole(cluster.folder(one.id).journal)
    assert_equal(folder.work, cluster.folder(undisturbed.id).work)


def test_a_job_on_two_nodes_is_one_training_and_survives_the_loss_of_a_node(
    cluster: Cluster, client: Client, undisturbed: Job
) -> None:
    """One of the nodes has been away before: it takes work again. The processes reach each other by the network."""
    wait_for(client, undisturbed.id, "succeeded")
    job = client.jobs.submit(a_job("on two nodes", nodes=2))
    folder = cluster.folder(job.id)
    wait_for_step(folder.journal, LOSE_AT)
    leading = cluster.machine_of(job.id)
    [sharing] = [name for name in WORKERS if cluster.runs(name, "workers.member", job.id)]
    assert {leading, sharing} == set(WORKERS)
    assert [holding.cpus for holding in client.cluster.get().holders] == [2]
    cluster.composed.kill(sharing)
    killed_at = time.monotonic()
    wait_until(lambda: client.jobs.get(job.id).attempts[0].state == "lost", lambda: client.jobs.get(job.id))
    before = last_step(folder.journal)
    done_again = before - begins_at(folder.log(2)) + 1
    print(f"trains again {time.monotonic() - killed_at:.1f} s later, {done_again} steps are done again")
    assert done_again <= CHECKPOINT_EVERY
    ended = wait_for(client, job.id, "succeeded")
    assert [attempt.state for attempt in ended.attempts] == ["lost", "succeeded"]
    assert "which had a share of the training, was lost" in ended.attempts[0].reason
    assert_whole(folder.journal)
    assert not any(cluster.runs(name, "workers.member") for name in WORKERS)
    found, expected = (dict(losses(journal)) for journal in (folder.journal, cluster.folder(undisturbed.id).journal))
    for step in range(1, ALIKE_UNTIL + 1):
        assert found[step] == pytest.approx(expected[step], abs=1e-5), step


def test_a_sweep_goes_on_when_a_node_is_lost_and_uses_it_when_it_is_back(
    cluster: Cluster, client: Client, undisturbed: Job
) -> None:
    wait_for(client, undisturbed.id, "succeeded")
    sweep = client.sweeps.submit(a_sweep())
    folder = cluster.folder(sweep.id)
    for number in (1, 2):
        wait_for_step(folder.trial_journal(number), LOSE_AT)
    without_driver = next(name for name in WORKERS if name != cluster.machine_of(sweep.id))
    cluster.composed.kill(without_driver)
    killed_at = time.monotonic()
    wait_until(
        lambda: 2 in [trial.starts for trial in folder.read_trials()], lambda: client.jobs.logs(sweep.id).text[-3000:]
    )
    print(f"a trial is started again {time.monotonic() - killed_at:.1f} s later")
    ended = wait_for(client, sweep.id, "succeeded")
    assert ended.attempt == 1, "its driver was on another node"
    trials = folder.read_trials()
    assert sorted(trial.losses for trial in trials) == [0, 1]
    for trial in trials:
        assert_whole(folder.trial_journal(trial.number))
        assert_equal(folder.trial(trial.number), cluster.folder(undisturbed.id).work)


def test_the_doctor_looks_at_every_node_from_itself(cluster: Cluster, client: Client) -> None:
    found = [finding for finding in doctor.examine(client) if "GiB free in the storage" not in finding.detail]
    assert [finding.status for finding in found] == ["ok"] * (1 + len(WORKERS)), found
    assert all("shares the storage" in finding.detail for finding in found)
    assert sum(WORKER in finding.name for finding in found) in (0, len(WORKERS)), "by name or by address, all alike"


def test_a_node_that_is_cut_off_and_comes_back_leaves_no_step_out_and_none_twice(
    cluster: Cluster, tmp_path: Path
) -> None:
    with Shared(tmp_path, cluster=cluster) as shared:
        outcome = partition.run(Drill(tmp_path, None, print, shared))
    for what, value in outcome.figures.items():
        print(f"{what}: {value}")
    assert outcome.wrong == []
