"""The section Your server, with real servers: fields that save themselves, secrets, plain connections, the check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from backend.devices import Backend
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from support.services import Store
from ui.settings_parts import MemoryKeyring, click, write

from skiuo_desktop import failures, remarks
from skiuo_desktop import settings as s
from skiuo_desktop.backend.check import refused
from skiuo_desktop.engine.app import Engine
from skiuo_desktop.errors import UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import BackendHop, BackendTrouble
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.hosts import database_hosts, is_plain, store_host
from skiuo_desktop.ui.pages import settings_backend_words as words
from skiuo_desktop.ui.pages.settings import BACKEND, SettingsPage
from skiuo_desktop.ui.pages.settings_backend import BackendSection
from skiuo_desktop.ui.pages.settings_find import focus_control
from skiuo_desktop.ui.pages.settings_secret import SecretRow
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.settings_controls import Switch
from skiuo_desktop.ui.widgets.settings_fields import SavedField

pytest_plugins = ["ui.settings_fixtures", "ui.backend_fixtures"]

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def section(keys: MemoryKeyring, page: SettingsPage, until: Until) -> BackendSection:
    page.show_section(BACKEND)
    section = page.current
    assert isinstance(section, BackendSection)
    until(section.isVisible)
    return section


def field(section: BackendSection, setting: s.Setting[str] | s.Setting[int]) -> SavedField:
    control = section.fields.control(setting)
    assert isinstance(control, SavedField)
    return control


def secret(section: BackendSection, setting: s.Setting[str]) -> SecretRow:
    control = section.fields.control(setting)
    assert isinstance(control, SecretRow)
    return control


def enter(qtbot: QtBot, row: SecretRow, text: str) -> None:
    click(qtbot, row.replace_button)
    write(qtbot, row.entry.field.edit, text, leave=False)
    qtbot.keyClick(row.entry.field.edit, Qt.Key.Key_Return)


def sentence(control: SavedField) -> str:
    return control._error.words if not control._error.isHidden() else ""


def test_without_servers_nothing_can_be_checked(section: BackendSection) -> None:
    assert section.card.head == "No server yet"
    assert not section.card.check_button.isEnabled()


def test_each_field_saves_itself(section: BackendSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    write(qtbot, field(section, s.BACKEND_STORE).edit, "https://minio.example:9000")
    until(lambda: engine.settings.get(s.BACKEND_STORE) == "https://minio.example:9000")
    write(qtbot, field(section, s.BACKEND_LIMIT).edit, "2.5")
    until(lambda: engine.settings.get(s.BACKEND_LIMIT) == 2_500_000)
    write(qtbot, field(section, s.BACKEND_LIMIT).edit, "")
    until(lambda: engine.settings.get(s.BACKEND_LIMIT) == 0)
    clips = section.fields.control(s.BACKEND_CLIPS)
    assert isinstance(clips, Switch)
    click(qtbot, clips)
    until(lambda: engine.settings.get(s.BACKEND_CLIPS))
    engine.settings.set(s.BACKEND_CLIPS, False)  # as another program does
    until(lambda: not clips.isChecked())


def test_what_is_wrong_is_said_where_it_was_written(section: BackendSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    control = field(section, s.BACKEND_DATABASE)
    write(qtbot, control.edit, "postgresql://skiuo:hunter2@db.example/skiuo")
    until(lambda: "password" in sentence(control))
    assert engine.settings.get(s.BACKEND_DATABASE) == ""


def test_a_secret_goes_to_the_keyring_and_nowhere_else(
    section: BackendSection, engine: Engine, home: Home, keys: MemoryKeyring, qtbot: QtBot, until: Until
) -> None:
    row = secret(section, s.BACKEND_SECRET_KEY)
    enter(qtbot, row, "never-shown-5f1c")
    until(lambda: row.told == "In the system keyring")
    assert keys.kept["skiuo", "backend-secret-key"] == "never-shown-5f1c"
    assert row.entry.field.text == ""
    assert "never-shown-5f1c" not in home.settings.read_text(encoding="utf-8")
    click(qtbot, row.forget_button)
    until(lambda: row.told == "None yet")
    assert not keys.kept and engine.settings.get(s.BACKEND_SECRET_KEY) == ""


def test_a_password_may_have_spaces(section: BackendSection, keys: MemoryKeyring, qtbot: QtBot, until: Until) -> None:
    enter(qtbot, secret(section, s.BACKEND_PASSWORD), "two  words!")
    until(lambda: keys.kept.get(("skiuo", "backend-database-password")) == "two  words!")


def test_a_plain_address_needs_leave_for_its_host(section: BackendSection, engine: Engine, qtbot: QtBot, until: Until) -> None:
    control = field(section, s.BACKEND_STORE)
    write(qtbot, control.edit, "http://minio.lan:9000")
    until(lambda: "not be encrypted" in sentence(control))
    assert engine.settings.get(s.BACKEND_STORE) == ""
    until(lambda: list(section.plain.switches) == ["minio.lan"])
    click(qtbot, section.plain.switches["minio.lan"])
    until(lambda: engine.settings.get(s.BACKEND_STORE) == "http://minio.lan:9000")
    assert engine.settings.get(s.BACKEND_PLAIN) == ("minio.lan",)
    until(lambda: "minio.lan can read keys" in section.plain.warning)
    assert not sentence(control)


def test_the_check_walks_real_servers(
    section: BackendSection, servers: Backend, object_server: Store, engine: Engine, qtbot: QtBot, until: Until, home: Home
) -> None:
    engine.settings.change(servers.changes)
    until(section.card.check_button.isEnabled)
    section.card.check_button.setFocus()
    click(qtbot, section.card.check_button)
    assert not section.card.check_button.isEnabled() and section.card.hasFocus()  # and no field is written into by the next key
    until(section.card.check_button.isEnabled)
    assert section.card.check_button.hasFocus()
    assert section.card.result in ("Everything works", "It works, with something to look at")
    objects, rows = section.card.objects.steps, section.card.rows.steps
    assert {"Key", "Bucket", "Storing a clip", "Reading it back", "Removing it"} <= {step.title for step in objects if step.state == "ok"}
    assert {"Database", "Tables", "A row"} <= {step.title for step in rows if step.state == "ok"}
    assert not section.card.offers_init


def test_a_missing_bucket_is_made_on_the_command_line(section: BackendSection, servers: Backend, engine: Engine, qtbot: QtBot, until: Until) -> None:
    nowhere = servers.postgres.dsn("not_there_yet")
    engine.settings.change({**servers.changes, s.BACKEND_BUCKET.key: "not-there-yet", s.BACKEND_DATABASE.key: nowhere})
    until(section.card.check_button.isEnabled)
    click(qtbot, section.card.check_button)
    until(lambda: section.card.result == "Something is not right yet")
    assert [step.state for step in section.card.objects.steps if step.title == "Bucket"] == ["failed"]
    assert {found.split(" ")[0] for found in section.card.findings} >= {"Bucket", "Database", "Encryption"}
    assert any(found.startswith("Encryption (database) ") for found in section.card.findings)
    assert section.card.offers_init
    click(qtbot, section.card.copy_button)
    assert QGuiApplication.clipboard().text() == "skiuo backend init"


def test_a_server_that_is_away_is_named(section: BackendSection, servers: Backend, engine: Engine, qtbot: QtBot, until: Until) -> None:
    engine.settings.change({**servers.changes, s.BACKEND_STORE.key: "http://127.0.0.1:9", s.BACKEND_DATABASE.key: ""})
    until(section.card.check_button.isEnabled)
    click(qtbot, section.card.check_button)
    until(lambda: section.card.result == "Something is not right yet")
    assert [step.state for step in section.card.objects.steps if step.title == "Connection"] == ["failed"]
    assert any("127.0.0.1" in found for found in section.card.findings)


def test_what_a_check_found_is_said_in_the_language_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    hops: list[BackendHop] = []
    refused("objects", "tls", failures.backend_error(BackendTrouble.TLS, "minio.lan:9000", "self-signed certificate"), hops.append)
    assert words.findings(hops) == [
        ("Encryption", "self-signed certificate. Where a private authority has signed it, choose that authority's certificate under Encryption.")
    ]
    monkeypatch.setattr(theme(), "_language", "zh")
    assert words.findings(hops)[0][1] == "证书不受信任：self-signed certificate。若由私有机构签发，请在“加密”处选择该机构的证书。"
    (step,) = [step for step in words.steps(hops, running=False) if step.state == "failed"]
    assert (step.told, step.whole) == ("证书不受信任", "证书不受信任：self-signed certificate")
    monkeypatch.setattr(fmt, "_is_chinese", lambda: True)
    assert fmt.error(remarks.error(UsageError, "address_keys")) == "地址中不能包含密钥，否则会被写入文件。请单独填写密钥。"


def test_a_private_authority_that_is_no_certificate_is_refused(section: BackendSection, engine: Engine, tmp_path: Path, qtbot: QtBot, until: Until) -> None:
    wrong = tmp_path / "ca.pem"
    wrong.write_text("no certificate", encoding="utf-8")
    control = field(section, s.BACKEND_CA)
    write(qtbot, control.edit, str(wrong))
    until(lambda: bool(sentence(control)))
    assert engine.settings.get(s.BACKEND_CA) == ""


def test_every_setting_is_found_by_its_name(section: BackendSection, page: SettingsPage) -> None:
    found = [place.name for place in page.finder._known if place.section == BACKEND and place.name]
    assert len(found) == 15
    for name in found:
        assert focus_control(section, name), name


def test_the_hosts_of_an_address() -> None:
    assert store_host("http://Minio.lan:9000") == "minio.lan" and is_plain("http://minio.lan:9000") and not is_plain("https://minio.lan")
    assert store_host("http://[::1") == "" and not is_plain("http://")
    assert database_hosts("postgresql://me@one,two:5433/x") == ["one", "two"]
    assert database_hosts("postgresql://me@[fd00::1]:5432/x") == ["fd00::1"]
    assert database_hosts("postgresql:///x?host=/tmp") == [] and database_hosts("not one") == []
