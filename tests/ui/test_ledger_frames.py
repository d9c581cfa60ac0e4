"""The frames that were sent: which, in boxes until they are there, the one under the pointer larger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui.watch_parts import COLORS, seed

from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.ui.bridge import Bridge
from skiuo_desktop.ui.pages.watch import WatchPage
from skiuo_desktop.ui.widgets.ledger_frames import FrameGrid, sent_times

Until = Callable[[Callable[[], bool]], None]
SENT = {"delivery": "frames", "frames": [{"at_ms": ms} for ms in (0, 500, 1_000, 1_500)], "frame_count": 4, "fps": 2}


@pytest.mark.parametrize(
    ("sent", "times"),
    [
        (SENT, [0, 500, 1_000, 1_500]),
        ({"delivery": "inline", "frame_count": 3, "fps": 0.5}, [0, 2_000, 4_000]),
        ({"delivery": "inline", "frames": [], "frame_count": 2, "fps": 1}, [0, 1_000]),
        ({"delivery": "this device", "frame_count": 3, "fps": 1}, []),
        ({"delivery": "text"}, []),
        ({"delivery": "inline", "frame_count": 3, "fps": 0}, []),
        ({}, []),
    ],
)
def test_the_times_are_those_of_the_ledger(sent: dict[str, Any], times: list[int]) -> None:
    assert sent_times(sent) == times


def test_of_many_frames_sixty_are_shown_from_the_first_to_the_last() -> None:
    times = sent_times({"delivery": "inline", "frame_count": 300, "fps": 20})
    assert len(times) == 60 == len(set(times)) and (times[0], times[-1]) == (0, 14_950)


def test_the_one_under_the_pointer_is_shown_larger(qtbot: QtBot) -> None:
    grid = FrameGrid([0, 500, 1_000])
    qtbot.addWidget(grid)
    grid.resize(110, grid.heightForWidth(110))
    assert (grid.height(), grid.box(2).topLeft()) == (59, QPoint(0, 31))
    grid.show()
    QTest.mouseMove(grid, grid.box(1).center())
    assert grid.enlarged is None, "nothing is there yet"
    pictures = [QImage(320, 180, QImage.Format.Format_RGB32) for _ in range(3)]
    for picture, name in zip(pictures, ("red", "lime", "blue"), strict=True):
        picture.fill(QColor(name))
    grid.set_pictures(pictures)
    assert grid.grab().toImage().pixelColor(grid.box(2).center()) == QColor("blue")
    QTest.mouseMove(grid, grid.box(1).center() + QPoint(1, 1))
    qtbot.waitUntil(lambda: grid.enlarged is not None)
    assert grid.enlarged is not None and (grid.enlarged.width(), grid.enlarged.height()) == (320, 180)
    assert grid.enlarged.grab().toImage().pixelColor(200, 100) == QColor("lime")
    grid.hide()
    assert grid.enlarged is None


@pytest.fixture
def ids(home: Home) -> dict[str, str]:
    """Recordings of which four pictures of each window were sent."""
    made = {}
    with Library.open(home) as library:
        for title, file in (("whole", True), ("gone", False)):
            made[title] = seed(library, home, title, file=file, sent=SENT)
    return made


@pytest.fixture
def page(ids: dict[str, str], bridge: Bridge, qtbot: QtBot) -> Iterator[WatchPage]:
    made = WatchPage(bridge)
    qtbot.addWidget(made)
    made.resize(1_368, 900)
    made.show()
    yield made
    made.player.close()


def colors(grid: FrameGrid | None) -> list[int]:
    """Which of COLORS each of the pictures has."""
    found = []
    for picture in grid.pictures if grid is not None else ():
        at = picture.pixelColor(picture.width() // 2, picture.height() // 2)
        found.append(min(range(len(COLORS)), key=lambda n: sum(abs(a - b) for a, b in zip(COLORS[n], (at.red(), at.green(), at.blue()), strict=True))))
    return found


def test_the_ledger_shows_the_frames_of_its_window(page: WatchPage, ids: dict[str, str], until: Until) -> None:
    page.show_recording(ids["whole"], 1_000)
    until(lambda: len(page.side.narrative.story.track) == 7 and page.player.is_loaded)
    ledger = page.side.ledger
    page.ledger.open_current()
    until(lambda: bool(colors(ledger.frames)))
    assert colors(ledger.frames) == [1, 1, 2, 2]
    page.ledger.step(1)
    page.ledger.step(1)
    until(lambda: ledger.analysis is not None and ledger.analysis.window_index == 2 and bool(colors(ledger.frames)))
    assert colors(ledger.frames) == [2, 2, 3, 3]


def test_without_the_file_there_are_no_boxes(page: WatchPage, ids: dict[str, str], until: Until) -> None:
    page.show_recording(ids["gone"])
    until(lambda: len(page.side.narrative.story.track) == 7)
    page.ledger.open(page.side.narrative.story.track.windows[0].analyses[0].id)
    ledger = page.side.ledger
    until(lambda: ledger.frames is not None and not ledger.frames.isVisible() and page.side.ledger_open)
    assert colors(ledger.frames) == []
