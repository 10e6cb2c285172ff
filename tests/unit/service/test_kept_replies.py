"""Replies about sweeps that are over come from memory, and never from before a change."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from service.jobs.models import JobRow
from service.sweeps.kept_replies import KeptReplies

AT = datetime(2026, 1, 1, tzinfo=UTC)


def a_sweep(name: str = "sweep-aaaaaaaaaa", *, state: str = "succeeded", at: datetime = AT) -> JobRow:
    return JobRow(id=name, state=state, updated_at=at)


class Asked:
    """Counts how often it had to answer."""

    def __init__(self, kept: KeptReplies) -> None:
        self._kept = kept
        self.count = 0

    def __call__(self, sweep: JobRow, question: str = "answers", said: bytes = b"0123") -> bytes:
        async def answer() -> bytes:
            self.count += 1
            return said

        return asyncio.run(self._kept.reply(sweep, question, answer))


def test_a_sweep_that_is_over_is_read_once() -> None:
    ask = Asked(KeptReplies())
    assert [ask(a_sweep()), ask(a_sweep(), said=b"other")] == [b"0123", b"0123"]
    assert ask.count == 1
    ask(a_sweep(), "trials")
    assert ask.count == 2


def test_a_sweep_that_runs_or_has_changed_is_read_anew() -> None:
    ask = Asked(KeptReplies())
    for _ in range(2):
        ask(a_sweep(state="running"))
    assert ask.count == 2
    ask(a_sweep())
    assert ask(a_sweep(at=AT + timedelta(seconds=1)), said=b"new") == b"new"


def test_what_was_asked_least_recently_makes_room() -> None:
    ask = Asked(KeptReplies(max_bytes=8))
    for name in ("sweep-a", "sweep-b", "sweep-a", "sweep-c"):
        ask(a_sweep(name))
    assert ask.count == 3
    ask(a_sweep("sweep-a"))
    assert ask.count == 3
    ask(a_sweep("sweep-b"))
    assert ask.count == 4


def test_a_reply_that_is_too_large_is_not_kept() -> None:
    ask = Asked(KeptReplies(max_bytes=3))
    for _ in range(2):
        ask(a_sweep())
    assert ask.count == 2
