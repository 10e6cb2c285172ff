"""`python -m tests.drills.log_readers URL JOB COUNT REPORT`: that many readers of the live log of a job, until its end.

They look at the position of every piece, and the first of them at every line. The token is in STILLHOUSE_TOKEN.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.drills.odd_worker import LINE_BYTES, line

_PIECE = re.compile(rb'"attempt":(\d+),"offset":(\d+),"next_offset":(\d+),"text":')
_FLOODED = re.compile(rf"^(\d{{12}}) [a-j]{{{LINE_BYTES - 14}}}$", re.MULTILINE)
_NOTICE_BYTES = 1000  # a piece that tells of what was dropped is not longer


@dataclass
class Reader:
    """One connection after the other, each going on where the one before ended."""

    number: int
    position: str = ""
    offset: int = 0
    dropped_bytes: int = 0
    num_connections: int = 0
    num_lines: int = 0
    next_line: int = 0
    ended_at: float = 0.0
    wrong: list[str] = field(default_factory=list)
    rest: str = ""

    async def run(self, url: str, job_id: str, token: str) -> None:
        while not self.ended_at:
            self.num_connections += 1
            try:
                await self._connect(url, job_id, token)
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.5)

    async def _connect(self, url: str, job_id: str, token: str) -> None:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**20)
        after = f"Last-Event-ID: {self.position}\r\n" if self.position else ""
        writer.write(
            f"GET /api/v1/jobs/{job_id}/logs/stream HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"Authorization: Bearer {token}\r\n{after}\r\n".encode()
        )
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise OSError(head.decode())
            waiting = b""
            while size := int(await reader.readuntil(b"\r\n"), 16):
                waiting += (await reader.readexactly(size + 2))[:-2]
                *events, waiting = waiting.split(b"\n\n")
                for event in events:
                    self._take(event)
        finally:
            writer.close()

    def _take(self, event: bytes) -> None:
        if event.startswith(b"event: end") or b"\nevent: end" in event[:100]:
            self.ended_at = time.time()
        found = _PIECE.search(event, 0, 200)
        if found is None:
            return
        self.position = event[4 : event.index(b"\n")].decode()
        offset, following = int(found[2]), int(found[3])
        if offset != self.offset:
            self.wrong.append(f"reader {self.number} got byte {offset} after byte {self.offset}")
        self.offset = following
        if len(event) < _NOTICE_BYTES and b"bytes of this log were dropped" in event:
            self.dropped_bytes += following - offset
            self.next_line, self.rest = -1, ""
        elif self.number == 0:
            self._look_at_lines(json.loads(event[event.index(b"data: ") + 6 :])["text"])

    def _look_at_lines(self, text: str) -> None:
        """Of the flood none may be missing, but where that was told."""
        text = self.rest + text
        whole = text.rfind("\n") + 1
        self.rest = text[whole:]
        for found in _FLOODED.finditer(text, 0, whole):
            number = int(found[1])
            if self.next_line not in (-1, number):
                self.wrong.append(f"line {number} came after line {self.next_line - 1}")
            self.next_line = number + 1
            self.num_lines += 1


async def read(url: str, job_id: str, count: int) -> list[Reader]:
    assert _FLOODED.match(line(7).decode()), "these would not know the flood's lines"
    readers = [Reader(number) for number in range(count)]
    await asyncio.gather(*(reader.run(url, job_id, os.environ["STILLHOUSE_TOKEN"]) for reader in readers))
    return readers


if __name__ == "__main__":
    done = asyncio.run(read(sys.argv[1], sys.argv[2], int(sys.argv[3])))
    Path(sys.argv[4]).write_text(json.dumps([asdict(reader) for reader in done]))
