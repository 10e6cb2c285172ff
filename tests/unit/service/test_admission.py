"""Who may start: what fits on nodes and GPUs, limits of projects, and who makes place for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.clients.ray import Node
from service.jobs.logic import new_row
from service.jobs.models import JobRow
from service.projects.limits import Limits
from service.reconciler.admission import Held, Plan, Preemption, plan
from tests.unit.service.factories import job_spec, sweep_spec
from workers.spec import JobSpec, SweepSpec

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def cluster(*sizes: tuple[float, float]) -> list[Node]:
    return [Node(f"n{index}", cpus, gpus) for index, (cpus, gpus) in enumerate(sizes)]


def job(cpus: float = 1, gpus: float = 0, *, state: str = "queued", **fields: Any) -> JobRow:
    spec = JobSpec.model_validate(job_spec(resources={"cpus": cpus, "gpus": gpus}, **fields))
    row = new_row(spec, idempotency_key=None)
    row.state = state
    return row


def held(row: JobRow, node: str | None = None, *, ran_s: float = 1000) -> Held:
    row.state = "running" if row.state == "queued" else row.state
    return Held(row, node, NOW - timedelta(seconds=ran_s))


def decide(queued: list[JobRow], active: list[Held], there: list[Node], **how: Any) -> Plan:
    return plan(queued, active, there, now=NOW, **how)


def test_a_job_needs_its_cpus_on_one_node() -> None:
    large = job(4)
    decided = decide([large], [], cluster((2, 0), (2, 0)))
    assert decided.admitted == []
    reason = decided.reasons[large.id]
    assert reason.startswith("queued: can never start here, it needs 4 CPUs on one node and no node has that")
    assert decide([large], [], cluster((2, 0), (4, 0))).admitted == [large.id]


def test_fragments_on_several_nodes_are_no_place() -> None:
    two = job(2)
    busy = [held(job(1), "n0"), held(job(1), "n1")]
    decided = decide([two], busy, cluster((2, 0), (2, 0)))
    assert decided.reasons[two.id] == "queued: needs 2 CPUs, 2 free, but not on one node"


def test_a_fraction_of_a_gpu_is_on_one_gpu() -> None:
    thirds = [job(1, 0.6) for _ in range(3)]
    assert decide(thirds, [], cluster((8, 1))).admitted == [thirds[0].id]
    assert len(decide(thirds, [], cluster((8, 2))).admitted) == 2
    halves = [job(1, 0.5) for _ in range(4)]
    assert len(decide(halves, [], cluster((8, 2))).admitted) == 4


def test_whole_gpus_are_not_made_of_free_shares() -> None:
    whole = job(1, 1)
    shares = [held(job(1, 0.5), "n0"), held(job(1, 0.6), "n0")]
    decided = decide([whole], shares, cluster((8, 2)))
    assert decided.admitted == []
    assert decided.reasons[whole.id].startswith("queued: needs 1 CPU and 1 GPU, 6 and 0.9 free")


def test_the_issue_example_reads_well() -> None:
    ahead = [job(1, 2) for _ in range(3)]
    last = job(1, 2)
    decided = decide([*ahead, last], [held(job(1, 1), "n0")], cluster((8, 2)))
    assert decided.reasons[last.id] == "queued: needs 1 CPU and 2 GPUs, 7 and 1 free, 3 jobs ahead"


def test_cpu_work_leaves_the_gpu_nodes_alone() -> None:
    plain, gpu = job(4), job(4, 1)
    assert decide([plain, gpu], [], cluster((4, 1), (4, 0))).admitted == [plain.id, gpu.id]


def test_a_sweep_takes_place_trial_by_trial() -> None:
    spec = SweepSpec.model_validate(sweep_spec(max_concurrent_trials=4, resources={"cpus": 2}))
    sweep, small = new_row(spec, idempotency_key=None), job(1)
    decided = decide([sweep, small], [], cluster((3, 0), (3, 0)))
    assert decided.admitted == [sweep.id, small.id]
    assert decide([sweep], [held(small, "n0"), held(job(1), "n0")], cluster((3, 0), (3, 0))).admitted == []


def test_a_waiting_job_keeps_its_node_and_leaves_the_others() -> None:
    large, small = job(4), job(1)
    decided = decide([large, small], [held(job(1), "n0")], cluster((4, 0), (2, 0)))
    assert decided.admitted == [small.id]
    blocked = decide([large, job(2)], [held(job(1), "n0")], cluster((4, 0)))
    assert blocked.admitted == []


def test_a_job_that_waits_out_its_backoff_holds_up_nobody() -> None:
    waits, other = job(2), job(2)
    waits.not_before = NOW + timedelta(seconds=5)
    decided = decide([waits, other], [], cluster((2, 0)))
    assert (decided.admitted, decided.reasons) == ([other.id], {})


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(max_jobs=1), "project 'default' may run 1 job at once, 1 now"),
        (Limits(max_cpus=3), "project 'default' may hold 3 CPUs at once, it holds 2 and this needs 2"),
        (Limits(max_gpus=1), "project 'default' may hold 1 GPU at once, it holds 0.5 and this needs 1"),
    ],
)
def test_a_project_over_its_limits_waits_and_blocks_nobody(limits: Limits, words: str) -> None:
    waits, other = job(2, 1), job(2, 1, project="other")
    decided = decide([waits, other], [held(job(2, 0.5), "n0")], cluster((8, 4)), limits={"default": limits})
    assert decided.admitted == [other.id]
    assert decided.reasons[waits.id] == f"queued: {words}"


def test_limits_count_what_is_admitted_in_the_same_round() -> None:
    jobs = [job(1) for _ in range(3)]
    assert len(decide(jobs, [], cluster((8, 0)), limits={"default": Limits(max_jobs=2)}).admitted) == 2


ALLOWED = Preemption(allowed=True, min_run_s=60)


def test_a_higher_priority_pushes_aside_the_least_important_that_allow_it() -> None:
    urgent = job(2, priority=5)
    low = held(job(2, priority=-1, preemptible=True), "n0")
    middle = held(job(2, priority=1, preemptible=True), "n0")
    firm = held(job(2, priority=-5), "n0")
    decided = decide([urgent], [middle, low, firm], cluster((6, 0)), preemption=ALLOWED)
    assert decided.pushed_aside == {low.job.id: urgent.id}
    assert decided.reasons[urgent.id] == f"queued: needs 2 CPUs, 0 free; {low.job.id} makes place for it"


def test_nobody_is_pushed_aside_unless_that_is_allowed_and_helps() -> None:
    urgent, equal = job(2, priority=5), job(2)
    low = held(job(2, preemptible=True), "n0")
    fresh = held(job(2, preemptible=True), "n0", ran_s=10)
    firm = held(job(2), "n0")
    there = cluster((2, 0))
    assert decide([urgent], [low], there).pushed_aside == {}, "off by default"
    assert decide([equal], [low], there, preemption=ALLOWED).pushed_aside == {}, "equal priority"
    assert decide([urgent], [fresh], there, preemption=ALLOWED).pushed_aside == {}, "it has just begun"
    assert decide([urgent], [firm], there, preemption=ALLOWED).pushed_aside == {}, "its spec does not allow it"
    small = held(job(1, preemptible=True), "n0")
    half = [small, held(job(1), "n0")]
    assert decide([urgent], half, there, preemption=ALLOWED).pushed_aside == {}, "it would not be enough"


def test_place_that_is_being_made_is_not_made_twice() -> None:
    urgent = job(2, priority=5)
    pausing = Held(job(2, state="pausing", preemptible=True), "n0", NOW - timedelta(seconds=900))
    low = held(job(2, preemptible=True), "n0")
    assert decide([urgent], [pausing, low], cluster((4, 0)), preemption=ALLOWED).pushed_aside == {}
    second = job(2, priority=4)
    decided = decide([urgent, second], [pausing, low], cluster((4, 0)), preemption=ALLOWED)
    assert decided.pushed_aside == {low.job.id: second.id}


def test_only_as_many_are_pushed_aside_as_are_needed() -> None:
    urgent = job(3, priority=5)
    one = held(job(1, priority=-2, preemptible=True), "n0")
    three = held(job(3, priority=-1, preemptible=True), "n0")
    decided = decide([urgent], [one, three], cluster((4, 0)), preemption=ALLOWED)
    assert decided.pushed_aside == {three.job.id: urgent.id}


def on_nodes(count: int, *, cpus: float = 1) -> JobRow:
    training = {**job_spec()["training"], "distributed": {"world_size": count}, "batch_size": 4 * count}
    return job(cpus, nodes=count, training=training)


def test_a_job_on_several_nodes_needs_its_resources_on_each_of_them() -> None:
    wide = on_nodes(2)
    assert decide([wide], [], cluster((1, 0), (1, 0))).admitted == [wide.id]
    decided = decide([wide], [], cluster((4, 0)))
    assert decided.reasons[wide.id] == (
        "queued: can never start here, it needs 1 CPU on each of 2 nodes and 1 has that; ask for fewer nodes, or add "
        "some"
    )


def test_a_job_on_several_nodes_waits_until_as_many_have_place() -> None:
    wide, busy = on_nodes(2), job(1)
    decided = decide([wide], [held(busy, "n1")], cluster((2, 0), (1, 0)))
    assert decided.reasons[wide.id] == "queued: needs 2 CPUs, 2 free, but not on 2 nodes"
    assert decide([wide], [held(busy, "n0")], cluster((2, 0), (1, 0))).admitted == [wide.id]


def test_a_job_on_several_nodes_holds_a_part_of_each() -> None:
    wide, next_one, too_large = on_nodes(2), job(1), job(2)
    there = cluster((2, 0), (2, 0))
    decided = decide([too_large, next_one], [held(wide, "n1")], there)
    assert decided.reasons[too_large.id] == "queued: needs 2 CPUs, 2 free, but not on one node"
    assert decide([next_one, job(1)], [held(wide, "n1")], there).admitted[0] == next_one.id
    assert decide([job(1)], [held(wide, "n1"), held(job(1), "n1"), held(job(1), "n0")], there).admitted == []
