"""Text in pictures, read by the real OCR models."""

from __future__ import annotations

import importlib.machinery
import socket
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from analysis.drawn_clips import screen

from skiuo_desktop.analysis import reading
from skiuo_desktop.analysis.reading import Reader
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind

CODE = [
    "import difflib",
    "from pathlib import Path",
    "def main(args: list[str]) -> int:",
    "pytest: 3 failed, 42 passed",
    "$ git push origin main",
    "焊接温度 350 °C，请注意安全",
    "今天的会议在下午三点开始",
]


class Counted(Reader):
    """Counts how often the models run."""

    found = 0
    recognised = 0

    def _find(self, picture: Any, grey: Any) -> Any:
        self.found += 1
        return super()._find(picture, grey)

    def _recognise(self, picture: Any, corners: Any, box: Any) -> Any:
        self.recognised += 1
        return super()._recognise(picture, corners, box)


@pytest.fixture(scope="module")
def engine() -> Any:
    return Reader()._engine


@pytest.fixture
def reader(engine: Any) -> Counted:
    counted = Counted()
    counted.__dict__["_engine"] = engine  # loading it takes a second
    return counted


@pytest.mark.parametrize(("width", "height", "size"), [(1280, 720, 16), (1280, 720, 28), (1920, 1080, 18), (640, 360, 14)])
def test_code_and_chinese_on_a_screen_are_read(reader: Counted, width: int, height: int, size: int) -> None:
    text = "\n".join(line.text for line in reader.read(screen(*CODE, width=width, height=height, size=size)) if line.sure)
    for word in ("import difflib", "3 failed, 42 passed", "git push origin main", "焊接", "请注意安全", "今天的会议在下午三点开始"):
        assert word in text, text


def test_lines_come_in_the_order_of_reading(reader: Counted) -> None:
    words = ["difflib", "pathlib", "main", "failed", "push", "焊接", "会议"]
    lines = [line.text for line in reader.read(screen(*CODE))]
    rows = [next(number for number, line in enumerate(lines) if word in line) for word in words]
    assert rows == sorted(rows)


@pytest.mark.parametrize("size", [11, 14, 20])
def test_a_few_small_words_on_an_empty_screen_are_read(reader: Counted, size: int) -> None:
    page = screen("exit code 0", width=1280, height=720, size=size)
    assert [line.text for line in reader.read(page)] == ["exit code 0"]
    page[400:700, 900:1240] = screen("焊接完成", width=340, height=300, size=size)
    assert [line.text for line in reader.read(page)] == ["exit code 0", "焊接完成"]


def test_words_inside_a_frame_are_read_once(reader: Counted) -> None:
    page = np.zeros((720, 1280, 3), np.uint8)
    page[90:630, 160:1120] = screen(*CODE)
    expected = [line.text for line in reader.read(page)]
    reader._seen.clear()
    cv2.rectangle(page, (8, 8), (1270, 710), (200, 200, 200), 2)
    assert [line.text for line in reader.read(page)] == expected


def test_the_cursor_at_the_end_of_a_line_is_no_text(reader: Counted) -> None:
    page = screen("$ git push", size=30)
    cv2.rectangle(page, (225, 50), (242, 82), (220, 220, 220), -1)
    assert [line.text for line in reader.read(page)] == ["$ git push"]


def test_text_that_stands_tall_or_askew_is_read(reader: Counted) -> None:
    page = screen("Soldering the keyboard kit", width=900, height=300, size=40, dark=False)
    turn = cv2.getRotationMatrix2D((450, 150), 8, 1)
    askew = cv2.warpAffine(page, turn, (900, 300), borderValue=(248, 251, 251))
    for picture in (askew, np.ascontiguousarray(np.rot90(page, -1))):
        assert any("keyboard" in line.text for line in reader.read(picture))


@pytest.mark.parametrize(
    "picture", [np.zeros((720, 1280, 3), np.uint8), np.random.default_rng(1).integers(0, 255, (360, 640, 3), np.uint8), np.zeros((2, 2, 3), np.uint8)]
)
def test_nothing_is_read_where_nothing_stands(reader: Counted, picture: Any) -> None:
    assert [line for line in reader.read(picture) if line.sure] == []


def test_a_still_screen_is_read_once(reader: Counted) -> None:
    page = screen(*CODE)
    first = reader.read(page)
    recompressed = cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 92])[1], cv2.IMREAD_COLOR)
    assert reader.read(recompressed) == first
    assert reader.found == 1


def test_only_the_line_that_changed_is_read_again(reader: Counted) -> None:
    reader.read(screen(*CODE))
    before = reader.recognised
    changed = [line.replace("3 failed, 42", "1 failed, 44") for line in CODE]
    texts = [line.text for line in reader.read(screen(*changed))]
    assert "pytest: 1 failed, 44 passed" in texts
    assert not any("3 failed" in text for text in texts)
    assert reader.recognised == before + 1


def test_one_letter_that_changed_is_seen(reader: Counted) -> None:
    reader.read(screen("exit code 0", size=16))
    assert [line.text for line in reader.read(screen("exit code 8", size=16))] == ["exit code 8"]


def test_missing_models_are_a_failure_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spec = importlib.machinery.ModuleSpec("rapidocr", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(reading, "find_spec", lambda _: spec)
    with pytest.raises(AnalysisError, match="Install Skiuo again") as caught:
        Reader().read(screen(*CODE))
    assert caught.value.failure.kind is FailureKind.MODEL_MISSING


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the reader asked for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert any("failed" in line.text for line in Reader().read(screen(*CODE)))
