"""Settings: types, limits, the file, other programs that change it meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from skiuo_desktop import settings as s
from skiuo_desktop.errors import StorageError, UsageError
from skiuo_desktop.events import Event, Publisher, SettingChanged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_defaults_hold_until_something_is_set(path: Path) -> None:
    settings = s.Settings(path)
    assert settings.get(s.WINDOW_LENGTH) == 15_000
    assert not path.exists()


@pytest.mark.parametrize(
    ("setting", "written", "value"),
    [(s.FPS, "25", 25), (s.MJPG, "off", False), (s.VIDEO_CODEC, "vp9", "vp9"), (s.ACTIVE_MODELS, "offline, other", ("offline", "other")), (s.VOLUME, 3.0, 3)],
)
def test_a_value_survives_the_program(path: Path, setting: s.Setting[object], written: object, value: object) -> None:
    s.Settings(path).set(setting, written)
    assert s.Settings(path).get(setting) == value


@pytest.mark.parametrize(
    ("setting", "written"),
    [(s.FPS, "many"), (s.FPS, "0"), (s.FPS, "25.5"), (s.FPS, "nan"), (s.MJPG, "perhaps"), (s.VIDEO_CODEC, "h264"), (s.FPS, True), (s.VIDEO_CODEC, None)],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(path: Path, setting: s.Setting[object], written: object) -> None:
    with pytest.raises(UsageError, match=rf"{setting.key} wants"):
        s.Settings(path).set(setting, written)
    assert not path.exists()


def test_a_typo_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"record\.fps"):
        s.named("record.fsp")


def test_a_stride_longer_than_the_window_is_refused_and_both_can_change_together(path: Path) -> None:
    settings = s.Settings(path)
    with pytest.raises(UsageError, match="never be analysed"):
        settings.set(s.WINDOW_STRIDE, 20_000)
    settings.change({s.WINDOW_LENGTH.key: 30_000, s.WINDOW_STRIDE.key: 20_000})
    assert (settings.get(s.WINDOW_LENGTH), settings.get(s.WINDOW_STRIDE)) == (30_000, 20_000)


def test_a_change_by_another_program_is_seen(path: Path) -> None:
    here, there = s.Settings(path), s.Settings(path)
    there.set(s.FPS, 24)
    assert here.get(s.FPS) == 24
    here.set(s.VOLUME, 10)
    assert (there.get(s.VOLUME), there.get(s.FPS)) == (10, 24)


def test_an_unknown_key_of_a_newer_program_is_kept(path: Path) -> None:
    path.write_text(json.dumps({"version": s.VERSION, "values": {"from.the.future": 1}}))
    s.Settings(path).set(s.FPS, 24)
    assert json.loads(path.read_text())["values"] == {"from.the.future": 1, "record.fps": 24}


def test_a_broken_file_is_kept_aside_and_defaults_are_used(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_text("{ not json")
    assert s.Settings(path).get(s.FPS) == 30
    assert path.with_suffix(".broken.json").read_text() == "{ not json"
    assert "cannot be read" in caplog.text


def test_a_value_in_the_file_that_is_no_longer_allowed_falls_back_to_the_default(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.write_text(json.dumps({"version": s.VERSION, "values": {"record.fps": 9999}}))
    assert s.Settings(path).get(s.FPS) == 30
    assert "record.fps wants" in caplog.text


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        s.Settings(tmp_path / "file" / "settings.json").set(s.FPS, 24)


def test_only_what_changed_is_announced(path: Path) -> None:
    publisher, seen = Publisher(), list[Event]()
    publisher.subscribe(seen.append)
    settings = s.Settings(path, publisher)
    settings.set(s.FPS, 24)
    settings.set(s.FPS, 24)
    assert seen == [SettingChanged("record.fps")]


@pytest.mark.parametrize("content", ['{"version": 0, "values": {}}', '{"version": 1, "values": 3}', "[]"])
def test_a_file_of_an_unknown_layout_is_kept_aside(path: Path, content: str) -> None:
    path.write_text(content)
    assert s.Settings(path).get(s.FPS) == 30
    assert path.with_suffix(".broken.json").read_text() == content


def test_a_wrong_value_edited_by_hand_does_not_keep_others_from_being_set(path: Path) -> None:
    path.write_text(json.dumps({"version": s.VERSION, "values": {"windows.stride_ms": "abc"}}))
    assert s.Settings(path).set(s.FPS, 24) == 24


def test_every_setting_explains_itself_and_accepts_its_own_default() -> None:
    assert len(s.ALL) > 10
    for setting in s.ALL.values():
        assert setting.label and setting.help.endswith("."), setting.key
        assert setting.parse(setting.default) == setting.default, setting.key


def test_a_large_limit_is_told_in_digits() -> None:
    with pytest.raises(UsageError, match="at least 0 and at most 10000000, not"):
        s.KEEP_GB.parse("99999999999")
