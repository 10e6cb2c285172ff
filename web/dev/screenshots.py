"""Takes pictures of every page: `python web/dev/screenshots.py http://127.0.0.1:8080 docs/images`.

Shows the newest job and the newest sweep there are, light and dark, on a desk and on a phone.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


def pages(base: str) -> dict[str, str]:
    """Name and address of each page; of a kind without a job there is none."""
    found = {"jobs": "/", "new": "/new"}
    for kind, folder in (("job", "jobs"), ("sweep", "sweeps")):
        with urllib.request.urlopen(f"{base}/api/v1/jobs?kind={kind}&limit=50") as reply:
            items = [item for item in json.load(reply)["items"] if item["state"] in ("running", "succeeded")]
        if items:
            found[kind] = f"/{folder}/{items[0]['id']}"
    return found


def take(browser: Browser, base: str, folder: Path) -> None:
    for theme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            page = context.new_page()
            page.on("console", lambda message: print(message.type, message.text, file=sys.stderr))
            for name, path in pages(base).items():
                page.goto(base + path)
                page.wait_for_timeout(2000)
                page.screenshot(path=folder / f"{name}-{theme}-{size}.png", full_page=True)
            context.close()


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        take(playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS), sys.argv[1].rstrip("/"), target)
