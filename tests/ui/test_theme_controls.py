"""The controls under the hand: mouse, keyboard, focus, and what a screen reader is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from skiuo_desktop.model import WindowState
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.banner import Banner
from skiuo_desktop.ui.widgets.controls import Button, RoundButton
from skiuo_desktop.ui.widgets.dialog import Dialog
from skiuo_desktop.ui.widgets.fields import Field
from skiuo_desktop.ui.widgets.floating import Floating
from skiuo_desktop.ui.widgets.labels import Chip, ElidedLabel, Label
from skiuo_desktop.ui.widgets.meter import LevelMeter, lit
from skiuo_desktop.ui.widgets.picker import Picker
from skiuo_desktop.ui.widgets.picker_rows import Choice
from skiuo_desktop.ui.widgets.toast import Toast

Until = Callable[[Callable[[], bool]], None]
W = TypeVar("W", bound=QWidget)


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QWidget]:
    """An active window of 600×500 to put controls on."""
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(600, 500)
    QVBoxLayout(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    yield page


def put(page: QWidget, widget: W) -> W:
    layout = page.layout()
    assert layout is not None
    layout.addWidget(widget)
    widget.show()
    QApplication.processEvents()
    return widget


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name))


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_button_answers_to_the_keyboard(page: QWidget, qtbot: QtBot, key: Qt.Key) -> None:
    button = put(page, Button("Export…"))
    button.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


def test_the_ring_shows_for_the_keyboard_and_not_for_the_mouse(page: QWidget, qtbot: QtBot) -> None:
    button = put(page, Button("Export…"))
    other = put(page, Button("Back"))
    plain = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    edge = button.grab().toImage().pixelColor(button.width() // 2, 0)
    assert edge == theme().color("accent")
    other.setFocus(Qt.FocusReason.OtherFocusReason)
    assert button.grab().toImage() == plain, "the ring moved something or stayed"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.hasFocus()
    assert not button.ringed


def test_sizes_are_the_design_s(page: QWidget) -> None:
    heights = {size: put(page, Button("Words", size=size)).height() for size in ("small", "normal", "large")}
    assert heights == {"small": 28, "normal": 32, "large": 40}
    icon = put(page, Button(icon="dots", name="More"))
    assert icon.size().toTuple() == (32, 32)
    assert name_of(icon) == "More"
    assert put(page, Chip("1 failed", kind="error")).height() == 24
    round_button = put(page, RoundButton("Pause", "P", "player-pause"))
    assert name_of(round_button) == "Pause"
    round_button.set_compact(True)
    QApplication.processEvents()
    assert round_button.size().toTuple() == (36, 36)
    assert round_button.toolTip() == "Pause (P)"


def test_a_key_survives_a_new_name(page: QWidget, qtbot: QtBot) -> None:
    button = put(page, RoundButton("Pause", "P", "player-pause"))
    button.set_look("Go on", "player-play")
    pressed: list[str] = []
    button.clicked.connect(lambda: pressed.append(button.text()))
    qtbot.keyClick(page, Qt.Key.Key_P)
    assert pressed == ["Go on"], "the key does not act at once"


def test_a_picker_is_opened_walked_and_left_with_the_keyboard(page: QWidget, qtbot: QtBot) -> None:
    picker = put(page, Picker("Source", "camera"))
    picker.set_choices([Choice("a", "First"), Choice("b", "Second", "of two"), Choice("c", "Third")])
    picker.set_shown("b", "Second")
    assert name_of(picker) == "Source: Second"
    picker.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(picker, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert picker.is_open
    row = QApplication.focusWidget()
    assert row is not None
    assert row.accessibleName() == "Second, of two"
    qtbot.keyClick(row, Qt.Key.Key_Down)
    row = QApplication.focusWidget()
    assert row is not None
    assert row.accessibleName() == "Third"
    with qtbot.waitSignal(picker.chosen) as chosen:
        qtbot.keyClick(row, Qt.Key.Key_Return)
    assert chosen.args == ["c"]
    assert not picker.is_open
    assert picker.hasFocus()


def test_a_press_beside_a_list_closes_it_and_a_press_on_its_field_too(page: QWidget, qtbot: QtBot) -> None:
    picker = put(page, Picker("Source", "camera"))
    picker.set_choices([Choice("a", "First")])
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    assert picker.is_open
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    assert not picker.is_open
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(590, 490))
    assert not picker.is_open


def test_a_locked_picker_stays_shut(page: QWidget, qtbot: QtBot) -> None:
    picker = put(page, Picker("Source", "camera"))
    picker.set_choices([Choice("a", "First")])
    picker.click()
    assert picker.is_open
    picker.set_locked(True)
    assert not picker.is_open
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    assert not picker.is_open


def test_a_list_that_changes_while_it_is_open_keeps_the_focus(page: QWidget) -> None:
    picker = put(page, Picker("Source", "camera", empty="Looking…"))
    picker.click()
    assert picker.is_open
    picker.set_choices([Choice("a", "First"), Choice("b", "Second")])
    focus = QApplication.focusWidget()
    assert focus is not None
    assert picker.window().isAncestorOf(focus)
    assert picker.is_open


def test_a_wrong_word_is_told_below_the_field_until_it_is_changed(page: QWidget, qtbot: QtBot) -> None:
    field = put(page, Field("Address"))
    field.set_error("Write it with a colon: http://minio:9000")
    assert field._error.isVisible()
    qtbot.keyClicks(field.edit, "h")
    assert not field._error.isVisible()
    with qtbot.waitSignal(field.submitted) as submitted:
        qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert submitted.args == ["h"]


def test_a_dialog_holds_the_keyboard_and_esc_is_the_safe_answer(page: QWidget, qtbot: QtBot) -> None:
    outside = put(page, Button("Outside"))
    outside.setFocus()
    dialog = Dialog(page, title="Delete 2 recordings?", text="1 h of video.", verb="Delete 1.4 GB", keep="Keep", warning="2 windows.").ask()
    assert dialog.keep_button.hasFocus()
    outside.setFocus()
    assert dialog.isAncestorOf(QApplication.focusWidget())
    answers: list[str] = []
    dialog.accepted.connect(lambda: answers.append("delete"))
    dialog.refused.connect(lambda: answers.append("keep"))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert answers == ["keep"]
    assert outside.hasFocus(), "the keyboard goes back to where it was"


def test_a_banner_says_cause_and_remedy_and_goes_with_esc(page: QWidget, qtbot: QtBot) -> None:
    banner = put(page, Banner())
    banner.hide()
    banner.tell("error", "The camera stopped 4 s ago.", "Sound is still being saved.", "Choose another")
    assert banner.isVisible()
    assert banner.words == "The camera stopped 4 s ago. Sound is still being saved."
    with qtbot.waitSignal(banner.pressed):
        qtbot.mouseClick(banner._button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(banner.gone):
        qtbot.keyClick(banner, Qt.Key.Key_Escape)
    assert not banner.isVisible()


def test_a_toast_goes_by_itself_and_acts_once(page: QWidget, qtbot: QtBot, until: Until) -> None:
    toast = Toast(page)
    acted: list[int] = []
    toast.tell("Marker set at 04:12", kind=WindowState.DONE, button="Undo", action=lambda: acted.append(1))
    assert toast.isVisible()
    qtbot.mouseClick(toast._button, Qt.MouseButton.LeftButton)
    assert acted == [1]
    assert not toast.isVisible()
    toast._timer.setInterval(10)
    toast.tell("Marker set at 04:13")
    until(lambda: not toast.isVisible())


def test_long_names_lose_their_middle_and_say_the_whole(page: QWidget) -> None:
    label = put(page, ElidedLabel("a very long name of a recording " * 6))
    label.setFixedWidth(120)
    label.grab()
    assert label.toolTip().startswith("a very long name")


def test_words_with_angle_brackets_stay_words(page: QWidget) -> None:
    label = put(page, Label("<b>bold</b> & **strong**", wrap=True))
    assert "<b>bold</b>" not in label.text()
    assert "&lt;b&gt;bold" in label.text()
    assert label.accessibleName() == "<b>bold</b> & strong"


def test_the_meter_lights_as_many_segments_as_it_is_loud() -> None:
    assert [lit(db, 26) for db in (-120, -60, -59, -30, -1, 0, 6)] == [0, 0, 1, 13, 26, 26, 26]


def test_the_meter_holds_its_peak_for_a_second(page: QWidget) -> None:
    now = [10.0]
    meter = put(page, LevelMeter(clock=lambda: now[0]))
    meter.set_level(-40, -6)
    now[0] += 0.5
    meter.set_level(-40, -30)
    assert meter._peak == -6
    now[0] += 0.6
    meter.set_level(-40, -30)
    assert meter._peak == -30
    meter.set_level(None)
    assert meter.accessibleDescription() == ""


def test_a_shadow_does_not_darken_the_corners_of_what_floats(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.setFixedSize(300, 240)
    surface = Floating(host)
    surface.setGeometry(20, 20, 240, 180)
    surface.show()
    host.show()
    picture = host.grab().toImage()
    edge = surface.surface().translated(surface.pos())

    def darkest(box: QRect) -> int:
        return min(picture.pixelColor(x, y).lightness() for x in range(box.left(), box.right() + 1) for y in range(box.top(), box.bottom() + 1))

    straight = darkest(QRect(edge.center().x(), edge.bottom() - 8, 1, 12))
    assert straight < picture.pixelColor(edge.center().x(), 235).lightness(), "there is a shadow below"
    for corner in (edge.bottomLeft(), edge.bottomRight() - QPoint(8, 0)):
        assert darkest(QRect(corner - QPoint(0, 8), QSize(9, 9))) >= straight - 2
