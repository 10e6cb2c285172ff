"""A person in a real browser: submits a job by form and sees its curve."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from tests.factories import small_job, small_sweep
from tests.stack import RunningStack

pytestmark = pytest.mark.stack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser_page(stack: RunningStack) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.fail("the browser tests need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, stack)
        yield page
        browser.close()


def sign_in(page: Page, stack: RunningStack) -> None:
    """Open a sign-in link, as `stillhouse up` prints one."""
    made = httpx.post(f"{stack.url}/api/v1/session/codes", headers=stack.headers).raise_for_status().json()
    page.goto(stack.url + made["path"])
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


@pytest.fixture
def page(browser_page: Page) -> Iterator[Page]:
    """A page on which no script error may happen."""
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # a refused form is no defect: the browser notes every answer of 422
        if message.type == "error" and "422" not in message.text:
            errors.append(message.text)

    browser_page.on("console", on_console)
    browser_page.on("pageerror", lambda error: errors.append(str(error)))
    yield browser_page
    browser_page.remove_listener("console", on_console)
    assert errors == []


def test_a_job_submitted_by_form_runs_and_shows_its_curve(page: Page, stack: RunningStack) -> None:
    page.goto(f"{stack.url}/new")
    page.get_by_label("Name", exact=True).fill("by form")
    page.get_by_label("Steps", exact=True).fill("12")
    page.get_by_label("Batch size").fill("4")
    page.get_by_label(re.compile("^Evaluate every")).fill("4")
    page.get_by_role("button", name="Submit job").click()
    page.wait_for_url(re.compile(r"/jobs/job-[a-z2-7]{10}"))
    expect(page.get_by_role("heading", name="by form")).to_be_visible()
    expect(page.locator(".badge", has_text="succeeded").first).to_be_visible(timeout=180_000)
    curve = page.get_by_role("img", name=re.compile(r"^Average precision in percent: AP \d"))
    expect(curve).to_be_visible(timeout=20_000)
    expect(curve.locator("canvas")).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("step 12")


def test_a_wrong_value_is_explained_at_its_field_and_nothing_typed_is_lost(page: Page, stack: RunningStack) -> None:
    page.goto(f"{stack.url}/new")
    page.get_by_label("Name", exact=True).fill("wrong")
    page.get_by_label(re.compile("^FPN channels")).fill("31")
    page.get_by_role("button", name="Submit job").click()
    expect(page.get_by_text(re.compile("multiple of 8", re.I)).last).to_be_visible()
    expect(page.get_by_label(re.compile("^FPN channels"))).to_have_value("31")
    assert page.url.endswith("/new")


def test_the_table_lists_jobs_and_opens_one(page: Page, stack: RunningStack) -> None:
    with stack.client() as client:
        client.jobs.submit(small_job("in the table", steps=2, distil=False))
    page.goto(stack.url)
    page.get_by_role("link", name="in the table").first.click()
    expect(page.get_by_role("heading", name="in the table")).to_be_visible()


def test_a_sweep_shows_its_trials_and_parallel_coordinates(page: Page, stack: RunningStack) -> None:
    with stack.client() as client:
        sweep = client.sweeps.submit(small_sweep("in the browser", trials=2))
    page.goto(f"{stack.url}/sweeps/{sweep.id}")
    expect(page.locator(".badge", has_text="succeeded").first).to_be_visible(timeout=240_000)
    rows = page.get_by_role("table", name="Trials").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(page.get_by_text("feature_imitation.weight").first).to_be_visible()


def test_the_api_s_reference_shows_and_tries_operations_without_leaving_the_server(
    page: Page, stack: RunningStack
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(stack.url)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="API").click()
    page.get_by_role("link", name="cluster", exact=True).click()
    page.locator("#operations-cluster-getCluster .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    expect(page.get_by_text("Signed in as owner")).to_be_visible()
    assert all(url.startswith((stack.url, "data:", "blob:")) for url in asked), asked
