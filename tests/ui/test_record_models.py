"""Models on the Record page: the list, what an hour costs, who is not asked, what leaves the computer, what was spent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from skiuo_desktop.home import resource
from skiuo_desktop.model import FREE, OFFLINE, BudgetStep, FailureKind, ModelConfig, ModelHealth, ModelInfo, Price, Spending, Tier, WindowState
from skiuo_desktop.ui.pages.record_checks import Setup, checks, intro
from skiuo_desktop.ui.pages.record_foot import RecordFoot, spent
from skiuo_desktop.ui.pages.record_models import ModelField
from skiuo_desktop.ui.pages.record_stage import RecordStage
from skiuo_desktop.ui.pages.record_state import RecordState
from skiuo_desktop.ui.pages.record_told import Teller
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import model_words as words
from skiuo_desktop.ui.widgets.narrative import NarrativeView
from skiuo_desktop.ui.widgets.picker_rows import ChoiceRow

DOLLARS, YUAN = Price((Tier(0.4, 1.6),)), Price((Tier(2.0, 8.0),), "CNY")


def info(
    name: str, *, active: bool = False, health: ModelHealth | None = None, fallback: int | None = None, key: str = "keyring", **config: object
) -> ModelInfo:
    values: dict[str, object] = {"provider": "openai", "base_url": f"https://{name}.example/v1", "price": DOLLARS}
    per_hour = config.pop("per_hour", 0.36)
    window_s, server = config.pop("window_s", 6.8), config.pop("server", name.title())
    made = ModelConfig(name, **{**values, **config})  # type: ignore[arg-type]
    return ModelInfo(made, active, fallback, health or ModelHealth(name), window_s, per_hour, key, str(server), made.base_url)  # type: ignore[arg-type]


CLOUD = info("qwen", active=True, per_hour=1.43, server="Alibaba Cloud (Singapore)", probe={"at": "2025-11-24T09:00:00+00:00", "deliveries": ["frames"]})
CHEAP = info("gemini", fallback=1, server="Google", probe={"deliveries": ["inline"]})
LOCAL = info("local", base_url="http://127.0.0.1:11434/v1", price=FREE, per_hour=0.0, window_s=11.4, server="Ollama here")
MEASURER = ModelInfo(ModelConfig(OFFLINE, OFFLINE, price=FREE), False, None, ModelHealth(OFFLINE), 0.4, 0.0, "none", "")
ALL = [CLOUD, CHEAP, LOCAL, MEASURER]


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[ModelField]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(500, 600)
    made = ModelField(host)
    made.setGeometry(20, 10, 380, 32)
    made.set_models(ALL, 10_000)
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    yield made
    made.close_list()


def rows(field: ModelField) -> list[ChoiceRow]:
    return [row for row in field._rows.findChildren(ChoiceRow) if not row.isHidden()]


def test_each_row_says_where_how_fast_and_what_an_hour_costs(field: ModelField) -> None:
    said = [(c.title, c.detail, c.right, c.icon, c.warn) for c in field.choices]
    assert said == [
        ("qwen", "Alibaba Cloud · 6.8\u00a0s a window", "$1.43/h", "cloud", False),
        ("gemini", "Google · 6.8\u00a0s a window · stands in", "$0.36/h", "cloud", False),
        ("local", "Ollama here · 11.4\u00a0s a window, falls behind", "free", "cpu", False),
        ("Offline measurer", "Text, motion, scenes, light, speech", "free", "wave-sine", False),
    ]
    assert (field._title, field._detail) == ("qwen", "$1.43 an hour")
    field.set_models([info("odd", active=True, per_hour=None, price=None)], 10_000)
    assert field.choices[0].right == field._detail == "price not known"


def test_a_press_takes_one_alone_and_a_press_on_its_box_takes_several(field: ModelField, qtbot: QtBot) -> None:
    wanted: list[tuple[str, ...]] = []
    field.wanted.connect(wanted.append)
    field.open_list()
    box = rows(field)[3]
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 18, 24))
    assert wanted == [("qwen", OFFLINE)] and field.is_open, "several can be taken without opening it again"
    assert [row._chosen for row in rows(field)] == [True, False, False, True], "the open list shows it"
    assert field.checked == {"qwen", OFFLINE} and field._title == "qwen and 1 more"
    row = rows(field)[1]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(60, 24))
    assert wanted[-1] == ("gemini",) and not field.is_open


def test_the_keyboard_reaches_all_of_it(field: ModelField, qtbot: QtBot) -> None:
    wanted: list[tuple[str, ...]] = []
    left: list[bool] = []
    field.wanted.connect(wanted.append)
    field.settings_wanted.connect(lambda: left.append(True))
    field.open_list()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert wanted == [("qwen", "gemini")]
    focus = QApplication.focusWidget()
    assert isinstance(focus, ChoiceRow) and focus.choice.value == "gemini", "the focus stays where it was"
    qtbot.keyClick(focus, Qt.Key.Key_Space)
    assert wanted[-1] == ("qwen",)
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert left == [True] and not field.is_open


def test_the_last_check_can_be_taken_away(field: ModelField) -> None:
    field._toggle("qwen")
    assert field.value == "" and field._title == "No model"


def test_who_is_not_asked_says_why_and_until_when(field: ModelField) -> None:
    until = datetime.now(UTC) + timedelta(minutes=3)
    clock = f"{until.astimezone():%H:%M}"
    busy = info("qwen", active=True, health=ModelHealth("qwen", "paused", until, FailureKind.OVERLOADED))
    refused = info("peer", health=ModelHealth("peer", "stopped", None, FailureKind.KEY))
    field.set_models([busy, refused, info("new", key="missing")], 10_000)
    assert [(c.detail, c.warn) for c in field.choices] == [
        (f"Busy: asked again at {clock}", True),
        ("Key refused: needs you", True),
        ("The key is missing", True),
    ]
    assert field._detail == f"paused until {clock}" and field._warn
    line = next(c for c in checks(RecordState(), Setup(models=(busy,))) if "not asked" in c.title)
    assert line.sign == "warn" and clock in line.detail


def test_prices_of_two_currencies_are_not_added_up() -> None:
    assert words.total([CLOUD, CHEAP, LOCAL]) == "$1.79"
    assert words.total([CLOUD, info("y", price=YUAN, per_hour=2.0)]) == "$1.43 + ¥2.00"
    assert words.total([CLOUD, info("y", price=None, per_hour=None)]) == ""
    assert words.per_hour([LOCAL, MEASURER]) == "free"


# ---------------------------------------------------------------------- before a recording


def titles(*models: ModelInfo, spending: Spending | None = None) -> dict[str, str]:
    return {check.title: check.detail for check in checks(RecordState(), Setup(models=models, spending=spending))}


def test_what_leaves_is_said_for_each_receiver() -> None:
    leaves = "What leaves this computer"
    assert titles(CLOUD)[leaves] == (
        "Picture frames of each window, no sound, and the text so far, to Alibaba Cloud (Singapore). Choose the offline measurer to send nothing."
    )
    both = titles(CLOUD, CHEAP)[leaves]
    assert "to Alibaba Cloud (Singapore)." in both and "The video of each window, no sound, and the text so far, to Google." in both
    assert titles(LOCAL, MEASURER)[leaves].startswith("Nothing.")
    assert titles()[leaves].startswith("Nothing.")
    assert "or frames of it" in titles(info("new"))[leaves], "before a test nobody knows which"


@pytest.mark.parametrize(("url", "here"), [("http://localhost:1/v1", True), ("http://[::1]:1/v1", True), ("http://192.168.1.9/v1", False), ("", False)])
def test_only_this_computer_is_here(url: str, here: bool) -> None:
    asked = ModelInfo(ModelConfig("m", "openai"), False, address=url)
    assert words.is_here(asked) is here and words.icon(asked) == ("cpu" if here else "cloud")


def test_only_a_clip_as_it_was_recorded_carries_its_sound() -> None:
    def sent(provider: str, delivery: str = "inline", **fields: Any) -> str:
        return words.gets(ModelConfig("m", provider, delivery=delivery, **fields))

    assert sent("gemini") == sent("gemini", "files") == "The video of each window with its sound, and the text so far"
    assert sent("qwen") == "The video of each window, no sound, and the text so far"
    assert sent("gemini", options={"fps": 1}) == sent("gemini", probe={"video_format": "mp4"}) == sent("qwen"), "an MP4 is made without"
    assert "with its sound, or frames" in sent("gemini", "auto") and "no sound" in sent("qwen", "auto")


def test_what_an_hour_costs_and_how_long_the_budget_lasts() -> None:
    plenty = Spending("USD", 0.0, 1.0, 6.0, 0.0, 0.0, 20.0)
    assert titles(CHEAP, spending=plenty)["About $0.36 an hour with gemini"] == "This month’s budget lasts 38\u00a0h\u00a053\u00a0min more"
    short = Spending("USD", 0.0, 1.0, 6.0, 0.0, 1.18, 20.0)
    assert titles(CHEAP, spending=short)["About $0.36 an hour with gemini"] == "Today’s budget lasts 30\u00a0min more"
    used = Spending("USD", 0.0, 1.0, 20.0, 0.0, 0.0, 20.0)
    assert "used up" in titles(CHEAP, spending=used)["About $0.36 an hour with gemini"]
    yuan = Spending("CNY", 0.0, 1.0, 6.0, 0.0, 0.0, 20.0)
    assert "lasts" not in titles(CHEAP, spending=yuan)["About $0.36 an hour with gemini"], "no sum over two currencies"
    assert not any("an hour" in title for title in titles(LOCAL))
    assert "What odd costs is not known" in titles(info("odd", per_hour=None, price=None))
    own = info("own", provider="transformers", per_hour=None, price=FREE)
    assert words.per_hour_short(own) == "free" and not any("costs" in title for title in titles(own)), "a model in this program costs nothing"


def test_a_model_that_falls_behind_is_named_before_it_does() -> None:
    assert "local falls behind" in titles(LOCAL)
    assert "qwen described a test clip" in titles(CLOUD)
    assert "send 15 seconds of it to qwen" in intro(Setup(models=(CLOUD,)))
    assert "send" not in intro(Setup(models=(LOCAL,)))


# ---------------------------------------------------------------------- the foot


@pytest.fixture
def foot(qtbot: QtBot) -> RecordFoot:
    narrative = NarrativeView()
    qtbot.addWidget(narrative)
    made = RecordFoot(narrative)
    qtbot.addWidget(made)
    made.resize(400, 52)
    made.show()
    return made


def test_what_was_spent_of_the_budget_nearest_its_end(foot: RecordFoot) -> None:
    assert foot.show_idle(Spending("USD", 0.0, 1.2, 6.42, 0.0, 0.0, 20.0))
    assert foot.words == "This month $6.42 of $20.00" and foot.bar.isVisible() and foot.bar.share == pytest.approx(0.321)
    assert foot.show_idle(Spending("USD", 0.0, 1.2, 6.42, 0.0, 1.5, 20.0))
    assert foot.words == "Today $1.20 of $1.50"
    assert foot.show_idle(Spending("CNY", 0.0, 0.0, 0.5, 0.0, 0.0, 0.0))
    assert foot.words == "This month ¥0.50" and not foot.bar.isVisible()
    assert not foot.show_idle(Spending("USD", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)), "nothing spent, no limit: nothing to tell"
    assert spent(Spending("USD", 0.0, 0.0, 0.0, 0.0, 0.0, 20.0)) == "This month **$0.00** of $20.00"


def test_what_this_recording_has_cost_and_is_about_to(foot: RecordFoot) -> None:
    counts = {WindowState.DONE: 3}
    foot.show_live(Spending("USD", 0.04, 1.2, 6.42, 0.0, 0.0, 20.0), 0.03, counts, (CHEAP,))
    assert foot.words == "$0.04 so far · model keeps up\nAbout $0.36 an hour"
    foot.show_live(Spending("USD", 0.04, 1.2, 6.42, 0.5, 0.0, 20.0), 0.03, {WindowState.QUEUED: 4}, (LOCAL,))
    assert foot.words == "$0.04 of $0.50 so far · 4 windows wait"


# ---------------------------------------------------------------------- the ladder


@pytest.fixture
def teller(qtbot: QtBot) -> Iterator[Teller]:
    from skiuo_desktop.ui.bridge import Bridge
    from skiuo_desktop.ui.pages.record_sources import SourceBar
    from skiuo_desktop.ui.widgets.toast import Toast

    bridge = Bridge()
    stage = RecordStage(SourceBar(bridge))
    qtbot.addWidget(stage)
    made = Teller(stage, Toast(stage), stage)
    yield made
    bridge.close()


def test_each_step_of_the_ladder_says_what_it_means(teller: Teller) -> None:
    banner = teller._stage.banner
    none = BudgetStep.NONE
    teller.budget(BudgetStep.CHEAPER, none, "month", 0.8)
    assert banner.words == "80 % of the month’s budget is used. New windows go to a cheaper model."
    teller.budget(BudgetStep.WIDER, BudgetStep.CHEAPER, "day", 0.9)
    assert "only every other one is sent" in banner.words
    teller.budget(BudgetStep.KEEP, BudgetStep.WIDER, "recording", 1.2)
    assert banner.words.startswith("100 % of the recording’s budget is used.") and "kept for later" in banner.words
    teller.budget(none, BudgetStep.KEEP, "", 0.0)
    assert banner.words.startswith("The budget has room again.")


def test_the_sentences_of_money_are_chinese_in_a_chinese_window(qapp: QApplication) -> None:
    theme().install(qapp, "light", "zh")
    paused = info("qwen", active=True, health=ModelHealth("qwen", "paused", datetime.now(UTC), FailureKind.OVERLOADED))
    assert "繁忙" in words.unwell(paused)
    translator = QTranslator()
    assert translator.load(str(resource("translations", "skiuo_zh_CN.qm")))
    qapp.installTranslator(translator)
    try:
        assert "发往阿里云（新加坡）。" in words.leaves([info("a", server="阿里云（新加坡）")])
        assert "发往 Google。" in words.leaves([info("a", server="Google")]), "a space before Latin letters alone"
    finally:
        qapp.removeTranslator(translator)
