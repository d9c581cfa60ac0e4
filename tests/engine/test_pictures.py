"""Small pictures of a window: those shown at the times asked for, in their order, while the library answers others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from ui.watch_parts import COLORS, colored_webm, seed

from skiuo_desktop.engine import pictures as room
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.errors import NotFoundError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Span


def second_of(data: bytes) -> int:
    """Which of COLORS a picture has."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    blue, green, red = (int(v) for v in picture[picture.shape[0] // 2, picture.shape[1] // 2])
    return min(range(len(COLORS)), key=lambda n: sum(abs(a - b) for a, b in zip(COLORS[n], (red, green, blue), strict=True)))


@pytest.fixture
def engine(home: Home) -> Iterator[Engine]:
    engine = Engine(home)
    engine.start(analyse=False)
    yield engine
    engine.stop()


def test_the_pictures_are_those_of_the_times_in_the_order_asked(tmp_path: Path) -> None:
    path = tmp_path / "colors.webm"
    colored_webm(path)
    made = room.pictures(path, Span(2_000, 6_000), [3_500, 0, 1_999, 2_000, 99_000, 1_999], 100)
    assert [second_of(data) for data in made] == [5, 2, 3, 4, 5, 3]
    picture = cv2.imdecode(np.frombuffer(made[0], np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (56, 100, 3)
    assert cv2.imdecode(np.frombuffer(room.pictures(path, Span(0, 1_000), [0], 5_000)[0], np.uint8), cv2.IMREAD_COLOR).shape == (180, 320, 3)
    assert room.pictures(path, Span(0, 1_000), [], 100) == []


def test_the_engine_gives_those_of_a_window_and_says_what_is_not_there(engine: Engine, home: Home) -> None:
    with Library.open(home) as library:
        whole = seed(library, home, "Whole", analysed=False)
        gone = seed(library, home, "Gone", analysed=False, file=False)
    assert [second_of(data) for data in engine.pictures(whole, 3, [0, 1_500], 160).result(60)] == [3, 4]
    for recording_id, window in ((gone, 0), (whole, 99), ("20200101-000000-nobody", 0)):
        with pytest.raises(NotFoundError):
            engine.pictures(recording_id, window, [0], 160).result(60)
    with pytest.raises(ValueError, match="61 pictures"):
        engine.pictures(whole, 0, range(61), 160)


def test_only_the_newest_request_waits(engine: Engine, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(home) as library:
        whole = seed(library, home, "Whole", analysed=False)
    begun, go_on = threading.Event(), threading.Event()

    def slow(_path: Path, _span: Span, times_ms: tuple[int, ...], _width: int) -> list[bytes]:
        begun.set()
        assert go_on.wait(60)
        return [str(time).encode() for time in times_ms]

    monkeypatch.setattr(room, "pictures", slow)
    first = engine.pictures(whole, 0, [1], 160)
    assert begun.wait(60)
    try:
        second, third = engine.pictures(whole, 0, [2], 160), engine.pictures(whole, 0, [3], 160)
        assert second.cancelled() and engine.recording(whole).result(60).title == "Whole", "readers of the library do not wait"
    finally:
        go_on.set()
    assert (first.result(60), third.result(60)) == ([b"1"], [b"3"])
