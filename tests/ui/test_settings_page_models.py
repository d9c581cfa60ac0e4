"""The section Models: order, parts, fields, keys, tests, adding and removing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from support.chat_server import Behaviour, ChatServer
from ui.settings_parts import KEY, MemoryKeyring, click, info, write

from skiuo_desktop import settings as s
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.errors import UsageError
from skiuo_desktop.model import ModelConfig, ModelInfo, Price, Tier
from skiuo_desktop.ui.pages.settings_models import ModelsSection
from skiuo_desktop.ui.widgets.dialog import Dialog
from skiuo_desktop.ui.widgets.settings_rows import HEIGHT
from skiuo_desktop.ui.window import Window

pytest_plugins = ["ui.settings_fixtures"]

Until = Callable[[Callable[[], bool]], None]


def used(engine: Engine) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return engine.settings.get(s.ACTIVE_MODELS), engine.settings.get(s.FALLBACK)


def error_of(field: object) -> str:
    edit = field.edit  # type: ignore[attr-defined]
    assert isinstance(edit, QLineEdit)
    return str(field._error.words) if edit.property("error") else ""  # type: ignore[attr-defined]


# ---------------------------------------------------------------------- order and parts


def test_rows_say_their_part_and_the_offline_measurer_is_locked_last(section: ModelsSection) -> None:
    rows = section.list.rows.rows
    assert [row.words.locked for row in rows] == [False, False, True]
    assert [row.words.told.split(" · ")[0] for row in rows] == ["Asked", "Off", "Off"]
    assert rows[2].words.title == "Offline measurer"
    assert rows[0].words.price.startswith("$")
    assert rows[0].words.price.endswith("/h")
    assert rows[2].words.price == "free"


def test_space_switches_a_model_on_as_the_one_that_stands_in(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    row = section.list.rows.row("second")
    row.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(row, Qt.Key.Key_Space)
    until(lambda: used(engine) == (("first",), ("second",)))
    until(lambda: row.words.told.startswith("If 1 fails"))
    assert "next model after 4 attempts" in section.list.consequence
    qtbot.keyClick(row, Qt.Key.Key_Space)
    until(lambda: used(engine) == (("first",), ()))


def test_alt_and_an_arrow_move_a_model_and_the_first_is_asked(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    engine.use_models(("first",), fallback=("second",)).result(60)
    until(lambda: section.list.rows.row("second").words.on)
    row = section.list.rows.row("second")
    row.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(row, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    until(lambda: [r.words.key for r in section.list.rows.rows] == ["second", "first", "offline"])
    until(lambda: used(engine) == (("second",), ("first",)))
    assert row.hasFocus(), "the keyboard lost its place"
    qtbot.keyClick(row, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)  # it is the first already
    qtbot.keyClick(section.list.rows.row("offline"), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [r.config.name for r in engine.models().result(60)] == ["second", "first", "offline"]


def test_a_row_that_is_dragged_lands_where_the_line_is(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    row = section.list.rows.row("first")
    qtbot.mousePress(row, Qt.MouseButton.LeftButton, pos=QPoint(100, 20))
    qtbot.mouseMove(row, QPoint(100, 40))
    qtbot.mouseMove(row, QPoint(100, 2 * HEIGHT - 4))
    line = section.list.rows._landing
    assert line.isVisible()
    assert line.geometry().center().y() in range(2 * HEIGHT - 2, 2 * HEIGHT + 2)
    qtbot.mouseRelease(row, Qt.MouseButton.LeftButton, pos=QPoint(100, 2 * HEIGHT - 4))
    assert not line.isVisible()
    until(lambda: [r.words.key for r in section.list.rows.rows] == ["second", "first", "offline"])
    assert section.editor.name == "first", "a drag is no choice"
    row = section.list.rows.row("second")
    until(lambda: row.y() == 0)
    qtbot.mousePress(row, Qt.MouseButton.LeftButton, pos=QPoint(100, 20))
    qtbot.mouseMove(row, QPoint(100, HEIGHT - 2))  # below itself: where it is
    with qtbot.assertNotEmitted(section.list.rows.moved):
        qtbot.mouseRelease(row, Qt.MouseButton.LeftButton, pos=QPoint(100, HEIGHT - 2))


def test_all_that_are_on_are_asked_by_a_rule(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    engine.use_models(("first",), fallback=("second", "offline")).result(60)
    until(lambda: section.list.rows.row("offline").words.on)
    assert not section.list.rule.isVisible()
    click(qtbot, section.list.mode.part("all"))
    until(lambda: used(engine) == (("first", "second"), ("offline",)))
    until(section.list.rule.isVisible)
    assert not section.list.judge.isVisible()
    section.list.rule.chosen.emit("best")
    until(lambda: engine.settings.get(s.RULE) == "best")
    until(section.list.judge.isVisible)
    section.list.judge.chosen.emit("second")
    until(lambda: engine.settings.get(s.JUDGE) == "second")


def test_with_everything_off_windows_are_recorded_only(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    click(qtbot, section.list.rows.row("first").switch)
    until(lambda: used(engine) == ((), ()))
    until(lambda: "not analysed" in section.list.consequence)


def test_what_another_program_changes_is_shown(section: ModelsSection, window: Window, engine: Engine, until: Until) -> None:
    window.show_page("record")
    s.Settings(engine.home.settings).change({s.ACTIVE_MODELS.key: ("second",)})
    window.show_page("settings")
    until(lambda: section.list.rows.row("second").words.told.startswith("Asked"))


# ---------------------------------------------------------------------- fields


def test_a_field_is_saved_when_it_is_left(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    write(qtbot, section.editor.form.at_once.edit, "3")
    until(lambda: info(engine, "first").config.concurrency == 3)
    write(qtbot, section.editor.form.fps.edit, "0.5")
    until(lambda: info(engine, "first").config.options.get("fps") == 0.5)
    write(qtbot, section.editor.form.fps.edit, "")
    until(lambda: "fps" not in info(engine, "first").config.options)


def test_a_reading_from_before_a_change_does_not_put_back_what_stood_there(
    section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    field, before = section.editor.form.fps, engine.models().result(60)
    late: Future[list[ModelInfo]] = Future()
    with monkeypatch.context() as patch:
        patch.setattr(engine, "models", lambda: late)
        section.reload()
    write(qtbot, field.edit, "0.5")
    until(lambda: info(engine, "first").config.options.get("fps") == 0.5 and section._infos[0].config.options.get("fps") == 0.5)
    late.set_result(before)
    qtbot.wait(100)  # what was told has crossed to this thread
    assert field.text == "0.5"
    assert section._infos[0].config.options.get("fps") == 0.5


def test_what_is_being_saved_is_not_put_back_by_what_else_is_read(
    section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    field, saving = section.editor.form.base_url, Future[ModelConfig]()
    monkeypatch.setattr(engine, "change_model", lambda *_args, **_fields: saving)
    write(qtbot, field.edit, "https://other.example/v1")
    assert section._values is not None
    section._values_known(section._values)
    assert field.text == "https://other.example/v1"
    saving.set_exception(UsageError("It cannot be."))
    until(lambda: error_of(field) == "It cannot be.")
    assert field.text == "https://other.example/v1"


def test_what_is_wrong_stays_with_a_sentence_and_is_not_saved(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    field = section.editor.form.timeout
    write(qtbot, field.edit, "9999")
    assert error_of(field).replace(",", "") == "A whole number from 1 to 3600."
    click(qtbot, section.list.rows.row("second"))
    until(lambda: section.editor.name == "second")
    assert field.text == "120"
    assert not error_of(field)
    click(qtbot, section.list.rows.row("first"))
    until(lambda: section.editor.name == "first")
    assert field.text == "9999", "what was written is lost"
    assert error_of(field)
    assert info(engine, "first").config.timeout_s == 120
    qtbot.keyClick(field.edit, Qt.Key.Key_Escape)
    assert field.text == "120"
    assert not error_of(field)


def test_a_reload_does_not_take_what_is_being_written(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    field = section.editor.form.longest
    write(qtbot, field.edit, "20", leave=False)
    engine.change_model("first", concurrency=2).result(60)
    until(lambda: section.editor.form.at_once.text == "2")
    assert field.text == "20"


def test_a_price_has_both_sides_and_the_day_it_was_written(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    form = section.editor.form
    before = info(engine, "first").config.price
    assert before is not None
    write(qtbot, form.price_in.edit, "0.5")
    until(lambda: _price(engine).tiers[0] == Tier(0.5, before.tiers[0].per_million_out, before.tiers[0].up_to))
    assert _price(engine).tiers[1:] == before.tiers[1:], "the other tiers are gone"
    assert _price(engine).read_on > before.read_on
    write(qtbot, form.price_out.edit, "")
    assert error_of(form.price_out) == "Write both prices, or neither."
    assert _price(engine).tiers[0].per_million_out == before.tiers[0].per_million_out
    write(qtbot, form.price_in.edit, "")
    until(lambda: info(engine, "first").config.price is None)
    until(lambda: section.list.rows.row("first").words.price == "price not known")


def _price(engine: Engine) -> Price:
    price = info(engine, "first").config.price
    assert price is not None
    return price


def test_a_new_name_keeps_the_models_part(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    engine.use_models(("first",), fallback=("second",)).result(60)
    click(qtbot, section.list.rows.row("second"))
    until(lambda: section.editor.name == "second")
    field = section.editor.form.name
    write(qtbot, field.edit, "first")
    assert error_of(field) == "Another model has this name."
    write(qtbot, field.edit, "a/b")
    assert "without commas" in error_of(field)
    write(qtbot, section.editor.form.timeout.edit, "0")
    write(qtbot, field.edit, "kitchen")
    until(lambda: used(engine) == (("first",), ("kitchen",)))
    until(lambda: section.editor.name == "kitchen")
    assert section.list.rows.current == "kitchen"
    assert section.editor.form.timeout.text == "0", "what was half written is lost with the old name"


def test_an_address_that_gives_the_key_away_is_refused_where_it_stands(
    section: ModelsSection, engine: Engine, server: ChatServer, qtbot: QtBot, until: Until
) -> None:
    field = section.editor.form.base_url
    write(qtbot, field.edit, "ftp://x")
    assert "begins with https://" in error_of(field)
    write(qtbot, field.edit, "http://models.example.com/v1")
    until(lambda: bool(error_of(field)))
    assert field.text == "http://models.example.com/v1"
    assert info(engine, "first").config.base_url == server.base_url


def test_a_region_with_a_workspace_waits_for_its_id(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    form = section.editor.form
    form.preset.chosen.emit("tokyo")
    assert "workspace's id" in error_of(form.base_url)
    assert info(engine, "first").config.preset == "singapore"
    write(qtbot, form.base_url.edit, "https://w-1.ap-northeast-1.maas.aliyuncs.com/compatible-mode/v1")
    until(lambda: info(engine, "first").config.preset == "tokyo")
    assert info(engine, "first").config.base_url.startswith("https://w-1.")


def test_hours_and_days_and_what_is_left_of_the_budget(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    form = section.editor.form
    write(qtbot, form.hour_from.edit, "22")
    assert error_of(form.hour_to)
    assert info(engine, "first").config.when.hours is None
    write(qtbot, form.hour_to.edit, "6")
    until(lambda: info(engine, "first").config.when.hours == (22, 6))
    click(qtbot, form.days.part("weekdays"))
    until(lambda: info(engine, "first").config.when.days == "weekdays")
    write(qtbot, form.left.edit, "20")
    until(lambda: info(engine, "first").config.when.budget_left == pytest.approx(0.2))


# ---------------------------------------------------------------------- keys


def test_a_key_goes_into_the_keyring_and_nowhere_else(section: ModelsSection, engine: Engine, keys: MemoryKeyring, qtbot: QtBot, until: Until) -> None:
    row = section.editor.form.key
    assert row.told == "In the system keyring"
    click(qtbot, row.replace_button)
    assert row.entry.field.edit.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(row.entry.field.edit, "sk-new")
    qtbot.keyClick(row.entry.field.edit, Qt.Key.Key_Return)
    until(lambda: keys.kept["skiuo", "first"] == "sk-new")
    until(row._state.isVisible)
    assert row.entry.field.text == "", "the key is still in the field"
    assert "sk-new" not in engine.home.models.read_text(encoding="utf-8")
    click(qtbot, row.forget_button)
    until(lambda: ("skiuo", "first") not in keys.kept)
    assert info(engine, "first").config.key_ref == ""


def test_without_a_keyring_the_sentence_says_what_to_do_and_this_run_works(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    keyring.set_keyring(NoKeyring())
    row = section.editor.form.key
    click(qtbot, row.replace_button)
    qtbot.keyClicks(row.entry.field.edit, "sk-new")
    click(qtbot, row.save_button)
    until(lambda: "keyring cannot be written" in error_of(row.entry.field))
    row.entry.where.chosen.emit("run")
    qtbot.keyClicks(row.entry.field.edit, "sk-new")
    click(qtbot, row.save_button)
    until(lambda: row.told == "For this run only")
    assert info(engine, "first").config.key_ref == "run:first"


def test_a_variable_is_named_and_never_holds_the_key(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    row = section.editor.form.key
    click(qtbot, row.replace_button)
    row.entry.where.chosen.emit("env")
    assert row.entry.field.edit.echoMode() is QLineEdit.EchoMode.Normal
    qtbot.keyClicks(row.entry.field.edit, "sk-not a name")
    click(qtbot, row.save_button)
    assert "letters, digits and underscores" in error_of(row.entry.field)
    write(qtbot, row.entry.field.edit, "NO_SUCH_KEY", leave=False)
    click(qtbot, row.save_button)
    until(lambda: row.told == "The environment variable NO_SUCH_KEY is not set")
    until(lambda: "key missing" in section.list.rows.row("first").words.told)


# ---------------------------------------------------------------------- the test


def test_a_real_clip_walks_through_every_hop(section: ModelsSection, engine: Engine, server: ChatServer, qtbot: QtBot, until: Until) -> None:
    card = section.editor.card
    assert card.head == "Not tested yet"
    click(qtbot, section.editor.test_button)
    assert card.head == "Testing with a real clip"
    assert not section.editor.test_button.isEnabled()
    assert [hop.state for hop in card.line.hops] == ["running", "planned", "planned", "planned"]
    until(lambda: card.head == "A real clip passed every hop")
    assert [hop.title for hop in card.line.hops] == ["Server reached", "Text answered", "Video seen", "Frames seen", "Price counted"]
    assert {hop.state for hop in card.line.hops} == {"ok"}
    assert "A person works" in card.said
    assert section.editor.test_button.isEnabled()
    assert "**Inline MP4**" in section.editor.form._delivery_help.words
    assert engine.spending().result(60).day > 0, "what the test cost is not counted"


def test_a_wrong_key_stops_it_and_the_sentence_says_what_to_do(section: ModelsSection, qtbot: QtBot, until: Until) -> None:
    click(qtbot, section.list.rows.row("second"))
    until(lambda: section.editor.name == "second")
    card = section.editor.card
    click(qtbot, section.editor.test_button)
    until(lambda: card.head == "The test stopped")
    assert [hop.state for hop in card.line.hops] == ["ok", "failed", "planned", "planned"]
    assert "does not accept the key" in card.told
    until(lambda: "the test failed" in section.list.rows.row("second").words.told)


def test_a_video_that_is_dropped_is_told_and_frames_are_used(section: ModelsSection, engine: Engine, server: ChatServer, qtbot: QtBot, until: Until) -> None:
    probe = {
        "at": "2026-11-27T04:00:00+00:00",
        "hops": [{"name": "reach", "state": "ok"}, {"name": "text", "state": "ok"}, {"name": "inline", "state": "dropped"}, {"name": "frames", "state": "ok"}],
        "deliveries": ["frames"],
    }
    engine.change_model("first", probe=probe).result(60)
    until(lambda: [hop.state for hop in section.editor.card.line.hops] == ["ok", "ok", "dropped", "ok"])
    assert "the model did not see it" in section.editor.form._delivery_help.words


def test_a_model_that_passed_can_be_used_at_once(
    section: ModelsSection, engine: Engine, keys: MemoryKeyring, server: ChatServer, qtbot: QtBot, until: Until
) -> None:
    engine.change_model("second", model="qwen3.7-plus", key_ref="keyring:first").result(60)
    click(qtbot, section.list.rows.row("second"))
    until(lambda: section.editor.name == "second" and section.editor.form.model.text == "qwen3.7-plus")
    click(qtbot, section.editor.test_button)
    until(section.editor.card.use_button.isVisible)
    click(qtbot, section.editor.card.use_button)
    until(lambda: used(engine) == (("first",), ("second",)))
    until(lambda: not section.editor.card.use_button.isVisible())


# ---------------------------------------------------------------------- adding and removing


def test_a_model_is_added_switched_off_with_its_key_in_the_keyring(
    section: ModelsSection,
    engine: Engine,
    keys: MemoryKeyring,
    server: ChatServer,
    qtbot: QtBot,
    until: Until,
) -> None:
    click(qtbot, section.list.add_button)
    new = section.new
    until(new.isVisible)
    assert new.provider.value == "qwen"
    write(qtbot, new.base_url.edit, server.base_url)
    write(qtbot, new.model.edit, "")
    click(qtbot, new.add_button)
    assert error_of(new.model)
    write(qtbot, new.model.edit, "qwen3-vl-plus")
    assert new.name.text == "qwen3-vl-plus", "the name follows the model"
    click(qtbot, new.add_button)
    assert error_of(new.key.field) == "Paste the key."
    qtbot.keyClicks(new.key.field.edit, KEY)
    click(qtbot, new.add_button)
    until(lambda: section.editor.name == "qwen3-vl-plus" and section.editor.isVisible())
    added = info(engine, "qwen3-vl-plus")
    assert not added.active
    assert added.config.preset == "beijing"
    assert added.config.price is not None, "the known price is not filled in"
    assert keys.kept["skiuo", "qwen3-vl-plus"] == KEY
    assert KEY not in engine.home.models.read_text(encoding="utf-8")
    assert [row.words.key for row in section.list.rows.rows][-2:] == ["qwen3-vl-plus", "offline"]
    until(lambda: bool(info(engine, "qwen3-vl-plus").config.probe))


def test_a_server_of_ones_own_needs_no_key(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    click(qtbot, section.list.add_button)
    new = section.new
    click(qtbot, new.provider.part("openai"))
    new.preset.chosen.emit("ollama")
    assert new.base_url.text == "http://127.0.0.1:11434/v1"
    write(qtbot, new.model.edit, "qwen3-vl:8b")
    assert new.name.text == "qwen3-vl-8b", "a colon cannot be in a name"
    click(qtbot, new.add_button)
    until(lambda: section.editor.name == "qwen3-vl-8b")
    assert section.list.rows.row("qwen3-vl-8b").words.price == "free"
    until(lambda: bool(info(engine, "qwen3-vl-8b").config.probe))
    assert section.editor.form.key.told == "None needed"


def test_esc_leaves_and_adds_nothing(section: ModelsSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    click(qtbot, section.list.add_button)
    until(section.new.isVisible)
    qtbot.keyClick(section.new, Qt.Key.Key_Escape)
    until(section.editor.isVisible)
    assert len(engine.models().result(60)) == 3


def test_removing_asks_first_and_takes_the_key_along(
    section: ModelsSection, window: Window, engine: Engine, keys: MemoryKeyring, qtbot: QtBot, until: Until
) -> None:
    click(qtbot, section.editor.remove_button)
    dialog = window.findChild(Dialog)
    assert dialog is not None
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert len(engine.models().result(60)) == 3
    click(qtbot, section.editor.remove_button)
    asked = section._asking
    assert asked is not None
    click(qtbot, asked.verb_button)
    until(lambda: [row.words.key for row in section.list.rows.rows] == ["second", "offline"])
    assert ("skiuo", "first") not in keys.kept
    assert section.editor.name == "second"
    assert window.toast.words == "first is removed."


def test_the_offline_measurer_has_nothing_to_set(section: ModelsSection, qtbot: QtBot, until: Until) -> None:
    click(qtbot, section.list.rows.row("offline"))
    until(section.editor.offline.isVisible)
    for part in (section.editor.form, section.editor.card, section.editor.test_button, section.editor.remove_button):
        assert not part.isVisible()


def test_a_key_of_a_model_that_was_named_so_before_is_not_overwritten(
    section: ModelsSection, engine: Engine, keys: MemoryKeyring, tmp_path: Path, until: Until
) -> None:
    engine.change_model("first", name="renamed").result(60)
    until(lambda: "renamed" in [row.words.key for row in section.list.rows.rows])
    section.new.wanted.emit(ModelConfig("first", "qwen", "qwen3-vl-plus", key_ref="keyring:first", preset="singapore"), "sk-other")
    until(lambda: "first" in [row.words.key for row in section.list.rows.rows])
    assert info(engine, "first").config.key_ref == "keyring:first 2"
    assert keys.kept["skiuo", "first"] == KEY


def test_an_answer_under_way_does_not_hold_the_window_up(section: ModelsSection, server: ChatServer, qtbot: QtBot, until: Until) -> None:
    """Another model can be looked at while a test runs, and the test is there when one comes back."""
    hold = threading.Event()
    server.script = [Behaviour(wait=hold)]
    try:
        click(qtbot, section.editor.test_button)
        click(qtbot, section.list.rows.row("second"))
        until(lambda: section.editor.name == "second")
        assert section.editor.test_button.isEnabled()
        click(qtbot, section.list.rows.row("first"))
        assert section.editor.card.head == "Testing with a real clip"
    finally:
        hold.set()
    until(lambda: section.editor.card.head == "A real clip passed every hop")
