"""The publisher, and where secrets may and may not be."""

from __future__ import annotations

import os
import subprocess
import sys

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from skiuo_desktop import secrets
from skiuo_desktop.errors import SecretError
from skiuo_desktop.events import Event, Publisher, RecordingDeleted


def test_events_arrive_in_order_until_the_subscriber_leaves() -> None:
    publisher, seen = Publisher(), list[Event]()
    leave = publisher.subscribe(seen.append)
    events = [RecordingDeleted(str(n)) for n in range(3)]
    for event in events:
        publisher.publish(event)
    leave()
    publisher.publish(RecordingDeleted("late"))
    assert seen == events


def test_one_broken_listener_does_not_silence_the_others(caplog: pytest.LogCaptureFixture) -> None:
    publisher, seen = Publisher(), list[Event]()

    def broken(_event: Event) -> None:
        raise ValueError("no")

    publisher.subscribe(broken)
    publisher.subscribe(seen.append)
    publisher.publish(RecordingDeleted("x"))
    assert len(seen) == 1
    assert "RecordingDeleted" in caplog.text


def test_a_secret_in_the_environment_is_read_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKIUO_TEST_KEY", "s3cret")
    assert secrets.read("env:SKIUO_TEST_KEY") == "s3cret"
    with pytest.raises(SecretError, match="SKIUO_TEST_KEY"):
        secrets.store("env:SKIUO_TEST_KEY", "other")
    monkeypatch.delenv("SKIUO_TEST_KEY")
    with pytest.raises(SecretError, match="not set"):
        secrets.read("env:SKIUO_TEST_KEY")


def test_a_secret_for_this_run_is_gone_with_the_process() -> None:
    secrets.store("run:k", "s3cret")
    assert secrets.read("run:k") == "s3cret"
    code = "from skiuo_desktop import secrets, errors\ntry: secrets.read('run:k')\nexcept errors.SecretError: print('gone')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "gone"
    secrets.forget("run:k")
    with pytest.raises(SecretError):
        secrets.read("run:k")


def test_a_machine_without_a_keyring_is_told_what_to_do_instead() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        for act in (lambda: secrets.read("keyring:k"), lambda: secrets.store("keyring:k", "s3cret")):
            with pytest.raises(SecretError, match="env:VARIABLE") as caught:
                act()
            assert "s3cret" not in str(caught.value)
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize("reference", ["", "env:", "file:/etc/passwd", "s3cret"])
def test_what_is_no_reference_is_refused(reference: str) -> None:
    with pytest.raises(SecretError, match="names no secret"):
        secrets.read(reference)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Secret Service is the keyring of Linux desktops; others have their own")
def test_the_systems_keyring_gives_back_what_it_was_given(tmp_path: object) -> None:
    """A real gnome-keyring on a D-Bus session of its own."""
    code = (
        "from skiuo_desktop import secrets as s; s.store('keyring:skiuo-test', 'pässwort'); assert s.read('keyring:skiuo-test') == 'pässwort';"
        "s.forget('keyring:skiuo-test'); s.forget('keyring:skiuo-test')\n"
        "try: s.read('keyring:skiuo-test')\nexcept Exception as e: print(type(e).__name__)"
    )
    script = f'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "{sys.executable}" -c "$CODE"'
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "CODE": code}
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    done = subprocess.run(["dbus-run-session", "--", "sh", "-c", script], env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "SecretError", done.stderr
