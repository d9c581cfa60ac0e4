"""The section Storage: a rule that would remove something is asked about first, and never takes what is neither described nor stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from ui.settings_parts import click, write
from ui.watch_parts import seed

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.ui.pages.settings import STORAGE, SettingsPage
from skiuo_desktop.ui.pages.settings_storage import StorageSection
from skiuo_desktop.ui.widgets.dialog import Dialog

pytest_plugins = ["ui.settings_fixtures"]

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def recordings(home: Home) -> dict[str, str]:
    """Title → id: an old one with its texts, an old one without, and today's."""
    with Library.open(home) as library:
        return {
            "old": seed(library, home, "Old and described", days_ago=60),
            "bare": seed(library, home, "Old and not described", days_ago=50, failed=(2,)),
            "new": seed(library, home, "Of today"),
        }


@pytest.fixture
def section(recordings: dict[str, str], page: SettingsPage, until: Until) -> StorageSection:
    page.show_section(STORAGE)
    section = page.current
    assert isinstance(section, StorageSection)
    until(section.isVisible)
    return section


def path(engine: Engine, recording_id: str) -> Path:
    return Path(engine.recording(recording_id).result(60).path)


def asked(section: StorageSection, until: Until) -> Dialog:
    until(lambda: section.dialog is not None and section.dialog.isVisible())
    assert section.dialog is not None
    return section.dialog


def test_a_rule_that_removes_something_is_asked_about(section: StorageSection, engine: Engine, recordings: dict[str, str], qtbot: QtBot, until: Until) -> None:
    write(qtbot, section.days.edit, "30")
    dialog = asked(section, until)
    said = dialog.accessibleDescription()
    assert "“Old and described”" in said and "Texts, markers and thumbnails stay." in said
    assert engine.settings.get(s.KEEP_DAYS) == 0
    click(qtbot, dialog.keep_button)
    until(lambda: section.days.text == "")
    assert engine.settings.get(s.KEEP_DAYS) == 0
    assert path(engine, recordings["old"]).is_file()


def test_a_rule_that_holds_removes_what_is_described_and_no_more(
    section: StorageSection, engine: Engine, recordings: dict[str, str], qtbot: QtBot, until: Until
) -> None:
    old, bare = path(engine, recordings["old"]), path(engine, recordings["bare"])
    write(qtbot, section.days.edit, "30")
    with qtbot.waitSignal(section.said, timeout=60_000) as told:
        click(qtbot, asked(section, until).verb_button)
    assert told.args and told.args[0].endswith("freed")
    assert engine.settings.get(s.KEEP_DAYS) == 30
    assert not old.exists() and bare.exists() and path(engine, recordings["new"]).exists()
    assert engine.recording(recordings["old"]).result(60).windows[0].chosen is not None
    until(lambda: "1 more video stays" in section.told)


def test_a_rule_that_removes_nothing_holds_at_once(section: StorageSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    write(qtbot, section.days.edit, "90")
    until(lambda: engine.settings.get(s.KEEP_DAYS) == 90)
    assert section.dialog is None
    until(lambda: "Nothing is to be removed now" in section.told)
    write(qtbot, section.days.edit, "")
    until(lambda: engine.settings.get(s.KEEP_DAYS) == 0)
    until(lambda: section.told == "")


def test_space_can_be_freed_now(section: StorageSection, engine: Engine, recordings: dict[str, str], qtbot: QtBot, until: Until) -> None:
    engine.settings.set(s.KEEP_DAYS, 30)  # as on the command line: the rule is carried out within the hour
    until(lambda: section.free_button.isVisible() and section.days.text == "30")
    old = path(engine, recordings["old"])
    click(qtbot, section.free_button)
    dialog = asked(section, until)
    click(qtbot, dialog.keep_button)
    assert old.exists()
    click(qtbot, section.free_button)
    click(qtbot, asked(section, until).verb_button)
    until(lambda: not old.exists())
    until(lambda: not section.free_button.isVisible())


def test_a_size_is_kept_to(section: StorageSection, engine: Engine, recordings: dict[str, str], qtbot: QtBot, until: Until) -> None:
    write(qtbot, section.gb.edit, "0.00001")
    dialog = asked(section, until)
    assert "Old and described" in dialog.accessibleDescription()
    click(qtbot, dialog.verb_button)
    until(lambda: not path(engine, recordings["old"]).exists())
    assert engine.settings.get(s.KEEP_GB) == pytest.approx(0.00001)
    assert path(engine, recordings["bare"]).exists()
