"""The commands of the pages that want a cluster, run on the stack; tests/unit/docs runs those that want none.

Ids, versions and numbers that pages make up are those of what is there; a training has a few steps in the place of
thousands. Nothing else is changed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import main
from service.sdk import Client
from tests.factories import PFI_WEIGHT, small_job, small_sweep, small_training
from tests.stack import ROOT, RunningStack, wait_for, wait_until
from tests.unit.docs.commands import PAGES, files_of, parse_stillhouse, shown_on
from tests.unit.docs.test_commands import may_run

pytestmark = pytest.mark.stack
OWN_COMMANDS = [command for page in PAGES for command in shown_on(page) if command.words[0] == "stillhouse"]
# Run elsewhere, or not to be run: where, or why
ELSEWHERE = {
    "up": "the stack of these tests is one",
    "demo": "it is the main job of tests/integration/test_main_job.py, with more steps",
    "backup": "tests/unit/service/test_backup.py",
    "restore": "tests/unit/service/test_backup.py",
    "models register --torchvision": "it fetches the weights from the internet",
}
NEEDS_GPU = "parts.yaml"  # its job is queued and stays so
FEW_STEPS = ("--set", "num_steps=2", "--set", "evaluate_every_steps=2", "--set", "checkpoint_every_steps=2")


@dataclass
class Reader:
    """Somebody who types what the pages show, in a folder with the files that they show."""

    client: Client
    pages: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """What is not run by other tests, by the path of the command and, where that matters, an option of it."""

    def __post_init__(self) -> None:
        for command in OWN_COMMANDS:
            if not may_run(command):
                self.pages.setdefault(kind_of(command.words[1:]), []).append(command.words[1:])

    def types(self, kind: str, *changes: tuple[str, str | None], more: Sequence[str] = ()) -> list[str]:
        """Run all commands of a kind that were not run yet, changed by patterns for whole words; what they printed.

        A word that is changed to None is left out.
        """
        changed = [
            tuple(
                word
                for given in words
                if (word := next((new for old, new in changes if re.fullmatch(old, given)), given)) is not None
            )
            for words in self.pages.pop(kind)
        ]
        return [self.type(*words, *more) for words in dict.fromkeys(changed)]

    def type(self, *words: str) -> str:
        print("stillhouse", *words, flush=True)
        done = CliRunner().invoke(main.app, words)
        assert done.exit_code == 0, f"stillhouse {' '.join(words)}\n{done.output}\n{done.exception!r}"
        return done.stdout


def kind_of(words: Sequence[str]) -> str:
    """The path of a command, with the option by which it is another thing."""
    path, _ = parse_stillhouse(words)
    kinds = (NEEDS_GPU, "--job", "--path", "--upload", "--torchvision", "--watch", "--from-scratch")
    option = next((option for option in kinds if option in words and path[0] != "sweeps"), None)
    return " ".join([*path, *([option] if option else [])])


@pytest.fixture
def reader(stack: RunningStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    data = stack.state / "data"
    for split in ("train", "val"):
        shutil.copytree(data / "digit-scenes" / split, data / "parts" / split)
        shutil.copy(data / "digit-scenes" / "annotations" / f"{split}.json", data / "parts" / f"{split}.json")
    shutil.copy(data / "teachers" / "digits.safetensors", data / "teachers" / "parts.safetensors")
    for name in ("teacher.safetensors", "student.safetensors"):
        shutil.copy(ROOT / "recipes" / "digits" / "teacher.safetensors", tmp_path / name)
    for page in PAGES:
        for name, text in files_of(page).items():
            (tmp_path / name).write_text(text)
    (tmp_path / "recipes").symlink_to(ROOT / "recipes")
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "STILLHOUSE_URL": stack.url, "STILLHOUSE_TOKEN": stack.token, "STILLHOUSE_STATE": str(stack.state),
        "COLUMNS": "200", "BROWSER": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with stack.client() as client:
        yield Reader(client)


# with the dimensions that the pages name
SPACE = {
    PFI_WEIGHT: {"kind": "uniform", "low": 1, "high": 1000, "log": True},
    "num_steps": {"kind": "choice", "values": [800, 100_000]},
}
JOB, SWEEP, TOKEN, HOOK = r"job-\w{10}", r"sweep-\w{10}", r"tok-\w{10}", r"hook-\w{10}"


def last_id(said: Sequence[str], pattern: str) -> str:
    return str(re.findall(pattern, "\n".join(said))[-1])


def test_every_command_of_the_pages_that_wants_a_cluster_runs(reader: Reader) -> None:
    for kind in ELSEWHERE:
        reader.pages.pop(kind, None)
    data_sets_and_teachers(reader)
    jobs_that_have_ended(reader)
    jobs_on_the_way(reader)
    sweeps(reader)
    the_rest(reader)
    submits(reader)
    assert reader.pages == {}, "nothing runs these commands of the pages"


def data_sets_and_teachers(reader: Reader) -> None:
    for name in ("parts", "unused"):
        splits = ("--train", "parts/train:parts/train.json", "--val", "parts/val:parts/val.json")
        reader.type("datasets", "register", name, *splits, "--wait")
    reader.types("datasets delete", ("parts", "unused"))
    reader.types("models register --upload")
    reader.types("models register --path")
    reader.types("datasets check")
    reader.types("models check", ("coco-teacher", "parts-teacher"))


def jobs_that_have_ended(reader: Reader) -> None:
    done = ended(reader, "for the pages")
    reader.types("models register --job", (JOB, done))
    for kind in ("logs", "watch", "export", "promote"):
        reader.types(kind, (JOB, done))
    again = ended(reader, "a better one")
    for model in ("digits", "parts"):
        reader.type("promote", again, "--model", model)
    reader.types("models promote", (r"\d", "2"))
    reader.types("models rollback")


def ended(reader: Reader, name: str) -> str:
    job = wait_for(reader.client, reader.client.jobs.submit(small_job(name, steps=4)).id, "succeeded")
    wait_until(lambda: reader.client.jobs.lineage(job.id).model is not None)
    return job.id


def jobs_on_the_way(reader: Reader) -> None:
    job = reader.client.jobs.submit(small_job("goes on and on", steps=100_000, distil=False)).id
    settled: dict[str, Callable[[], None]] = {
        "pause": lambda: one_is(reader, job, "paused"),
        "resume": lambda: one_is(reader, job, "queued", "starting", "running"),
        "cancel": lambda: one_is(reader, job, "cancelled"),
        "retry": lambda: one_is(reader, job, "queued", "starting", "running"),
    }
    one_is(reader, job, "running")
    for kind, wait in settled.items():
        reader.types(kind, (JOB, job))
        wait()
    reader.client.jobs.cancel(job)
    one_is(reader, job, "cancelled")
    reader.types("retry --from-scratch", (JOB, job))
    reader.client.jobs.cancel(job)
    one_is(reader, job, "cancelled")


def one_is(reader: Reader, job: str, *states: str) -> None:
    wait_until(lambda: reader.client.jobs.get(job).state in states, lambda: reader.client.jobs.get(job))


def submits(reader: Reader) -> None:
    reader.types("submit --watch", more=FEW_STEPS)
    for said in [*reader.types("submit", more=FEW_STEPS), *reader.types(f"submit {NEEDS_GPU}", ("--watch", None))]:
        reader.client.jobs.cancel(last_id([said], JOB))


def sweeps(reader: Reader) -> None:
    done = wait_for(reader.client, reader.client.sweeps.submit(small_sweep("for the pages", trials=1)).id, "succeeded")
    trial = (r"\d+", "1")
    reader.types("sweeps figures", (SWEEP, done.id))
    reader.types("sweeps promote", (SWEEP, done.id), trial)
    reader.types("sweeps retrain", (SWEEP, done.id), (r"\d+", "4"))
    reader.client.sweeps.cancel(last_id(reader.types("sweeps fork", (SWEEP, done.id)), SWEEP))

    limits = {"trials": 2, "max_concurrent_trials": 1, "budget": {"gpu_hours": 1}}
    spec = small_sweep("is steered", training=small_training(steps=100_000), space=SPACE, **limits)
    running = reader.client.sweeps.submit(spec).id
    wait_until(
        lambda: any(trial.state == "running" for trial in reader.client.sweeps.trials(running).items),
        lambda: reader.client.jobs.logs(running).text[-2000:],
    )
    reader.types("sweeps steer", (SWEEP, running))
    reader.types("sweeps stop", (SWEEP, running), trial)
    reader.client.sweeps.cancel(running)
    one_is(reader, running, "cancelled")


def the_rest(reader: Reader) -> None:
    reader.types("doctor")
    reader.types("signin")
    reader.types("prune")
    reader.type("projects", "set", "parking", "--max-gpus", "2")
    reader.types("projects remove")
    token = last_id([reader.type("tokens", "create", "for the pages", "--role", "default=viewer", "--json")], TOKEN)
    reader.types("tokens revoke", (TOKEN, token))
    reader.types("webhooks create")
    hook = reader.client.webhooks.list().items[-1].id
    for kind in ("webhooks list", "webhooks change", "webhooks test", "webhooks deliveries"):
        reader.types(kind, (HOOK, hook))
    wait_until(lambda: bool(reader.client.webhooks.deliveries(hook).items))
    sent = reader.client.webhooks.deliveries(hook).items[0].id
    reader.types("webhooks redeliver", (HOOK, hook), (r"msg-\w+", sent))
    reader.types("webhooks delete", (HOOK, hook))
    reader.types("models delete", ("digits", "digits-teacher"))
