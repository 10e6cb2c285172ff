"""What was said of sweeps that are over, kept in memory: reading and judging a thousand trials takes half a second."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from service.jobs.lifecycle import FINAL
from service.jobs.models import JobRow
from service.kept import Kept

MAX_BYTES = 64 * 2**20


class KeptReplies:
    """Whole replies of one API process; those least recently asked for go first."""

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._replies = Kept[tuple[str, datetime, str], bytes](max_bytes)

    async def reply(self, sweep: JobRow, question: str, answer: Callable[[], Awaitable[bytes]]) -> bytes:
        """What `answer` gives; from memory where the sweep is over and has not changed since it was asked.

        A sweep that is taken up again and ends again has changed, and so is read anew.
        """
        if sweep.state not in FINAL:
            return await answer()
        return await self._replies.get((sweep.id, sweep.updated_at, question), answer)
