"""Reading server-sent events."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from service.sdk._sse import EventDecoder, ServerEvent

STREAM = (
    ": a comment\n\n"
    "id: 1\nevent: state\ndata: {\"text\": \"a\u2028b\x0bé\"}\n\n"
    "retry: 1500\n\n"
    "data: two\r\ndata:lines\r\n\r\n"
    "id: 3\rdata: old\r\r"
    "event: nothing\n\n"
    "data: half"
).encode()  # fmt: skip
EVENTS = [
    ServerEvent("1", "state", '{"text": "a\u2028b\x0bé"}'),
    ServerEvent("1", "message", "two\nlines"),
    ServerEvent("3", "message", "old"),
]


def test_a_stream_is_read_as_the_standard_says() -> None:
    decoder = EventDecoder()
    assert list(decoder.feed(STREAM)) == EVENTS
    assert decoder.retry_s == 1.5


@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_it_does_not_matter_how_a_stream_is_cut(cuts: list[int]) -> None:
    decoder = EventDecoder()
    edges = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in itertools.pairwise(edges)]
    assert [event for piece in pieces for event in decoder.feed(piece)] == EVENTS
