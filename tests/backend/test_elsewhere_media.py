"""Videos that are not on this computer come from the object store: whole, once, and never where recordings need the disk."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from backend.devices import JPEG, Backend, Device, backend_of, webm
from support.postgres import Server, until
from support.services import Store

from skiuo_desktop.engine import cache
from skiuo_desktop.errors import BackendError, Cancelled, NotFoundError, StorageError, UsageError
from skiuo_desktop.model import BackendTrouble, Recording


@pytest.fixture
def backend(tmp_path: Path, object_server: Store, postgres: Server, database_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend_of(tmp_path / "backend", object_server, postgres, database_name, monkeypatch) as made:
        yield made


@pytest.fixture
def desk(backend: Backend) -> Device:
    return backend.device("Desk")


@pytest.fixture
def made(backend: Backend) -> Recording:
    bench = backend.device("Bench")
    recording = bench.film("He lifts the lid.", title="Lid")
    bench.mirror()
    return recording


def pictures(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def large(backend: Backend, content: bytes) -> Recording:
    bench = backend.device("Large")
    recording = bench.film("a", content=content)
    bench.mirror()
    return recording


def test_the_video_of_another_device_plays(desk: Device, made: Recording) -> None:
    heard: list[tuple[int, int]] = []
    path = desk.elsewhere.media(made.id, lambda done, total: heard.append((done, total)))
    assert path.read_bytes() == webm() and pictures(path) == 50
    assert path.is_relative_to(desk.home.root) and heard[-1] == (len(webm()), len(webm()))
    assert desk.elsewhere.recording(made.id).path == str(path)
    assert desk.elsewhere.thumbnail(made.id).read_bytes() == JPEG
    if os.name == "posix":
        assert path.parent.stat().st_mode & 0o077 == 0


def test_what_was_fetched_is_not_fetched_again(backend: Backend, desk: Device, made: Recording) -> None:
    path = desk.elsewhere.media(made.id)
    backend.store.delete([stored.key for stored in backend.store.list("recordings/")])
    assert desk.elsewhere.media(made.id) == path
    path.unlink()
    with pytest.raises(NotFoundError, match="not in the object store any more"):
        desk.elsewhere.media(made.id)


def test_a_video_that_was_removed_here_comes_back_from_the_store(backend: Backend, desk: Device) -> None:
    own, kept = desk.film("Mine."), desk.film("Mine too.", content=webm() + b"\xec\x81\x00")
    desk.mirror()
    assert desk.elsewhere.media(own.id) == Path(own.path)
    Path(own.path).unlink()
    path = desk.elsewhere.media(own.id)
    assert path != Path(own.path) and path.read_bytes() == webm() and desk.elsewhere.stored(own.id).bytes == len(webm())
    assert not Path(own.path).exists() and Path(kept.path).exists()
    assert desk.elsewhere.thumbnail(own.id) == Path(own.thumbnail)


def test_one_that_was_never_sent_says_so(backend: Backend, desk: Device) -> None:
    own = desk.film("Mine.")
    Path(own.path).unlink()
    with pytest.raises(NotFoundError, match="not in the object store"):
        desk.elsewhere.media(own.id)
    with pytest.raises(NotFoundError):
        desk.elsewhere.media("20261124-190203-000000")


def test_other_bytes_than_were_stored_are_thrown_away(backend: Backend, desk: Device, made: Recording) -> None:
    [key] = [stored.key for stored in backend.store.list("recordings/") if stored.key.endswith(".webm")]
    found = backend.store.stat(key)
    assert found is not None
    other = bytes(len(webm()))
    backend.store.put(key, other, "video/webm", {name: value for name, value in found.metadata.items() if name != "sha256"})
    with pytest.raises(BackendError) as error:
        desk.elsewhere.media(made.id)
    assert error.value.trouble is BackendTrouble.DIFFERENT
    assert [path for path in desk.elsewhere._cache.folder.iterdir() if path.suffix != ".lock"] == []


def test_a_download_that_was_stopped_goes_on(backend: Backend, desk: Device) -> None:
    content = webm() + os.urandom(3_000_000)
    recording = large(backend, content)
    stopped, heard = threading.Event(), []

    def stop_in_the_middle(done: int, _total: int) -> None:
        if done > 1_000_000:
            stopped.set()

    with pytest.raises(Cancelled):
        desk.elsewhere.media(recording.id, stop_in_the_middle, stopped.is_set)
    path = desk.elsewhere.media(recording.id, lambda done, _total: heard.append(done))
    assert heard[0] > 1_000_000 and path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir() if file.suffix != ".lock"] == [path.name]


def test_closing_ends_a_download(backend: Backend, desk: Device) -> None:
    recording = large(backend, webm() + os.urandom(3_000_000))
    begun, go_on = threading.Event(), threading.Event()

    def hold(done: int, _total: int) -> None:
        begun.set()
        go_on.wait(60)

    future = desk.elsewhere.transfer(lambda elsewhere: elsewhere.media(recording.id, hold))
    assert begun.wait(60)
    closing = threading.Thread(target=desk.elsewhere.close)
    closing.start()
    until(desk.elsewhere._ending.is_set, "the end to be told")
    go_on.set()
    closing.join(60)
    assert isinstance(future.exception(60), Cancelled)


def test_what_was_used_longest_ago_makes_room(backend: Backend, desk: Device) -> None:
    bench = backend.device("Bench")
    recordings = [bench.film("a", content=webm() + bytes([number])) for number in range(4)]
    bench.mirror()
    desk.elsewhere._cache._most = 2 * len(webm()) + 100
    paths = [desk.elsewhere.media(recording.id) for recording in recordings[:2]]
    os.utime(paths[0], (1, 1))
    os.utime(paths[1], (2, 2))
    assert desk.elsewhere.media(recordings[0].id) == paths[0]  # used again: the other one goes
    third = desk.elsewhere.media(recordings[2].id)
    assert paths[0].exists() and not paths[1].exists() and third.exists()
    desk.elsewhere._cache._most = 1_000
    with pytest.raises(StorageError, match="no room"):
        desk.elsewhere.media(recordings[3].id)


def test_the_share_of_the_disk_that_recordings_have_is_left_alone(desk: Device, made: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    def nearly_full(path: Any) -> Any:
        usage = shutil.disk_usage(path)
        return type(usage)(usage.total, usage.total - 50_000_100, 50_000_100)

    with monkeypatch.context() as patched:
        patched.setattr(cache, "shutil", type("Shutil", (), {"disk_usage": staticmethod(nearly_full)}))
        with pytest.raises(StorageError, match="no room"):
            desk.elsewhere.media(made.id)
    assert desk.elsewhere.media(made.id).exists()


PROGRAM = """
import sys
from pathlib import Path
from skiuo_desktop.engine.anywhere import open_anywhere
from skiuo_desktop.home import Home
with open_anywhere(Home(Path(sys.argv[1]))) as anywhere:
    print("ready", flush=True)
    sys.stdin.readline()
    print(anywhere.elsewhere.media(sys.argv[2]), flush=True)
