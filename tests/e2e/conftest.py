"""A signed-in page in headless Chromium, on which no script may fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, expect, sync_playwright

from tests.browser import launch
from tests.stack import RunningStack

expect.set_options(timeout=60_000)  # a machine that runs other tests may be slow to draw


# Not for the whole session: Playwright runs an event loop in this thread, beside which no other can run.
@pytest.fixture(scope="module")
def browser_page(stack: RunningStack) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(120_000)
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
    """Fails the test where the page wrote an error to the console or left one uncaught."""
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # a refused form is no defect: the browser notes every answer of 422
        if message.type == "error" and not re.search(r"\b422\b", message.text):
            errors.append(f"{message.text} ({message.location['url']})")

    def on_error(error: Error) -> None:
        errors.append(str(error))

    browser_page.on("console", on_console)
    browser_page.on("pageerror", on_error)
    yield browser_page
    browser_page.remove_listener("console", on_console)
    browser_page.remove_listener("pageerror", on_error)
    assert errors == []
