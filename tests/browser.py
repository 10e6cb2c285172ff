"""Headless Chromium, and how it signs in."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, BrowserContext, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    """Start the machine's Chromium. Raises FileNotFoundError where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise FileNotFoundError("no Chromium was found, and the dashboard needs one here: apt-get install chromium")
    return playwright.chromium.launch(executable_path=found, args=ARGUMENTS)


def sign_in(context: BrowserContext, url: str, token: str) -> None:
    """Give all pages of a context a session, as the sign-in form does."""
    signed = context.request.post(f"{url}/api/v1/session", data={"token": token}, headers={"X-Stillhouse": "1"})
    assert signed.ok, signed.text()
