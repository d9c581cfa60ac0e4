"""Beside the player: what a budget has kept for later is offered, and told apart from what nobody was asked about."""

from __future__ import annotations

from datetime import UTC, datetime

from pytestqt.qtbot import QtBot
from ui.test_narrative import window

from skiuo_desktop.model import Recording, RecordingState, WindowState
from skiuo_desktop.ui.pages.watch_view import WatchView

S = WindowState


def filled(qtbot: QtBot, *reasons: str) -> WatchView:
    made = WatchView()
    qtbot.addWidget(made)
    made.resize(1_368, 900)
    windows = [window(i, S.SKIPPED, reason=reason) if reason else window(i) for i, reason in enumerate(reasons)]
    at = datetime(2025, 11, 24, tzinfo=UTC)
    made.fill(Recording("r", "d", "Kit", "/x.webm", "camera:0", "Desk", at, RecordingState.FINISHED, 15_000, 10_000, windows=tuple(windows)), 60_000)
    made.show()
    return made


def test_what_a_budget_kept_is_offered(qtbot: QtBot) -> None:
    made = filled(qtbot, "", "budget", "budget", "not_asked")
    assert made.side.banner.words == "A budget has kept 2 windows for later."
    asked: list[str] = []
    made.side.analyse_kept.connect(lambda: asked.append("kept"))
    made.side.analyse_all.connect(lambda: asked.append("all"))
    made.side.banner.pressed.emit()
    assert asked == ["kept"]


def test_what_nobody_was_asked_about_is_offered_as_a_whole(qtbot: QtBot) -> None:
    made = filled(qtbot, "not_asked", "not_asked")
    assert made.side.banner.words == "Nobody has described this recording."
    asked: list[str] = []
    made.side.analyse_all.connect(lambda: asked.append("all"))
    made.side.banner.pressed.emit()
    assert asked == ["all"]
