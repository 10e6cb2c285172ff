"""The command line: what it prints and how it exits."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import typer
import yaml
from rich.console import Console
from typer.testing import CliRunner

from service.cli import complete as complete_module
from service.cli import exits, main, output
from service.cli.clone import merge_patch
from service.cli.exits import Exit
from service.cli.render import job_table
from service.sdk import ApiError, JobPage, JobState, Problem, StillhouseError
from tests.unit.service.factories import distillation, job_spec, sweep_spec, training


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
    assert run("cancel", "job-none").exit_code == Exit.NOT_FOUND


def test_a_sweep_is_submitted_by_its_file(run, tmp_path: Path, spec_file: Path) -> None:
    file = written(tmp_path / "sweep.yaml", sweep_spec())
    sweep_id = run("sweep", file).stdout.strip()
    assert sweep_id.startswith("sweep-")
    assert "no trials yet" in run("trials", sweep_id).stderr
    assert "early stopping saved" in run("answers", sweep_id).stdout
    assert json.loads(run("answers", sweep_id, "--json").stdout)["verdict"]["outcome"] == "too_early"
    assert "wanted a sweep" in run("sweep", spec_file).stderr


def test_logs_of_a_job_without_attempts_are_empty(run, spec_file: Path) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    result = run("logs", job_id)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no attempt has begun" in result.stderr


def test_no_server_ends_with_5(spec_file: Path) -> None:
    result = CliRunner().invoke(main.app, ["list", "--server", "http://127.0.0.1:9"])
    assert result.exit_code == Exit.UNREACHABLE
    assert "no answer from http://127.0.0.1:9" in result.stderr
    assert "Traceback" not in result.output


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


def test_a_dry_run_shows_the_whole_spec_and_sends_nothing(run, spec_file: Path) -> None:
    result = run("submit", spec_file, "--set", "num_steps=7", "--dry-run")
    assert result.exit_code == 0
    spec = yaml.safe_load(result.stdout)
    assert (spec["training"]["num_steps"], spec["priority"]) == (7, 0)
    assert json.loads(run("submit", spec_file, "--dry-run", "--json").stdout)["kind"] == "job"
    assert json.loads(run("list", "--json").stdout)["items"] == []


def test_a_dry_run_finds_what_the_service_would(run, spec_file: Path) -> None:
    wrong = ("--set", "training.student.fpn_channels=30")
    here, there = run("submit", spec_file, *wrong, "--dry-run"), run("submit", spec_file, *wrong)
    assert here.exit_code == there.exit_code == Exit.WRONG_USE
    assert here.stderr.splitlines()[1:] == there.stderr.splitlines()[1:]
    document = json.loads(run("submit", spec_file, *wrong, "--dry-run", "--json").stdout)
    assert document["errors"][0]["field"] == "training.student.fpn_channels"


def test_specs_come_from_recipes_and_from_standard_input(run) -> None:
    recipe = run("submit", "digits/baseline", "--dry-run", "--json")
    assert json.loads(recipe.stdout)["kind"] == "job"
    assert json.loads(run("submit", "-", "--dry-run", "--json", input=recipe.stdout).stdout) == json.loads(
        recipe.stdout
    )
    assert "did you mean the recipe digits/baseline" in run("submit", "digits/basline", "--dry-run").stderr


def test_what_show_prints_can_be_submitted_again(run, spec_file: Path, tmp_path: Path) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    again = tmp_path / "again.yaml"
    again.write_text(run("show", job_id, "--spec").stdout)
    spec = json.loads(run("show", job_id, "--spec", "--json").stdout)
    assert json.loads(run("submit", again, "--json").stdout)["spec"] == spec
    assert "submitted" in run("show", job_id, "--events").stdout
    assert json.loads(run("show", job_id, "--events", "--json").stdout)["items"][0]["to_state"] == "queued"


def test_compare_shows_where_specs_differ(run, spec_file: Path) -> None:
    change = "losses.feature_imitation.weight=300"
    first = run("submit", spec_file).stdout.strip()
    second = run("submit", spec_file, "--set", f"training.distillation.{change}", "--set", "name=b").stdout.strip()
    text = run("compare", first, second).stdout
    assert "distillation.losses.feature_imitation.weight" in text
    assert "300" in text
    assert "num_steps" not in text
    document = json.loads(run("compare", first, second, "--json").stdout)
    assert list(document["spec"]) == ["training.distillation.losses.feature_imitation.weight"]
    assert [job["name"] for job in document["jobs"]] == ["digits", "b"]
    assert "the specs are the same" in run("compare", first, first).stdout
    assert run("compare", first).exit_code == Exit.WRONG_USE


def test_several_jobs_are_cancelled_although_one_is_not_there(run, spec_file: Path) -> None:
    first, second = (run("submit", spec_file).stdout.strip() for _ in range(2))
    result = run("cancel", first, "job-none", second)
    assert result.exit_code == Exit.NOT_FOUND
    assert result.stdout.count("is cancelled") == 2
    assert "there is no job 'job-none'" in result.stderr


def test_jobs_are_paused_resumed_and_retried(run, spec_file: Path) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    assert f"{job_id} is paused" in run("pause", job_id).stdout
    assert json.loads(run("resume", job_id, "--json").stdout)["state"] == "queued"
    run("cancel", job_id)
    refused = run("pause", job_id)
    assert refused.exit_code == Exit.CONFLICT
    assert "cancelled" in refused.stderr
    assert f"{job_id} is queued" in run("retry", job_id, "--from-scratch").stdout


def test_a_clone_differs_in_what_was_set(run, spec_file: Path) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    weight = "distillation.losses.feature_imitation.weight"
    cloned = run("clone", job_id, "--set", f"{weight}=300", "--set", "name=b", "--set", "student.backbone.width=32")
    document = json.loads(run("compare", job_id, cloned.stdout.strip(), "--json").stdout)
    assert set(document["spec"]) == {f"training.{weight}", "training.student.backbone.width"}
    refused = run("clone", job_id, "--set", "num_steps=0")
    assert refused.exit_code == Exit.WRONG_USE


def test_a_merge_patch_says_what_is_different() -> None:
    before = {"a": 1, "b": {"c": 1, "d": [1, 2]}, "e": None, "g": {"h": 1}}
    after = {"a": True, "b": {"c": 1, "d": [1]}, "f": {"x": 1}, "g": {"h": 1}}
    assert merge_patch(before, after) == {"a": True, "b": {"d": [1]}, "e": None, "f": {"x": 1}}


def test_name_priority_and_tags_change(run, spec_file: Path) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    changed = run("change", job_id, "--priority", "-5", "--tag", "a", "--tag", "b", "--name", "other").stdout
    assert "is 'other', priority -5, tags: a, b" in changed
    assert json.loads(run("change", job_id, "--no-tags", "--json").stdout)["tags"] == []
    assert run("change", job_id).exit_code == Exit.WRONG_USE


def test_projects_are_listed_limited_and_forgotten(run, spec_file: Path) -> None:
    run("submit", spec_file)
    assert "default" in run("projects", "list").stdout
    assert json.loads(run("projects", "set", "cars", "--max-gpus", "2", "--json").stdout)["limits"]["max_gpus"] == 2
    assert "cars" in run("projects", "show", "cars").stdout
    assert run("projects", "remove", "cars").exit_code == 0
    assert run("projects", "show", "cars").exit_code == Exit.NOT_FOUND


def test_a_watched_job_is_told_in_lines_of_json(run, spec_file: Path) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    timed_out = run("watch", job_id, "--timeout", "0", "--json")
    assert timed_out.exit_code == Exit.TIMED_OUT
    assert json.loads(timed_out.stdout.splitlines()[0])["state"] == "queued"
    run("cancel", job_id)
    lines = run("watch", job_id, "--json").stdout.splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["cancelled"]


def test_ctrl_c_while_watching_says_how_to_go_on(run, spec_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupt)
    result = run("submit", spec_file, "--watch", "--timeout", "9")
    assert result.exit_code == Exit.INTERRUPTED
    assert "the job goes on" in result.stderr


def test_lists_are_cut_filtered_and_sorted(run, spec_file: Path) -> None:
    ids = [run("submit", spec_file, "--set", f"name=job {number}").stdout.strip() for number in range(3)]
    cut = run("list", "--limit", "2")
    assert ids[0] not in cut.stdout
    assert "--all shows the others" in cut.stderr
    assert [job["id"] for job in json.loads(run("list", "--all", "--sort", "created", "--json").stdout)["items"]] == ids
    assert "no jobs that fit" in run("list", "--text", "nothing like this").stderr
    assert "3  queued" in run("list", "--count").stdout
    assert json.loads(run("list", "--count", "--tag", "none", "--json").stdout)["total"] == 0
    assert run("list", "--sort", "oldest").exit_code == Exit.WRONG_USE


@pytest.mark.parametrize("kind", [kind for kind, _ in exits._CODES])
def test_every_error_has_its_exit_code(kind: type[StillhouseError]) -> None:
    """And a more special error is not hidden behind its base."""
    code = dict(exits._CODES)[kind]
    problem = Problem(type="x", title="x", status=418, detail="x", instance="/", request_id="req-1", errors=[])
    assert exits.exit_code(kind(problem) if issubclass(kind, ApiError) else kind("x")) == code


def commands(app: typer.Typer, path: str = "stillhouse") -> Iterator[tuple[str, str]]:
    """Each command with its help."""
    for command in app.registered_commands:
        yield f"{path} {command.name}", inspect.getdoc(command.callback) or ""
    for group in app.registered_groups:
        yield from commands(group.typer_instance, f"{path} {group.name}")


def test_every_command_has_an_example_that_names_it() -> None:
    for path, text in commands(main.app):
        assert f"Example: {path}" in text


def test_job_ids_and_recipes_complete_in_the_shell(run, spec_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = run("submit", spec_file).stdout.strip()
    environment = {"_STILLHOUSE_COMPLETE": "complete_bash"}

    def complete(words: str) -> str:
        at = str(len(words.split(" ")) - 1)
        return run(env={**environment, "COMP_WORDS": words, "COMP_CWORD": at}, prog_name="stillhouse").stdout

    monkeypatch.setattr(complete_module, "Client", output.Client)
    assert job_id in complete("stillhouse show job-")
    assert "digits/tuned" in complete("stillhouse submit digits/t")
    monkeypatch.undo()
    monkeypatch.setenv("STILLHOUSE_URL", "http://127.0.0.1:9")
    assert complete("stillhouse show job-").strip() == ""