"""


def test_two_programs_fetch_the_same_video_at_once(backend: Backend, desk: Device) -> None:
    content = webm() + os.urandom(6_000_000)
    recording = large(backend, content)
    command = [sys.executable, "-c", PROGRAM, str(desk.home.root), recording.id]
    programs = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for program in programs:
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    paths = {program.communicate(timeout=120)[0].strip() for program in programs}
    assert [program.returncode for program in programs] == [0, 0]
    [path] = paths
    assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == hashlib.sha256(content).hexdigest() == Path(path).stem
    assert not list(Path(path).parent.glob("*.part"))


def test_a_video_is_copied_out(backend: Backend, desk: Device, made: Recording, tmp_path: Path) -> None:
    out = desk.elsewhere.copy_out(made.id, tmp_path)
    assert out == tmp_path / f"{made.id}.webm" and out.read_bytes() == webm()
    assert not list((desk.home.root / "cache").rglob("*.webm"))  # it went straight there
    with pytest.raises(UsageError, match="there already"):
        desk.elsewhere.copy_out(made.id, out)
    own = desk.film("Mine.")
    assert desk.elsewhere.copy_out(own.id, tmp_path / "own.webm").read_bytes() == webm() and Path(own.path).exists()
    with pytest.raises(StorageError):
        desk.elsewhere.copy_out(made.id, out / "inside a file")


def test_a_store_that_is_away_is_named(backend: Backend, made: Recording) -> None:
    away = backend.device("Away", **{"backend.store": "http://127.0.0.1:9"})
    with pytest.raises(BackendError, match=r"127\.0\.0\.1:9") as error:
        away.elsewhere.media(made.id)
    assert error.value.trouble is BackendTrouble.UNREACHABLE


def test_what_only_the_server_has_of_this_device_is_there_after_a_restore(backend: Backend, made: Recording, tmp_path: Path) -> None:
    desk = backend.device("Desk")
    desk.film("Kept.", title="Kept")
    desk.mirror()
    desk.close()
    shutil.copy(desk.home.database, tmp_path / "backup.db")
    desk = Device(desk.home, {})
    lost = desk.film("He soldered the joint.", title="Lost")
    desk.mirror()
    assert [summary.title for summary in desk.elsewhere.summaries(10)] == ["Lid"]
    desk.close()
    shutil.copy(tmp_path / "backup.db", desk.home.database)
    desk = Device(desk.home, {})
    desk.mirror()
    assert {summary.title: summary.device for summary in desk.elsewhere.summaries(10)} == {"Lost": "Desk", "Lid": "Bench"}
    assert [(device.name, device.recordings) for device in desk.elsewhere.devices()] == [("Bench", 1), ("Desk", 1)]
    assert [hit.recording_id for hit in desk.elsewhere.search("soldered", device="Desk")] == [lost.id]
    assert desk.elsewhere.media(lost.id).read_bytes() == webm()
    desk.close()
