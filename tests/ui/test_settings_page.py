"""The page Settings: its sections, how it folds, and the declared settings of recording, windows and cost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from ui.settings_parts import click, write

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.events import BudgetStepped
from skiuo_desktop.model import BudgetStep, Spending
from skiuo_desktop.ui.pages.settings import COST, GENERAL, RECORDING, WINDOWS, SettingsPage
from skiuo_desktop.ui.pages.settings_cost import CostSection
from skiuo_desktop.ui.pages.settings_find import focus_control
from skiuo_desktop.ui.pages.settings_models import ModelsSection
from skiuo_desktop.ui.pages.settings_plain import PlainSection
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.settings_controls import Segmented, Switch
from skiuo_desktop.ui.widgets.settings_fields import NumberField
from skiuo_desktop.ui.window import Window

pytest_plugins = ["ui.settings_fixtures"]

Until = Callable[[Callable[[], bool]], None]


def plain(page: SettingsPage, key: str) -> PlainSection:
    page.show_section(key)
    section = page.current
    assert isinstance(section, PlainSection)
    return section


def number(section: PlainSection | CostSection, setting: s.Setting[int] | s.Setting[float]) -> NumberField:
    field = section.fields.control(setting)
    assert isinstance(field, NumberField)
    return field


def test_ctrl_3_and_the_models_below_the_record_pages_list_lead_here(window: Window, qtbot: QtBot, until: Until) -> None:
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    until(lambda: isinstance(window.stack.currentWidget(), SettingsPage))
    window.show_page("record")
    window.record.models_wanted.emit()
    found = window.stack.currentWidget()
    assert isinstance(found, SettingsPage)
    assert isinstance(found.current, ModelsSection)


def test_below_1160_the_sections_are_a_combobox(page: SettingsPage, section: ModelsSection, window: Window, until: Until) -> None:
    assert not page.chooser.isVisible()
    window.resize(1000, 640)
    until(page.chooser.isVisible)
    assert window.size().toTuple() == (1000, 640), "something does not fit into the least size"
    assert not page.items[GENERAL].isVisible()
    editor = section.editor
    right = editor.form.base_url.mapTo(editor, editor.form.base_url.rect().topRight()).x()
    assert right < editor.width() - 24, "the fields reach under the scroll bar"
    page.chooser.chosen.emit(COST)
    assert isinstance(page.current, CostSection)
    window.resize(1300, 800)
    until(page.items[COST].isVisible)
    assert page.items[COST].isChecked()


def test_the_column_leads_to_the_sections_by_mouse_and_keyboard(page: SettingsPage, qtbot: QtBot) -> None:
    click(qtbot, page.items[RECORDING])
    assert page.section == RECORDING
    qtbot.keyClick(page.items[RECORDING], Qt.Key.Key_Down)
    assert page.items[WINDOWS].hasFocus()
    assert page.section == WINDOWS
    qtbot.keyClick(page.items[WINDOWS], Qt.Key.Key_Up)
    assert page.section == RECORDING


def test_declared_settings_are_saved_as_they_are_changed(page: SettingsPage, engine: Engine, qtbot: QtBot, until: Until) -> None:
    recording = plain(page, RECORDING)
    width = number(recording, s.WIDTH)
    until(lambda: width.text == "1280")
    write(qtbot, width.edit, "640")
    until(lambda: engine.settings.get(s.WIDTH) == 640)
    write(qtbot, width.edit, "12")
    assert width.edit.property("error")
    assert engine.settings.get(s.WIDTH) == 640
    codec, mjpg = recording.fields.control(s.VIDEO_CODEC), recording.fields.control(s.MJPG)
    assert isinstance(codec, Segmented)
    assert isinstance(mjpg, Switch)
    click(qtbot, codec.part("vp9"))
    until(lambda: engine.settings.get(s.VIDEO_CODEC) == "vp9")
    qtbot.keyClick(codec.part("vp9"), Qt.Key.Key_Left)
    until(lambda: engine.settings.get(s.VIDEO_CODEC) == "vp8")
    click(qtbot, mjpg)
    until(lambda: not engine.settings.get(s.MJPG))


def test_a_step_longer_than_the_window_is_refused_where_it_stands(page: SettingsPage, engine: Engine, qtbot: QtBot, until: Until) -> None:
    windows = plain(page, WINDOWS)
    length, stride = number(windows, s.WINDOW_LENGTH), number(windows, s.WINDOW_STRIDE)
    until(lambda: (length.text, stride.text) == ("2", "1"))
    write(qtbot, stride.edit, "5")
    until(lambda: bool(stride.edit.property("error")))
    assert stride.text == "5"
    assert engine.settings.get(s.WINDOW_STRIDE) == 1_000
    write(qtbot, length.edit, "7.5")
    until(lambda: engine.settings.get(s.WINDOW_LENGTH) == 7_500)


def test_the_appearance_is_one_click(page: SettingsPage, engine: Engine, qtbot: QtBot, until: Until) -> None:
    look = plain(page, GENERAL).fields.control(s.THEME)
    assert isinstance(look, Segmented)
    click(qtbot, look.part("dark"))
    until(lambda: engine.settings.get(s.THEME) == "dark")
    engine.settings.set(s.THEME, "light")
    until(lambda: look.value == "light")
    assert theme().language == "en"


def test_what_was_spent_stands_over_what_may_be(page: SettingsPage, engine: Engine, qtbot: QtBot, until: Until) -> None:
    page.show_section(COST)
    cost = page.current
    assert isinstance(cost, CostSection)
    until(lambda: cost.day.amount.words == "$0")
    assert cost.day.limit.words == "no limit"
    assert not cost.day.bar.isVisible()
    write(qtbot, number(cost, s.BUDGET_DAY).edit, "2.50")
    until(lambda: engine.settings.get(s.BUDGET_DAY) == 2.5)
    until(lambda: cost.day.limit.words == "of $2.50")
    write(qtbot, number(cost, s.BUDGET_DAY).edit, "")
    until(lambda: engine.settings.get(s.BUDGET_DAY) == 0)
    currency = cost.fields.control(s.BUDGET_CURRENCY)
    assert isinstance(currency, Segmented)
    click(qtbot, currency.part("CNY"))
    until(lambda: engine.settings.get(s.BUDGET_CURRENCY) == "CNY")
    until(lambda: cost.day.amount.words == "¥0")


def test_the_step_of_the_ladder_that_is_taken_is_marked(page: SettingsPage) -> None:
    page.show_section(COST)
    cost = page.current
    assert isinstance(cost, CostSection)
    cost._spending_known(Spending("USD", 0.0, 1.9, 4.0, 0.0, 2.0, 20.0, BudgetStep.WIDER))
    assert [step for step, row in cost.steps.items() if row.on] == [BudgetStep.WIDER]
    assert cost.day.bar.share == 0.95
    assert cost.month.bar.share == 0.2


def test_a_step_of_the_ladder_is_asked_for_when_it_is_told(page: SettingsPage, engine: Engine, until: Until) -> None:
    page.show_section(COST)
    cost = page.current
    assert isinstance(cost, CostSection)
    until(lambda: cost.day.amount.words == "$0")
    cost.day.amount.set_text("?")
    engine.publisher.publish(BudgetStepped(BudgetStep.CHEAPER, BudgetStep.NONE))
    until(lambda: cost.day.amount.words == "$0")


def test_a_setting_is_found_by_its_name_and_gets_the_keyboard(page: SettingsPage, section: ModelsSection, qtbot: QtBot, until: Until) -> None:
    qtbot.keyClicks(page.finder.edit, "bit rate")
    assert [place.shown for place in page.finder.found] == ["Video bit rate · Recording", "Sound bit rate · Recording"]
    qtbot.keyClick(page.finder.edit, Qt.Key.Key_Return)
    assert page.section == RECORDING
    recording = page.current
    assert isinstance(recording, PlainSection)
    assert number(recording, s.VIDEO_KBPS).edit.hasFocus()
    assert page.finder.text == ""
    qtbot.keyClicks(page.finder.edit, "give up")
    qtbot.keyClick(page.finder.edit, Qt.Key.Key_Return)
    assert page.current is section
    assert section.editor.form.timeout.edit.hasFocus()
    qtbot.keyClicks(page.finder.edit, "no such thing")
    assert not page.finder.found
    qtbot.keyClick(page.finder.edit, Qt.Key.Key_Escape)
    assert page.finder.text == ""


def test_everything_that_can_be_found_is_there(page: SettingsPage, section: ModelsSection, until: Until) -> None:
    """A name in the list that no control has would lead nowhere."""
    for place in page.finder._known:
        page._go_to(place)
        assert page.section == place.section
        if place.name:
            until(partial(focus_control, page.current, place.name))
