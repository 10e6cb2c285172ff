"""schemathesis over the real application: every check, from examples to stateful sequences of calls.

STILLHOUSE_FUZZ_EXAMPLES sets how many examples each operation gets, and STILLHOUSE_FUZZ_SECONDS how long it may take.
The long form:

    STILLHOUSE_FUZZ_EXAMPLES=100 STILLHOUSE_FUZZ_SECONDS=7200 pytest tests/contract/test_openapi_fuzz.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from service.db import Database
from service.reconciler.lease import Lease
from service.settings import Settings
from service.streams import logic, logs
from tests.contract import fuzz_hooks
from tests.unit.service.conftest import *  # noqa: F403 - the application with fakes of MLflow and Ray, on a port
from tests.unit.service.factories import SPLITS, job_spec, sweep_spec
from tests.unit.service.fake_mlflow import FakeMlflow
from tests.unit.service.test_jobs_api import add_attempt, put
from tests.unit.service.test_sweep_answers import a_trial
from workers.spec import JobFolder

# Two threads that parse source at once break CPython 3.11 now and then: "AST constructor recursion depth mismatch".
NUM_WORKERS = "1" if sys.version_info < (3, 12) else "2"
EXAMPLES = int(os.environ.get("STILLHOUSE_FUZZ_EXAMPLES", "2"))
SECONDS = float(os.environ.get("STILLHOUSE_FUZZ_SECONDS", "600"))
IS_LONG = EXAMPLES >= 10


@pytest.fixture
async def ids(
    url: str, owner: dict[str, str], settings: Settings, database: Database, mlflow: FakeMlflow
) -> dict[str, str]:
    """One of each thing that operations work on, with all that attempts would have left; returns their ids."""
    bodies = {
        "jobs": job_spec(),
        "sweeps": sweep_spec(),
        "datasets": {"name": "digits", **SPLITS},
        "models": {"name": "digits", "weights": {"path": "teachers/digits.safetensors"}},
        "webhooks": {"url": "https://example.com/"},
    }
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", headers=owner, timeout=60) as http:
        made = {kind: (await http.post(f"/{kind}", json=body)).raise_for_status() for kind, body in bodies.items()}
        me = (await http.get("/me")).json()
    job, sweep, webhook = (made[kind].json()["id"] for kind in ("jobs", "sweeps", "webhooks"))
    mlflow.runs["r1"] = {"val/AP": [(step, float(step)) for step in range(100)]}
    mlflow.files["r1"] = {"student.safetensors": b"weights"}
    await put(database, job, mlflow_run_id="r1")
    await add_attempt(database, job)
    log = JobFolder(settings.storage, job).log(1)
    log.parent.mkdir(parents=True)
    log.write_text("step 10/800 loss 1.93\n" * 100)
    async with database.writing() as session:
        session.add(a_trial(1, 43.5, job_id=sweep, mlflow_run_id="r1"))
    await Lease(database, duration_s=1e6).acquire()  # as a reconciler would, for longer than the test
    return {"job_id": job, "sweep_id": sweep, "webhook_id": webhook, "token_id": me["token_id"]}


@pytest.fixture
def schemathesis(
    url: str, owner: dict[str, str], ids: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    for module in (logic, logs):
        monkeypatch.setattr(module, "LONGEST_S", 0.0)  # a stream opens, says what it has, and ends
    rules = tmp_path / "schemathesis.toml"
    program = Path(sys.executable).with_name("schemathesis")
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": fuzz_hooks.__file__, "STILLHOUSE_FUZZ_TOKEN": ids["token_id"]}

    def run(settings: str, *options: str, **variables: str) -> None:
        rules.write_text((RULES + settings).format(**ids))
        command = [
            *(str(program), "--config-file", str(rules), "run", f"{url}/api/v1/openapi.json"),
            *("--header", f"Authorization: {owner['Authorization']}", "--request-timeout", "20"),
            *("--checks", "all", "--generation-deterministic", "--suppress-health-check", "all", "--no-color"),
            *options,
        ]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-40_000:] + done.stderr[-2_000:]

    return run


def test_no_request_breaks_what_the_description_promises(schemathesis: Callable[..., None], database_kind: str) -> None:
    # the short form asks all there is of the stricter database alone
    names = "examples,coverage,fuzzing" if IS_LONG or database_kind == "postgresql" else "examples,fuzzing"
    phases = ("--phases", names, "--mode", "all")
    rules = ONE_OF_EACH if IS_LONG else ONE_OF_EACH + WITHOUT_THE_LARGEST
    schemathesis(rules, *phases, "--max-examples", str(EXAMPLES), "--workers", NUM_WORKERS)


def test_no_sequence_of_requests_breaks_what_the_description_promises(schemathesis: Callable[..., None]) -> None:
    phases = ("--phases", "stateful", "--mode", "positive", "--max-examples", str(20 * EXAMPLES))
    schemathesis("", *phases, STILLHOUSE_FUZZ_WITH_EXAMPLES="1")


# Rules that no schema can tell are refused with 422: a cursor that nobody gave out, a search space that does not fit.
RULES = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "412", "422"]
"""
# Without these hardly any request would find what it is about.
ONE_OF_EACH = """
[parameters]
"path.job_id" = "{job_id}"
"path.sweep_id" = "{sweep_id}"
"path.webhook_id" = "{webhook_id}"
"path.number" = 1
"""
# Two thirds of all cases are about these two bodies. tests/unit/service/test_random_specs.py asks the same of them
# within seconds: what the document does not allow is refused, and nothing makes the API fail.
WITHOUT_THE_LARGEST = """
[[operations]]
include-operation-id = ["submitJob", "submitSweep"]
phases.coverage.enabled = false
"""
