"""How fast the dashboard is with 10,000 jobs, a sweep of 1,000 trials and one of 200 trials with 3,000 points each.

MLflow and one API process on SQLite serve headless Chromium on the same machine. Each page is loaded several times in
one browser; its largest contentful paint is taken, and the moment at which what the page is about can be seen.

    python -m benchmarks.dashboard [--jobs 10000] [--loads 7] [--report FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.alone import layout_in, serving
from benchmarks.api_seed import seed, seed_mlflow
from benchmarks.machine import conditions
from benchmarks.sweep_seed import seed_sweep
from service.access.owner import owner_token
from service.db import Database
from service.db.migrate import migrate
from service.stack.commands import Layout, api, mlflow
from tests.browser import launch, sign_in

RESULTS = Path(__file__).parent / "results" / "dashboard.md"
PAGE_GOAL_MS, CURVES_GOAL_MS, SCRIPT_GOAL_KB, FRAME_GOAL_MS = 1500, 2000, 400, 50
NUM_RUNS = 4
MANY_TRIALS, LONG_TRIALS, LONG_POINTS = 1000, 200, 3000
SETTLE_MS = 1500
SCROLL_S = 5
PAINT = """() => new Promise(resolve => new PerformanceObserver(
    list => resolve(list.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true}))"""
SCRIPTS = """() => performance.getEntriesByType('resource')
    .filter(one => one.name.endsWith('.js')).reduce((sum, one) => sum + one.encodedBodySize, 0)"""
# Scrolls by 400 px a frame, as a fast wheel does, and gives the milliseconds between frames.
SCROLL = """([selector, seconds]) => new Promise(resolve => {
    const box = document.querySelector(selector), times = []
    let last = performance.now(), end = last + 1000 * seconds, step = 400
    const frame = now => {
        times.push(now - last); last = now
        if (box.scrollTop + box.clientHeight >= box.scrollHeight - 2) step = -400
        if (box.scrollTop <= 0) step = 400
        box.scrollTop += step
        now < end ? requestAnimationFrame(frame) : resolve(times.slice(1))
    }
    requestAnimationFrame(frame)
})"""
CURVES = "role=img[name=/^Learning curves of 200 trials/] >> canvas"


@dataclass(frozen=True)
class Target:
    """A page, and what has to be seen of it."""

    path: str
    shows: str


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the dashboard.")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--loads", type=int, default=7)
    parser.add_argument("--report", type=Path, default=RESULTS, help="where the figures are written")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stillhouse-benchmark-") as folder:
        layout = layout_in(Path(folder))
        url = layout.environment()["STILLHOUSE_DATABASE_URL"]
        migrate(url)
        with serving(mlflow(layout), ready=f"{layout.mlflow_url}/health"):
            runs = seed_mlflow(layout.mlflow_url, NUM_RUNS)
            jobs, sweeps = asyncio.run(fill(layout, url, given.jobs, runs))
            with serving(api(layout), ready=f"{layout.url}/healthz"):
                report = measure(layout, owner_token(url, layout.state), jobs, sweeps, given.jobs, given.loads)
    given.report.write_text(report, encoding="utf-8")
    print(report)


async def fill(layout: Layout, url: str, num_jobs: int, runs: list[str]) -> tuple[list[str], list[str]]:
    """Returns jobs with runs, and the two sweeps."""
    jobs = await seed(url, layout.state / "storage", num_jobs, runs=runs)
    database = Database(url)
    sweeps = [
        await seed_sweep(database, "many trials", MANY_TRIALS, 20),
        await seed_sweep(database, "long curves", LONG_TRIALS, LONG_POINTS),
    ]
    await database.close()
    return jobs, sweeps


def targets(jobs: Sequence[str], sweeps: Sequence[str]) -> dict[str, Target]:
    """What each page is about is there when its selector finds something."""
    return {
        "Overview": Target("/", "main .card li, main .card tr"),
        "Jobs": Target("/jobs", ".jobs-table tbody a"),
        "Job": Target(f"/jobs/{jobs[0]}", "role=img[name=/^Average precision/] >> canvas"),
        "Compare": Target(f"/compare?jobs={quote(str(list(jobs[:3])).replace(chr(39), chr(34)))}", "main canvas"),
        "New job": Target("/new", "main form .cm-line"),
        "Sweeps": Target("/sweeps", "main table tbody a"),
        "Sweep, 1,000 trials": Target(f"/sweeps/{sweeps[0]}", "table[aria-label=Trials] tbody td"),
        "Data sets": Target("/datasets", "main h1"),
        "Models": Target("/models", "main h1"),
        "Cluster": Target("/cluster", "main .card"),
        "Settings": Target("/settings", "main .card"),
    }


def measure(layout: Layout, token: str, jobs: Sequence[str], sweeps: Sequence[str], num_jobs: int, loads: int) -> str:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        sign_in(context, layout.url, token)
        script_kb = _first_load(context, layout.url) / 1000
        page = context.new_page()
        pages = {
            name: [_load(page, layout.url, target) for _ in range(loads)]
            for name, target in targets(jobs, sweeps).items()
        }
        curves = [_curves(page, f"{layout.url}/sweeps/{sweeps[1]}") for _ in range(loads)]
        frames = {
            "Jobs": _scroll(page, f"{layout.url}/jobs", ".table-wrap.virtual"),
            "Trials": _scroll(page, f"{layout.url}/sweeps/{sweeps[0]}", "[aria-label='Trials, scrollable']"),
        }
        browser.close()
    return render(num_jobs, loads, pages, curves, frames, script_kb)


def _first_load(context: BrowserContext, url: str) -> float:
    page = context.new_page()
    page.goto(url)
    page.wait_for_timeout(SETTLE_MS)
    size = float(page.evaluate(SCRIPTS))
    page.close()
    return size


def _load(page: Page, url: str, target: Target) -> tuple[float, float]:
    """Milliseconds from the navigation to the largest paint, and until what the page is about is there."""
    page.goto("about:blank")
    page.goto(url + target.path, wait_until="commit")
    page.wait_for_selector(target.shows)
    shown = float(page.evaluate("performance.now()"))
    page.wait_for_timeout(SETTLE_MS)
    return float(page.evaluate(PAINT)), shown


def _curves(page: Page, address: str) -> float:
    """Milliseconds from the choice of the learning curves, another plot being shown, until they are painted."""
    page.goto(f"{address}?plot=timeline")
    page.wait_for_selector("role=img[name=/^Timeline/] >> canvas")
    page.wait_for_timeout(SETTLE_MS)
    began = float(page.evaluate("performance.now()"))
    page.get_by_role("radio", name="Learning curves").click()
    page.wait_for_selector(CURVES)
    painted = page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
    )
    return float(painted) - began


def _scroll(page: Page, address: str, selector: str) -> list[float]:
    page.goto(address)
    page.wait_for_selector("main table tbody a, main table tbody td")
    page.wait_for_timeout(SETTLE_MS)
    times: list[float] = page.evaluate(SCROLL, [selector, SCROLL_S])
    return times


def render(
    num_jobs: int,
    loads: int,
    pages: Mapping[str, Sequence[tuple[float, float]]],
    curves: Sequence[float],
    frames: Mapping[str, Sequence[float]],
    script_kb: float,
) -> str:
    lines = [
        "# The dashboard",
        "",
        *conditions(),
        f"- {num_jobs:,} jobs, a sweep of {MANY_TRIALS:,} trials, one of {LONG_TRIALS} trials with {LONG_POINTS:,} "
        f"points each; headless Chromium without a GPU on the servers' own two cores; medians of {loads} loads. "
        "Written by `python -m benchmarks.dashboard`.",
        "",
        f"| page | largest contentful paint (goal < {PAGE_GOAL_MS} ms) | content there (goal < {PAGE_GOAL_MS} ms) |",
        "| --- | --- | --- |",
    ]
    for name, times in pages.items():
        paint, shown = (statistics.median(column) for column in zip(*times, strict=True))
        lines.append(f"| {name} | {paint:.0f} ms | {shown:.0f} ms |")
    lines += [
        "",
        f"- {LONG_TRIALS * LONG_POINTS:,} points of {LONG_TRIALS} trials, from the click to the painted curves: median "
        f"{statistics.median(curves):.0f} ms (goal < {CURVES_GOAL_MS} ms).",
        *(_scroll_words(name, times) for name, times in frames.items()),
        f"- Script of the first load, compressed: {script_kb:.0f} kB (goal < {SCRIPT_GOAL_KB} kB).",
    ]
    return "\n".join(lines) + "\n"


def _scroll_words(name: str, times: Sequence[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return (
        f"- Scrolling {name.lower()} by 400 px a frame for {SCROLL_S} s: median frame "
        f"{statistics.median(times):.0f} ms, "
        f"p95 {p95:.0f} ms (goal < {FRAME_GOAL_MS} ms), longest {max(times):.0f} ms."
    )


if __name__ == "__main__":
    main()
