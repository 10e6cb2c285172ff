"""Single things about pages, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import small_job
from tests.stack import RunningStack

pytestmark = pytest.mark.stack


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
