"""Where the server is and with which token to ask it, where the caller says neither."""

from __future__ import annotations

import json
import os
from pathlib import Path

DEFAULT_URL = "http://127.0.0.1:8470"


def find_url(url: str | None) -> str:
    """The address given, else STILLHOUSE_URL, else that of the embedded stack that runs here, else its usual one."""
    return (url or os.environ.get("STILLHOUSE_URL") or embedded_url() or DEFAULT_URL).rstrip("/")


def embedded_url() -> str | None:
    """The address of the embedded stack on this user's state folder, while it runs."""
    try:
        record = json.loads((state_folder() / "stack.json").read_text(encoding="utf-8"))
        os.kill(int(record["pid"]), 0)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no stack, or one that was killed and left its record behind
    return str(record["url"])


def state_folder() -> Path:
    return Path(os.environ.get("STILLHOUSE_STATE") or "~/.stillhouse").expanduser()
