"""Every command on the pages exists, with its options; those that need no cluster are run.

What is run: every `--dry-run`, and `submit`, `sweep`, `list`, `show`, `clone`, `change`, `answers`, `trials`,
`compare`, `projects`, `tokens`, `datasets` and lists of models (without their `--wait`), each page in its order
against a service without a cluster, with the files that it shows in place.

What is parsed here alone: everything that waits for a cluster (`--watch`, `watch`, `logs --follow`, `export`), which
tests/integration/test_docs_commands.py runs, what starts one (`up`, `demo`, `make`), and what belongs to docker, helm
and kubectl, of which targets, profiles, services, modules, options, charts and values are looked up. `crash-short` and
the stack are run by other tests of `make test`, backup and restore by tests/unit/service/test_backup.py, `helm lint`
by tests/unit/deploy, the compose file's commands by tests/cluster, and with docker by `make images`.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.unit.docs.commands import PAGES, ROOT, Shown, check, files_of, parse_stillhouse, shown_on
from workers.spec import JobSpec, SweepSpec

COMMANDS = [command for page in PAGES for command in shown_on(page)]
RUN = {
    *("submit", "sweep", "list", "show", "clone", "change", "answers", "trials", "compare"),
    *("datasets register", "datasets show", "datasets list", "models list", "models show"),
    *("projects list", "projects set", "projects show", "tokens list", "tokens create", "tokens me"),
}
# Files that a reader has; the pages say so.
OF_THE_READER = {
    "student.safetensors": "recipes/digits/teacher.safetensors",
    "teacher.safetensors": "recipes/digits/teacher.safetensors",
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a reader has: the repository's recipes, and own files."""
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "recipes").symlink_to(ROOT / "recipes")
    for name, source in OF_THE_READER.items():
        shutil.copyfile(ROOT / source, folder / name)
    monkeypatch.chdir(folder)
    return folder


def test_pages_show_commands_at_all() -> None:
    assert len(COMMANDS) > 150
    assert {"stillhouse", "make", "python", "docker", "helm"} <= {command.words[0] for command in COMMANDS}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_exists_with_its_options(page: Path, place: Path) -> None:
    for name, text in files_of(page).items():
        (place / name).write_text(text)
    wrong = []
    for command in shown_on(page):
        try:
            check(command)
        except AssertionError as error:
            wrong.append(f"{command}\n    {error}")
    assert wrong == []


@pytest.mark.parametrize("words", ["stillhouse nonsense", "stillhouse list --nonsense", "make nonsense", "rm -rf /"])
def test_a_command_that_does_not_exist_is_noticed(words: str) -> None:
    with pytest.raises(AssertionError):
        check(Shown(ROOT / "README.md", tuple(words.split())))


SPECS = [(page, name) for page in PAGES for name in files_of(page) if name.endswith(".yaml")]


@pytest.mark.parametrize(("page", "name"), SPECS, ids=lambda part: getattr(part, "name", part))
def test_every_spec_on_a_page_is_valid(page: Path, name: str) -> None:
    document = yaml.safe_load(files_of(page)[name])
    if document.get("kind") in ("job", "sweep"):
        {"job": JobSpec, "sweep": SweepSpec}[document["kind"]].model_validate(document)


def may_run(command: Shown) -> bool:
    if command.words[0] != "stillhouse":
        return False
    path, parameters = parse_stillhouse(command.words[1:])
    if parameters.get("dry_run"):
        return True
    needs_data = any(name in command.words for name in ("distil.yaml", "parts.yaml", "student.yaml", "fast.yaml"))
    return " ".join(path) in RUN and not needs_data and not parameters.get("watch")


def as_run(words: tuple[str, ...], job: str, sweep: str) -> list[str]:
    """Without waiting for a cluster, and with ids that are there in the place of those that pages make up."""
    kept = [word for word in words if word != "--wait"]
    return [re.sub(r"^sweep-\w{10}$", sweep, re.sub(r"^job-\w{10}$", job, word)) for word in kept]


@pytest.mark.parametrize(
    "page",
    [
        page
        for page in PAGES
        if page.name != "cli.md" and any(command.words[0] == "stillhouse" for command in shown_on(page))
    ],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_the_commands_of_a_page_run(page: Path, place: Path, run) -> None:
    for name, text in files_of(page).items():
        (place / name).write_text(text)
    job = run("submit", "digits/tuned").stdout.strip()
    sweep = run("sweep", "digits/sweep").stdout.strip()
    assert job.startswith("job-")
    assert sweep.startswith("sweep-")
    for command in shown_on(page):
        if may_run(command):
            done = run(*as_run(command.words[1:], job, sweep))
            assert done.exit_code == 0, f"{command}\n{done.stdout}{done.stderr}"
