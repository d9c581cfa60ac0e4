"""How fast objects leave."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from backend.store_parts import KEY, content
from support.proxy import Proxy
from support.services import Store, wait_until

from skiuo_desktop.backend import throttle
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.backend.throttle import FREE_PIECE, MOST_FREE_PIECE, PIECE, Limiter, Paced
from skiuo_desktop.errors import Cancelled


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.longest = 0.0
        monkeypatch.setattr(throttle.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(throttle.time, "sleep", self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        self.longest = max(self.longest, seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.parametrize("rate", [1000, 50_000, 3_000_000])
def test_bytes_take_the_time_that_the_limit_says(clock: Clock, rate: int) -> None:
    body, begun = bytes(rate * 4), clock.now
    sizes = [len(piece) for piece in Paced(body, Limiter(lambda: rate))]
    assert sum(sizes) == len(body)
    assert max(sizes) <= PIECE
    assert clock.now - begun == pytest.approx(4.0, abs=0.6)
    assert clock.longest <= 0.05


def test_without_a_limit_nothing_waits(clock: Clock) -> None:
    begun = clock.now
    assert b"".join(Paced(bytes(5_000_000), Limiter())) == bytes(5_000_000)
    assert clock.now == begun


def test_a_fast_line_gets_larger_pieces_and_a_slow_one_does_not(clock: Clock) -> None:
    sizes = []
    for piece in Paced(bytes(20 << 20), Limiter()):
        sizes.append(len(piece))
        if sum(sizes) > 10 << 20:
            clock.now += 0.5  # it has become slow
    assert sizes[:5] == [FREE_PIECE, 2 * FREE_PIECE, MOST_FREE_PIECE, MOST_FREE_PIECE, MOST_FREE_PIECE]
    assert set(sizes[-20:-1]) == {FREE_PIECE}
    assert sum(sizes) == 20 << 20


def test_a_changed_limit_counts_at_once(clock: Clock) -> None:
    rate = [1000]
    body = Paced(bytes(1_000_000), Limiter(lambda: rate[0]))
    begun, pieces = clock.now, iter(body)
    for _ in range(4):
        next(pieces)
    assert body.sent <= 3000
    rate[0] = 1_000_000
    rest = sum(len(piece) for piece in pieces)
    assert rest > 990_000
    assert clock.now - begun < 5
    # A limit that is lifted while a debt is left.
    rate[0] = 10
    limiter = Limiter(lambda: rate[0])
    limiter.take(1_000_000)
    rate[0] = 0
    begun = clock.now
    limiter.take(1)
    assert clock.now == begun


def test_a_limit_is_shared(clock: Clock) -> None:
    limiter, begun = Limiter(lambda: 10_000), clock.now
    bodies = [iter(Paced(bytes(20_000), limiter)) for _ in range(2)]
    for pieces in zip(*bodies, strict=True):
        assert len(pieces) == 2
    assert clock.now - begun == pytest.approx(4.0, abs=0.6)


def test_a_stop_ends_the_wait(clock: Clock) -> None:
    limiter, begun = Limiter(lambda: 10), clock.now
    limiter.take(1000)
    with pytest.raises(Cancelled):
        limiter.take(1000, lambda: clock.now > begun + 1)
    assert clock.now < begun + 2


def test_an_upload_keeps_to_the_limit_until_it_changes(object_server: Store, object_wire: Proxy, opened: Callable[..., ObjectStore]) -> None:
    """On a real wire: what the limit allows is all that leaves, and a lifted limit lets the rest go without a new request."""
    rate = [100_000]
    store = opened(object_server, "", Limiter(lambda: rate[0]), endpoint=object_wire.endpoint)
    data, seen = content(3_000_000), list[int]()
    thread = threading.Thread(target=lambda: store.put(KEY, data, "video/webm", {}, on_progress=seen.append))
    begun = time.monotonic()
    thread.start()
    wait_until(lambda: bool(seen) and seen[-1] > 50_000, "something has left")
    left, took = object_wire.sent, time.monotonic() - begun
    assert left <= took * 100_000 + 3 * PIECE + 5_000
    requests = object_wire.requests
    rate[0] = 0
    thread.join(60)
    assert not thread.is_alive()
    assert seen[-1] == len(data)
    assert object_wire.requests == requests
    assert store.read(KEY) == data
