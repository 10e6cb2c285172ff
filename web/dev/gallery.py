"""Takes the pictures of the documentation: `python web/dev/gallery.py docs/images` (`make screenshots`).

Starts MLflow and the API on a fresh SQLite database, fills it, and visits every page with headless Chromium, light
and dark. Ray is not started, and the pages say so.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import httpx
from gallery_seed import Mlflow, seed
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from benchmarks.alone import layout_in, serving
from service.access.owner import owner_token
from service.db import Database
from service.db.migrate import migrate
from service.demo.data import finish_making_data, provide_teacher, start_making_data
from service.stack.commands import Layout, api, mlflow
from tests.browser import launch, sign_in

DESK = {"width": 1440, "height": 900}
# The pages that look at one thing show the first of its list.
PAGES = ("/", "/jobs", "/compare", "/new", "/sweeps", "/datasets", "/models", "/cluster", "/settings")
LONGEST_PX = 3200
SETTLE_MS = 1500  # what moves comes to rest
READ_WITHIN_MS = 120_000  # the first answer of a sweep waits for an import


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="stillhouse-gallery-") as folder:
        layout = layout_in(Path(folder))
        migrate(layout.environment()["STILLHOUSE_DATABASE_URL"])
        making = start_making_data(layout.data)
        provide_teacher(layout.data)
        finish_making_data(making)
        with serving(mlflow(layout), ready=f"{layout.mlflow_url}/health"):
            asyncio.run(fill(layout))
            with serving(api(layout), ready=f"{layout.url}/healthz"):
                token = owner_token(layout.environment()["STILLHOUSE_DATABASE_URL"], layout.state)
                take(layout.url, token, target)


async def fill(layout: Layout) -> None:
    database = Database(layout.environment()["STILLHOUSE_DATABASE_URL"])
    await seed(database, layout.state / "storage", layout.data, Mlflow(layout.mlflow_url))
    await database.close()


def addresses(base: str, token: str) -> dict[str, str]:
    """Name and address of each picture."""
    with httpx.Client(base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {token}"}, trust_env=False) as http:

        def ids(path: str, key: str = "id") -> list[str]:
            return [item[key] for item in http.get(path).raise_for_status().json()["items"]]

        done = ids("jobs?kind=job&state=succeeded&sort=-ap")
        pages = {"overview" if path == "/" else path[1:]: path for path in PAGES}
        pages["compare"] = f"/compare?jobs={quote(json.dumps(done[:3]))}"
        pages["job"] = f"/jobs/{ids('jobs?kind=job&state=running')[0]}"
        pages["job-diagnostics"] = f"{pages['job']}?tab=diagnostics"
        pages["sweep"] = f"/sweeps/{ids('sweeps?state=running')[0]}"
        pages["dataset"] = f"/datasets/{ids('datasets', 'name')[0]}"
        pages["model"] = f"/models/{ids('models', 'name')[0]}"
        return pages


def take(base: str, token: str, target: Path) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for theme in ("light", "dark"):
            visit(browser, base, token, theme, target)
        browser.close()


def visit(browser: Browser, base: str, token: str, theme: str, target: Path) -> None:
    context = browser.new_context(viewport=DESK, color_scheme=theme)
    sign_in(context, base, token)
    page = context.new_page()
    page.on("console", lambda message: message.type == "error" and print(message.text, file=sys.stderr))
    for name, path in addresses(base, token).items():
        page.goto(base + path)
        page.wait_for_selector("main h1")
        for _ in range(2):  # what has been read may ask for more
            page.wait_for_timeout(SETTLE_MS)
            expect(page.locator(".skeleton")).to_have_count(0, timeout=READ_WITHIN_MS)
        page.wait_for_timeout(SETTLE_MS)
        height = min(LONGEST_PX, page.evaluate("document.documentElement.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": DESK["width"], "height": height}
        picture = Image.open(BytesIO(page.screenshot(full_page=True, clip=clip)))
        # a palette makes the file a third as large, and nobody sees it
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
            target / f"{name}-{theme}.png", optimize=True
        )
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
