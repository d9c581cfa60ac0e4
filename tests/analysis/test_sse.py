"""Server-sent events, however they are cut and whatever stands between them."""

from __future__ import annotations

import random

import pytest

from skiuo_desktop.analysis.sse import MOST_EVENT_BYTES, SseParser

# A line separator of Unicode (2028, 2029, 85) ends no line here.
TEXT = (
    'data: {"a": "x\u2028y\u2029z\u0085w 焊接 🙂"}\n\ndata:{"b": 1}\n\n: a comment\n\nevent: error\nid: 3\nretry: 10\ndata: one\ndata: two\n\ndata: [DONE]\n\n'
)
EVENTS = ['{"a": "x\u2028y\u2029z\u0085w 焊接 🙂"}', '{"b": 1}', "one\ntwo", "[DONE]"]


def parse(pieces: list[bytes]) -> tuple[list[str], bytes]:
    parser = SseParser()
    found = [event for piece in pieces for event in parser.feed(piece)]
    return found + list(parser.end()), bytes(parser.stray)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("seed", range(20))
def test_any_line_end_and_any_split_give_the_same_events(end: str, seed: int) -> None:
    data = TEXT.replace("\n", end).encode()
    chance = random.Random(seed)
    cuts = sorted(chance.randrange(len(data)) for _ in range(chance.randrange(1, 60)))
    pieces = [data[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    assert parse(pieces) == (EVENTS, b"")
    assert parse([bytes([byte]) for byte in data]) == (EVENTS, b"")


def test_each_event_comes_as_soon_as_it_is_whole() -> None:
    parser = SseParser()
    assert list(parser.feed(b"data: 1\n")) == []
    assert list(parser.feed(b"\ndata: 2\n\n")) == ["1", "2"]
    assert list(parser.feed(b"data: 3\r\n\r")) == ["3"]
    assert list(parser.feed(b"\ndata: 4\r\r")) == ["4"]


def test_a_last_event_without_its_empty_line_counts() -> None:
    assert parse([b"data: 1\n\ndata: 2\n"]) == (["1", "2"], b"")
    assert parse([b"data: 1\n\ndata: 2"]) == (["1", "2"], b"")


def test_what_is_no_event_is_kept_aside() -> None:
    found, stray = parse([b'{"error": {"message":\n "no"}}\n'])
    assert found == []
    assert stray == b'{"error": {"message":\n "no"}}\n'
    assert parse([b'data: 1\n\n{"error": 1}']) == (["1"], b'{"error": 1}\n')


def test_a_byte_order_mark_in_front_does_not_hide_the_first_event() -> None:
    assert parse([b"\xef\xbb", b"\xbfdata: 1\n\n"]) == (["1"], b"")


def test_an_event_without_end_is_given_up() -> None:
    parser = SseParser()
    with pytest.raises(ValueError, match="without end"):
        for _ in range(MOST_EVENT_BYTES // (1 << 20) + 1):
            list(parser.feed(b"data: " + b"x" * (1 << 20)))
    parser = SseParser()
    with pytest.raises(ValueError, match="without end"):
        for _ in range(MOST_EVENT_BYTES // (1 << 20) + 1):
            list(parser.feed(b"data: " + b"x" * (1 << 20) + b"\n"))


def test_bytes_that_are_no_utf8_do_not_end_the_answer() -> None:
    assert parse([b"data: a\xffb\n\n"])[0] == ["a\ufffdb"]
