"""The pages about the client say what is true: one is written from the code, the other's examples run."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.cli import reference
from service.db import Database
from service.jobs.lifecycle import JobState
from service.jobs.repository import JobRepository
from service.jobs.transitions import transition
from service.settings import Settings

ROOT = Path(__file__).parents[3]


def test_the_page_about_the_command_line_is_fresh() -> None:
    assert reference.TARGET.read_text(encoding="utf-8") == reference.render(), "run: make openapi"


def examples(page: Path) -> list[tuple[int, str]]:
    """The Python of a page with the line at which it begins."""
    text = page.read_text(encoding="utf-8")
    found = re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, match.start(1)), match[1]) for match in found]


@pytest.fixture
def every_job_succeeds(settings: Settings) -> Iterator[None]:
    """Stands in for cluster and reconciler: a job that is queued has soon succeeded."""
    over = threading.Event()

    async def work() -> None:
        database = Database(settings.database_url)
        while not over.is_set():
            await asyncio.sleep(0.05)
            async with database.writing() as session:
                jobs = JobRepository(session)
                for job in await jobs.in_states([JobState.QUEUED]):
                    if job.name != "another":
                        job.metrics = {"val/AP": 43.5}
                        for state in (JobState.STARTING, JobState.RUNNING, JobState.SUCCEEDED):
                            await transition(jobs, job, state, cause="test", actor="test")
        await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.usefixtures("every_job_succeeds")
def test_the_examples_of_the_page_about_python_run(
    url: str, owner: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STILLHOUSE_URL", url)
    monkeypatch.setenv("STILLHOUSE_TOKEN", owner["Authorization"].removeprefix("Bearer "))
    page = ROOT / "docs" / "sdk.md"
    names: dict[str, object] = {}
    for line, code in examples(page):
        exec(compile("\n" * line + code, str(page), "exec"), names)
    said = capsys.readouterr().out
    assert "succeeded 43.5" in said
    assert "training.num_steps 0 a whole number from 1" in said
    assert "succeeded succeeded succeeded" in said
    names["client"].close()  # type: ignore[attr-defined]
