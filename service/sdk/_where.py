"""Where the server is and with which token to ask it, where the caller says neither."""

from __future__ import annotations

import json
import os
from pathlib import Path

import httpx

DEFAULT_URL = "http://127.0.0.1:8470"
OWNER_TOKEN_FILE = "owner-token"
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def find_url(url: str | None) -> str:
    """The address given, else STILLHOUSE_URL, else that of the embedded stack that runs here, else its usual one."""
    return (url or os.environ.get("STILLHOUSE_URL") or embedded_url() or DEFAULT_URL).rstrip("/")


def find_token(token: str | None, url: str) -> str | None:
    """The token given, else STILLHOUSE_TOKEN, else the owner's where `url` is the embedded stack that runs here."""
    given = token or os.environ.get("STILLHOUSE_TOKEN")
    if given:
        return given.strip()
    embedded = embedded_url()
    if embedded is None or not _same_server(url, embedded):
        return None  # nobody else is shown the owner's token
    try:
        return (state_folder() / OWNER_TOKEN_FILE).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None  # another user's stack, or one without tokens


def _same_server(one: str, other: str) -> bool:
    here, there = httpx.URL(one), httpx.URL(other)
    same_host = here.host == there.host or {here.host, there.host} <= _THIS_MACHINE
    return same_host and (here.scheme, here.port) == (there.scheme, there.port)


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
