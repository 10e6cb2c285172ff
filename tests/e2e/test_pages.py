"""Every page: what axe finds wrong about its accessibility, light and dark, and on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from service.sdk import Client
from tests.factories import SPLITS, small_job, small_sweep
from tests.stack import ROOT, RunningStack, wait_for

pytestmark = pytest.mark.stack
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ("/", "/jobs", "/compare", "/new", "/sweeps", "/datasets", "/models", "/cluster", "/settings")
SETTINGS_TABS = ("projects", "webhooks", "audit")
SWEEP_PLOTS = ("slices", "timeline")
JOB_TABS = ("curves", "diagnostics", "spec", "files", "history")
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def addresses(stack: RunningStack) -> Iterator[Mapping[str, str]]:
    """Every page with something on it."""
    with stack.client() as client:
        job, sweep = _ended(client, "job"), _ended(client, "sweep")
        model = client.models.list().items[0].name
        datasets = client.datasets.list().items or [_a_dataset(client)]
        pages = {path: path for path in PAGES}
        pages |= {f"job, {tab}": f"/jobs/{job}?tab={tab}" for tab in JOB_TABS}
        pages |= {f"settings, {tab}": f"/settings?tab={tab}" for tab in SETTINGS_TABS}
        pages |= {f"sweep, {plot}": f"/sweeps/{sweep}?plot={plot}" for plot in SWEEP_PLOTS}
        pages |= {"sign-in": "/signin", "sweep": f"/sweeps/{sweep}", "compare": f'/compare?jobs=["{job}"]'}
        pages |= {"dataset": f"/datasets/{datasets[0].name}", "model": f"/models/{model}"}
        yield pages | {"unknown": "/nowhere", "clone": f"/new?clone={sweep}"}


def _ended(client: Client, kind: Literal["job", "sweep"]) -> str:
    found = client.jobs.list(kind=kind, state=["succeeded"], limit=1).items
    if found:
        return found[0].id
    made = client.jobs.submit(small_job(steps=2)) if kind == "job" else client.sweeps.submit(small_sweep(trials=2))
    return wait_for(client, made.id, "succeeded").id


def _a_dataset(client: Client) -> Any:
    return client.datasets.register({"name": "digits", **SPLITS})


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_axe_finds_nothing_on_any_page(
    look: str, page: Page, stack: RunningStack, addresses: Mapping[str, str], tmp_path: Path
) -> None:
    found: list[str] = []
    with _looking(page, look):
        for name, path in addresses.items():
            page.goto(stack.url + path)
            expect(page.locator("main h1").first).to_be_visible()
            expect(page.locator(".skeleton")).to_have_count(0, timeout=60_000)
            page.screenshot(path=tmp_path / f"{name.replace('/', '_')}.png", full_page=True)
            found += [f"{name}: {words}" for words in _axe(page)]
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found += [f"{name}: the page is {wide} px wider than the window"] if wide > 0 else []
    assert found == [], "\n".join(found)


# Where it is, the button that opens it, and the title of the dialog.
DIALOGS = (
    ("/datasets", "Register a data set", "Register a data set"),
    ("/models", "Register a model", "Register a model"),
    ("/settings", "New token", "New token"),
    ("/settings?tab=projects", "New project", "New project"),
    ("/settings?tab=webhooks", "New webhook", "New webhook"),
)


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_axe_finds_nothing_on_any_dialog_and_the_keyboard_opens_and_closes_them(
    look: str, page: Page, stack: RunningStack
) -> None:
    found: list[str] = []
    with _looking(page, look):
        for path, opener, title in DIALOGS:
            page.goto(stack.url + path)
            button = page.get_by_role("button", name=opener).first
            button.focus()
            page.keyboard.press("Enter")
            dialog = page.get_by_role("dialog", name=title)
            expect(dialog).to_be_visible()
            found += [f"{title}: {words}" for words in _axe(page)]
            page.keyboard.press("Escape")
            expect(dialog).to_be_hidden()
            expect(button).to_be_focused()
    assert found == [], "\n".join(found)


@contextmanager
def _looking(page: Page, look: str) -> Iterator[None]:
    size = page.viewport_size
    assert size is not None
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    page.set_viewport_size(PHONE if look == "phone" else size)
    try:
        yield
    finally:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    rules = {"runOnly": {"type": "tag", "values": TAGS}}
    violations: list[dict[str, Any]] = page.evaluate("rules => axe.run(rules).then(r => r.violations)", rules)
    return [
        f"{rule['id']} ({rule['help']}) at {node['target']}: {node['failureSummary']}"
        for rule in violations
        for node in rule["nodes"][:3]
    ]
