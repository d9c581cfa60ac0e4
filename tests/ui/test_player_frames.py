"""Frames of the player become pictures on a thread of their own: right, newest first, one at a time, and none after the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, QThread
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QtVideo, QVideoFrame, QVideoFrameFormat
from pytestqt.qtbot import QtBot
from ui.watch_parts import COLORS, colored_webm

from skiuo_desktop.ui.widgets import player_frames
from skiuo_desktop.ui.widgets.player import Player
from skiuo_desktop.ui.widgets.player_frames import Frames, image_of
from skiuo_desktop.ui.widgets.player_picture import PlayerPicture

Until = Callable[[Callable[[], bool]], None]
I420, NV12 = QVideoFrameFormat.PixelFormat.Format_YUV420P, QVideoFrameFormat.PixelFormat.Format_NV12


def frame(width: int = 64, height: int = 36, pixels: QVideoFrameFormat.PixelFormat = I420, luma: int = 81) -> QVideoFrame:
    """Red of BT.601 on the left half, and `luma` without colour on the right."""
    made = QVideoFrame(QVideoFrameFormat(QSize(width, height), pixels))
    assert made.map(QVideoFrame.MapMode.WriteOnly)
    values = ((81, luma), (90, 128), (240, 128))
    for plane in range(made.planeCount()):
        line, lines = made.bytesPerLine(plane), height if plane == 0 else height // 2
        area = np.frombuffer(made.bits(plane), np.uint8)[: line * lines].reshape(lines, line)
        if plane == 0 or pixels is I420:
            wide = width if plane == 0 else width // 2
            area[:, : wide // 2], area[:, wide // 2 : wide] = values[plane]
        else:
            area[:, 0 : width // 2 : 2], area[:, 1 : width // 2 : 2], area[:, width // 2 : width] = 90, 240, 128
    made.unmap()
    return made


def rgb(image: QImage, x: float, y: float = 0.5) -> tuple[int, int, int]:
    color = image.pixelColor(int(image.width() * x), int(image.height() * y))
    return color.red(), color.green(), color.blue()


@pytest.fixture
def frames(qtbot: QtBot) -> Iterator[Frames]:
    made = Frames()
    yield made
    made.forget()


@pytest.mark.parametrize("pixels", [I420, NV12])
@pytest.mark.parametrize("width", [64, 50], ids=["whole lines", "lines with padding"])
def test_a_frame_has_its_colours_at_every_size(qtbot: QtBot, pixels: QVideoFrameFormat.PixelFormat, width: int) -> None:
    for room, size in (((0, 0), (width, 36)), ((width * 2, 400), (width * 2, 72)), ((width // 2, 400), (width // 2, 18))):
        image = image_of(frame(width, 36, pixels, luma=235), room)
        assert image is not None and (image.width(), image.height()) == size
        assert rgb(image, 0.2) == pytest.approx((255, 0, 0), abs=4)
        assert rgb(image, 0.8) == pytest.approx((255, 255, 255), abs=4)


def test_what_opencv_does_not_convert_is_left_to_qt(qtbot: QtBot) -> None:
    form = QVideoFrameFormat(QSize(64, 36), I420)
    form.setRotation(QtVideo.Rotation.Clockwise90)
    for room, size in (((0, 0), (36, 64)), ((18, 64), (18, 32))):
        turned = image_of(QVideoFrame(form), room)
        assert turned is not None and (turned.width(), turned.height()) == size
    odd = image_of(QVideoFrame(QVideoFrameFormat(QSize(33, 17), QVideoFrameFormat.PixelFormat.Format_BGRA8888)), (66, 99))
    assert odd is not None and (odd.width(), odd.height()) == (66, 34)


def test_pictures_are_made_beside_the_gui_thread_and_arrive_on_it(frames: Frames, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made_on: list[str] = []

    def noting(one: QVideoFrame, room: tuple[int, int]) -> QImage | None:
        made_on.append(threading.current_thread().name)
        return image_of(one, room)

    monkeypatch.setattr(player_frames, "image_of", noting)
    arrived: list[bool] = []
    frames.picture.connect(lambda _image: arrived.append(QThread.currentThread().isMainThread()))
    with qtbot.waitSignal(frames.picture):
        frames.take(frame())
    assert made_on == ["player frames"] and arrived == [True]


def test_the_newest_frame_wins_and_only_one_waits(frames: Frames, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, until: Until) -> None:
    made = threading.Semaphore(0)

    def counting(one: QVideoFrame, room: tuple[int, int]) -> QImage | None:
        image = image_of(one, room)
        made.release()
        return image

    monkeypatch.setattr(player_frames, "image_of", counting)
    arrived: list[QImage] = []
    frames.picture.connect(arrived.append)
    frames.take(frame(luma=16))
    assert made.acquire(timeout=60)
    for luma in (60, 120, 180, 235):  # the GUI thread takes nothing meanwhile
        frames.take(frame(luma=luma))
        assert not made.acquire(timeout=0.05), "made though the one before has not been taken"
    until(lambda: len(arrived) == 2)
    assert rgb(arrived[0], 0.8) == pytest.approx((0, 0, 0), abs=4)
    assert rgb(arrived[1], 0.8) == pytest.approx((255, 255, 255), abs=4), "the newest, not the next"


def test_nothing_comes_of_what_was_forgotten(frames: Frames, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(one: QVideoFrame, room: tuple[int, int]) -> QImage | None:
        begun.set()
        assert go_on.wait(60)
        return image_of(one, room)

    monkeypatch.setattr(player_frames, "image_of", slow)
    arrived: list[QImage] = []
    frames.picture.connect(arrived.append)
    frames.take(frame(luma=16))
    assert begun.wait(60)
    frames.take(frame(luma=60))
    frames.forget()
    go_on.set()
    with qtbot.waitSignal(frames.picture):
        frames.take(frame(luma=235))
    assert len(arrived) == 1 and rgb(arrived[0], 0.8) == pytest.approx((255, 255, 255), abs=4)


def test_a_frame_that_cannot_be_shown_does_not_end_the_others(frames: Frames, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, until: Until) -> None:
    failed: list[bool] = []

    def failing(_frame: QVideoFrame, _room: tuple[int, int]) -> QImage | None:
        failed.append(True)
        raise ValueError("no picture")

    monkeypatch.setattr(player_frames, "image_of", failing)
    frames.take(frame())
    until(lambda: bool(failed))
    monkeypatch.undo()
    with qtbot.waitSignal(frames.picture):
        frames.take(frame())


def test_the_thread_ends_with_the_player(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "colors.webm"
    colored_webm(path, 2)
    before = {t for t in threading.enumerate() if t.name == "player frames"}
    player = Player()
    with qtbot.waitSignal(player.picture_changed, timeout=60_000):
        player.load(str(path), 2_000)
    (thread,) = {t for t in threading.enumerate() if t.name == "player frames"} - before
    player.close()
    with qtbot.waitSignal(player.destroyed):
        player.deleteLater()
    assert not thread.is_alive()


def test_what_was_sought_is_shown_also_in_a_new_size_and_nothing_after_the_file_was_closed(qtbot: QtBot, tmp_path: Path, until: Until) -> None:
    path = tmp_path / "colors.webm"
    colored_webm(path)
    player, picture = Player(), PlayerPicture()
    qtbot.addWidget(picture)
    player.picture_changed.connect(picture.set_picture)
    picture.room_changed.connect(player.set_room)
    picture.resize(480, 480)
    picture.show()

    def shows(second: int, width: int) -> bool:
        image = picture.picture
        return image is not None and image.width() == width and rgb(image, 0.5) == pytest.approx(COLORS[second], abs=40)

    player.load(str(path), 8_000)
    until(lambda: shows(0, 480))
    for ms in (1_500, 6_500, 2_500, 7_500, 3_500):
        player.seek(ms)
    until(lambda: shows(3, 480))
    picture.resize(240, 480)  # it stands: no new frame comes of itself
    until(lambda: shows(3, 240))
    player.seek(5_500)
    player.close()
    picture.clear()
    end = time.monotonic() + 0.5
    qtbot.waitUntil(lambda: picture.picture is not None or time.monotonic() > end)
    assert picture.picture is None


def test_while_dragging_a_seek_waits_for_the_picture_of_the_one_before_but_not_for_long(qtbot: QtBot, tmp_path: Path, until: Until) -> None:
    path = tmp_path / "colors.webm"
    colored_webm(path)
    player = Player()
    with qtbot.waitSignal(player.picture_changed, timeout=60_000):
        player.load(str(path), 8_000)
    sent: list[tuple[int, float]] = []
    player._player.setPosition = lambda ms: sent.append((ms, time.monotonic()))  # no picture will come of it
    for ms in (1_000, 2_000, 3_000):
        player.seek(ms)
    until(lambda: len(sent) == 2)
    assert [ms for ms, _ in sent] == [1_000, 3_000] and player.position == 3_000
    assert sent[1][1] - sent[0][1] > 0.2
    player.seek(4_000)
    player._frame(frame())
    until(lambda: len(sent) == 3)
    assert sent[2][0] == 4_000 and sent[2][1] - sent[1][1] < 0.2
    player.close()
