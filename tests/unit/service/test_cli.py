"""The command line: what it prints and how it exits."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
import yaml
from rich.console import Console
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from service.cli import jobs as jobs_commands
from service.cli import main
from service.cli.render import job_table
from service.cli.spec_files import SpecFileError, read_spec
from service.sdk import Client, JobPage, JobState
from tests.unit.service.factories import distillation, job_spec, sweep_spec, training


@pytest.fixture
def run(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs a command against the application without a network."""

    class Connected(Client):
        def __init__(self, url: str | None = None, **_: object) -> None:
            super().__init__("http://testserver", http=http)

    for module in (main, jobs_commands):
        monkeypatch.setattr(module, "Client", Connected)
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(main.app, [str(argument) for argument in arguments])

    return invoke


def written(path: Path, spec: object) -> Path:
    path.write_text(yaml.safe_dump(spec))
    return path


@pytest.fixture
def spec_file(tmp_path: Path) -> Path:
    return written(tmp_path / "job.yaml", job_spec(training=training(distillation=distillation())))


def test_submit_prints_the_id_and_show_finds_it(run, spec_file: Path) -> None:
    submitted = run("submit", spec_file, "--set", "training.num_steps=7", "--set", "name=renamed")
    assert submitted.exit_code == 0
    job_id = submitted.stdout.strip()
    shown = json.loads(run("show", job_id, "--json").stdout)
    assert (shown["name"], shown["progress"]["num_steps"]) == ("renamed", 7)
    text = run("show", job_id).stdout
    assert job_id in text
    assert "queued" in text
    assert job_id in run("list").stdout


def test_list_prints_json_for_programs(run, spec_file: Path) -> None:
    run("submit", spec_file)
    page = json.loads(run("list", "--json").stdout)
    assert page["items"][0]["name"] == "digits"
    assert "no jobs" in run("list", "--state", "failed").stderr


def test_a_wrong_field_is_explained_and_ends_with_2(run, spec_file: Path) -> None:
    result = run("submit", spec_file, "--set", "training.student.fpn_channels=30")
    assert result.exit_code == 2
    for part in ("training.student.fpn_channels", "found   30", "wanted  a whole number from 16 to 512"):
        assert part in result.stderr
    as_json = run("submit", spec_file, "--set", "training.student.fpn_channels=30", "--json")
    assert json.loads(as_json.stdout)["errors"][0]["found"] == 30


def test_a_file_that_is_not_there_is_bad_input(run, tmp_path: Path) -> None:
    result = run("submit", tmp_path / "none.yaml")
    assert result.exit_code == 2
    assert "there is no file" in result.stderr


def test_cancel_and_watch_tell_by_exit_code(run, spec_file: Path) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    assert "is cancelled" in run("cancel", job_id).stdout
    assert run("watch", job_id).exit_code == 1
    assert run("cancel", "job-none").exit_code == 2


def test_a_sweep_is_submitted_by_its_file(run, tmp_path: Path, spec_file: Path) -> None:
    file = written(tmp_path / "sweep.yaml", sweep_spec())
    sweep_id = run("sweep", file).stdout.strip()
    assert sweep_id.startswith("sweep-")
    assert "no trials yet" in run("trials", sweep_id).stderr
    assert "wanted a sweep" in run("sweep", spec_file).stderr


def test_logs_of_a_job_without_attempts_are_empty(run, spec_file: Path) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    result = run("logs", job_id)
    assert (result.exit_code, result.stdout) == (0, "")


def test_no_server_ends_with_3(spec_file: Path) -> None:
    result = CliRunner().invoke(main.app, ["list", "--server", "http://127.0.0.1:9"])
    assert result.exit_code == 3
    assert "no answer from http://127.0.0.1:9" in result.stderr
    assert "Traceback" not in result.output


def test_doctor_names_what_is_missing(run) -> None:
    result = run("doctor")
    assert result.exit_code == 1
    assert "missing  reconciler: none is active" in result.stdout
    assert "ok       Ray: 0 of 2 CPUs" in result.stdout


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("training.distillation.losses.feature_imitation.weight=300", 300),
        ("training.distillation.losses.1.weight=300", 300),
    ],
)
def test_set_reaches_into_lists(spec_file: Path, change: str, found: int) -> None:
    assert read_spec(spec_file, [change])["training"]["distillation"]["losses"][1]["weight"] == found


@pytest.mark.parametrize(
    ("content", "changes", "message"),
    [
        ("{", [], "is not YAML"),
        ("- a", [], "wanted a job or a sweep"),
        ("data: {}\nstudent: {}", [], "bare training"),
        ("name: 2026-01-01", [], "wanted text"),
        ("name: .nan", [], "wanted text, a finite number"),
        ("1: a", [], "wanted text"),
        ("name: a", ["name"], "wanted: path=value"),
        ("name: a", ["name.b=1"], "nothing can be set below"),
        ("losses: [{kind: a}]", ["losses.b.c=1"], "there is: a"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(tmp_path: Path, content: str, changes: list[str], message: str) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(content)
    with pytest.raises(SpecFileError, match=message):
        read_spec(file, changes)


def test_what_is_no_terminal_gets_whole_tables(run, spec_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    name = "a name that is far longer than what is left of 80 columns"
    job_id = run("submit", spec_file, "--set", f"name={name}").stdout.strip()
    listed = run("list").stdout
    assert f"{job_id}  {name}  default  queued" in listed


def test_on_a_narrow_terminal_the_name_gives_way_and_not_the_state(run, spec_file: Path) -> None:
    run("submit", spec_file, "--set", f"name={'long ' * 10}")
    page = JobPage.model_validate_json(run("list", "--json").stdout)
    console = Console(width=80, file=StringIO(), force_terminal=True, no_color=True)
    console.print(job_table([page.items[0].model_copy(update={"state": JobState.SUCCEEDED})]))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "succeeded" in shown
    assert page.items[0].id in shown
    assert "…" in shown


def test_a_sweep_needs_what_its_parallel_trials_need(run, tmp_path: Path) -> None:
    file = written(tmp_path / "sweep.yaml", sweep_spec(max_concurrent_trials=3, num_trials=8))
    job_id = run("submit", file).stdout.strip()
    assert "CPUs: 3, GPUs: 0" in run("show", job_id).stdout


def test_a_key_that_cannot_be_one_is_explained(run, spec_file: Path) -> None:
    refused = run("submit", spec_file, "--key", "schlüssel")
    assert refused.exit_code == 2
    assert "Idempotency-Key" in refused.stderr
