"""What a person does with the dashboard from the first data set to a promoted student, on the real stack."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.factories import PFI_WEIGHT, small_job
from tests.stack import PATIENCE_S, RunningStack, wait_for

pytestmark = pytest.mark.stack
SWEEP_URL = re.compile(r"/sweeps/(sweep-[a-z2-7]{10})")
JOB_URL = re.compile(r"/jobs/(job-[a-z2-7]{10})")


def state_of(page: Page, state: str) -> Locator:
    return page.locator(".page-title .badge", has_text=state)


def test_the_digit_scenes_are_registered_checked_and_shown(page: Page, stack: RunningStack) -> None:
    page.goto(f"{stack.url}/datasets")
    page.get_by_role("button", name="Register a data set").first.click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill("digits")
    for title, split in (("Training", "train"), ("Validation", "val")):
        group = form.get_by_role("group", name=title)
        group.get_by_label("Folder of images").fill(f"digit-scenes/{split}")
        group.get_by_label("Annotations").fill(f"digit-scenes/annotations/{split}.json")
    form.get_by_role("button", name="Register and check").click()
    page.wait_for_url(re.compile("/datasets/digits"))
    expect(state_of(page, "ready")).to_be_visible(timeout=PATIENCE_S * 1000)
    samples = page.locator(".samples img")
    expect(samples.first).to_be_visible()
    assert samples.first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.get_by_role("list", name="Boxes of each class").get_by_role("listitem")).to_have_count(10)


def test_a_job_is_submitted_by_form_watched_cancelled_and_cloned_with_an_edit(page: Page, stack: RunningStack) -> None:
    page.goto(f"{stack.url}/new")
    page.get_by_label("Name", exact=True).fill("by form")
    page.get_by_label("Steps", exact=True).fill("5000")
    page.get_by_label("Batch size").fill("4")
    page.get_by_label(re.compile("^Evaluate every")).fill("4")
    page.get_by_role("button", name="Submit job").click()
    page.wait_for_url(JOB_URL)
    expect(page.get_by_role("heading", name="by form")).to_be_visible()

    # the curve comes and moves without a click
    expect(state_of(page, "running")).to_be_visible(timeout=PATIENCE_S * 1000)
    curve = page.get_by_role("img", name=re.compile(r"^Average precision in percent: AP \d"))
    expect(curve).to_be_visible(timeout=PATIENCE_S * 1000)
    expect(curve.locator("canvas")).to_be_visible()
    progress = page.get_by_role("progressbar", name="Progress of by form")
    before = int(progress.get_attribute("aria-valuenow") or 0)
    expect(page.get_by_role("log")).to_contain_text(re.compile(r"step \d"))
    expect(progress).not_to_have_attribute("aria-valuenow", str(before), timeout=PATIENCE_S * 1000)
    assert int(progress.get_attribute("aria-valuenow") or 0) > before

    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel this job").click()
    expect(state_of(page, "cancelled")).to_be_visible(timeout=PATIENCE_S * 1000)

    page.get_by_role("link", name="Clone").click()
    page.get_by_label("Name", exact=True).fill("by clone")
    page.get_by_label("Steps", exact=True).fill("12")
    page.get_by_role("button", name="Submit job").click()
    expect(page.get_by_role("heading", name="by clone")).to_be_visible()
    expect(state_of(page, "succeeded")).to_be_visible(timeout=PATIENCE_S * 1000)
    expect(page.get_by_role("log")).to_contain_text("step 12")
    with stack.client() as client:
        found = JOB_URL.search(page.url)
        assert found is not None
        assert client.jobs.get(found[1]).spec.training.num_steps == 12


def test_two_jobs_are_chosen_and_compared(page: Page, stack: RunningStack) -> None:
    with stack.client() as client:
        names = ["plain", "distilled"]
        made = [client.jobs.submit(small_job(name, steps=2, distil=name == "distilled")).id for name in names]
        for job in made:
            wait_for(client, job, "succeeded")
    page.goto(f"{stack.url}/jobs?text=")
    for name in names:
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).first.check()
    page.get_by_role("toolbar", name="With the chosen jobs").get_by_role("link", name="Compare 2").click()
    table = page.get_by_role("table", name="The jobs in numbers")
    for name in names:
        expect(table.get_by_role("row", name=name)).to_contain_text("succeeded")
    expect(page.get_by_role("img", name=re.compile("^AP in percent"))).to_be_visible()
    expect(page.get_by_text("distillation").first).to_be_visible()
    assert all(job in unquote(page.url) for job in made)


def test_a_student_is_downloaded_and_promoted(page: Page, stack: RunningStack, tmp_path: Path) -> None:
    with stack.client() as client:
        job = client.jobs.submit(small_job("to be promoted", steps=2)).id
        wait_for(client, job, "succeeded")
    page.goto(f"{stack.url}/jobs/{job}")
    page.get_by_role("tab", name="Files and lineage").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"student\.safetensors")).click()
    download.value.save_as(tmp_path / "student.safetensors")
    assert (tmp_path / "student.safetensors").stat().st_size > 10_000
    page.get_by_label("Alias").fill("champion")
    page.get_by_label("Note").fill("by a person")
    promote = page.get_by_role("button", name="Promote", exact=True)
    model = page.get_by_role("status").filter(has_text="has the alias champion").get_by_role("link")
    for _ in range(30):  # the student is registered shortly after its job has ended
        promote.click()
        refused = page.get_by_role("alert")
        expect(model.or_(refused).first).to_be_visible(timeout=30_000)
        if model.is_visible():
            break
        page.wait_for_timeout(1_000)
    model.click()
    expect(page.get_by_role("list", name="Aliases")).to_contain_text("champion")


def test_a_sweep_is_sent_by_form_runs_and_its_trials_are_narrowed_by_a_brush(page: Page, stack: RunningStack) -> None:
    page.goto(f"{stack.url}/new")
    page.get_by_label("Name", exact=True).fill("in the browser")
    page.get_by_role("radio", name="Sweep").click()
    page.get_by_label("Steps", exact=True).fill("12")
    page.get_by_label("Batch size").fill("4")
    page.get_by_label(re.compile("^Evaluate every")).fill("6")
    page.get_by_label("Learn from a teacher").check()
    page.get_by_label("Add a dimension").select_option(PFI_WEIGHT)
    dimension = page.get_by_role("group", name=f"Dimension {PFI_WEIGHT}")
    dimension.get_by_label("Low").fill("0.1")
    dimension.get_by_label("High").fill("10000")
    page.get_by_label("Trials", exact=True).fill("2")
    page.get_by_label("Train a baseline without distillation").uncheck()
    page.get_by_label("Finalists", exact=True).fill("0")
    expect(page.get_by_text("Checked: the server would take it")).to_be_visible()
    page.get_by_role("button", name="Submit sweep").click()
    page.wait_for_url(SWEEP_URL)
    expect(state_of(page, "succeeded")).to_be_visible(timeout=PATIENCE_S * 1000)
    rows = page.get_by_role("table", name="Trials", exact=True).get_by_role("row")
    expect(rows).to_have_count(3)
    axis = page.get_by_role("slider", name=re.compile("feature_imitation.weight"))
    sweep = SWEEP_URL.search(page.url)
    assert sweep is not None
    with stack.client() as client:
        trials = client.sweeps.trials(sweep[1]).items
    weights = sorted(float(str(trial.parameters[PFI_WEIGHT])) for trial in trials)
    assert weights[0] < weights[1]
    axis.scroll_into_view_if_needed()
    box = axis.bounding_box()
    assert box is not None
    top, bottom = box["y"] + 6, box["y"] + box["height"] - 6
    # drag from the lower end to between the two trials, on the logarithmic axis from 0.1 to 10,000
    share = page.evaluate("([a, b]) => (Math.log10(Math.sqrt(a * b)) + 1) / 5", weights)
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, bottom)
    page.mouse.down()
    page.mouse.move(middle, bottom - share * (bottom - top), steps=5)
    page.mouse.up()
    expect(rows).to_have_count(2)
    assert "brush" in page.url
    page.reload()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Clear brush").click()
    expect(rows).to_have_count(3)
