"""The rule about old videos, carried out by a program that stays."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from library.library_parts import Maker
from support.running import Run

from skiuo_desktop import settings as s
from skiuo_desktop.engine.retention import Retention
from skiuo_desktop.engine.store import Store
from skiuo_desktop.errors import NotFoundError, StorageError
from skiuo_desktop.events import Event, RecordingChanged
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import RECORDING, UploadState
from skiuo_desktop.model import Recording


class Keeping:
    """The stage over a library of its own, and what it publishes."""

    def __init__(self, home: Home) -> None:
        self.library = Library.open(home)
        self.store = Store(self.library)
        self.make = Maker(self.library)
        self.settings = s.Settings(home.settings)
        self.events: list[Event] = []
        self.stage = Retention(self.store, self.settings, self.events.append)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run(asyncio.wait_for(work, 60))


@pytest.fixture
def keeping(home: Home) -> Iterator[Keeping]:
    made = Keeping(home)
    yield made
    made.store.close()


def there(*recordings: Recording) -> list[bool]:
    return [Path(each.path).exists() for each in recordings]


def test_the_rule_of_the_settings_frees_and_says_so(keeping: Keeping) -> None:
    old, unread, new = keeping.make.said("a text"), keeping.make.recording(windows=1), keeping.make.said("a text")
    assert keeping.run(keeping.stage.once()) == 0 and there(old, unread, new) == [True, True, True]
    keeping.settings.set(s.KEEP_GB, 0.000000008)
    preview = keeping.run(keeping.stage.preview())
    assert ([each.id for each in preview.recordings], preview.bytes) == ([old.id], 4)
    assert keeping.run(keeping.stage.preview(gb=0.0)).recordings == [] and len(keeping.run(keeping.stage.preview(gb=1e-9)).recordings) == 2
    assert keeping.run(keeping.stage.once()) == 4
    assert there(old, unread, new) == [False, True, True] and keeping.events == [RecordingChanged(old.id)]
    assert keeping.run(keeping.stage.once()) == 0


def test_it_is_carried_out_at_once_and_again_later(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skiuo_desktop.engine.retention.EVERY_S", 0.01)
    keeping.settings.set(s.KEEP_GB, 0.000000001)
    refusing = {"left": 2}
    preview = Library.retention_preview

    def refuse(library: Library, *args: Any) -> Any:
        refusing["left"] -= 1
        if refusing["left"] >= 0:
            raise StorageError("The disk is away.")
        return preview(library, *args)

    monkeypatch.setattr(Library, "retention_preview", refuse)

    async def until_freed(recording: Recording) -> None:
        running = asyncio.create_task(keeping.stage.run())
        while RecordingChanged(recording.id) not in keeping.events:
            assert not running.done()
            await asyncio.sleep(0.01)
        later = await keeping.store.read(lambda _library: keeping.make.said("a text"))
        while RecordingChanged(later.id) not in keeping.events:
            assert not running.done()
            await asyncio.sleep(0.01)
        running.cancel()

    keeping.run(until_freed(keeping.make.said("a text")))  # an error ends one round, not the rule


def test_one_that_cannot_be_removed_does_not_keep_the_others(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    held, other = keeping.make.said("a text", title="Held"), keeping.make.said("a text")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if str(path) == held.path:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StorageError, match="Held"):
        keeping.run(keeping.stage.carry_out([held.id, other.id]))
    assert there(held, other) == [True, False] and keeping.events == [RecordingChanged(other.id)]


@pytest.mark.parametrize("keep", [True, False])
def test_the_store_keeps_a_freed_video_as_the_setting_says(keeping: Keeping, keep: bool) -> None:
    keeping.settings.set(s.BACKEND_KEEP_VIDEO, keep)
    recording, unread = keeping.make.said("a text"), keeping.make.recording(windows=1)
    for each in (recording, unread):
        job = keeping.library.begin_upload(each.id, RECORDING, each.id, size=4, sha256="0" * 64)
        keeping.library.object_stored(job.id, None)
    assert keeping.run(keeping.stage.carry_out([recording.id, unread.id])) == 8
    released = {job.key for job in keeping.library.uploads(UploadState.REMOVING)}
    assert released == (set() if keep else {recording.id})
    with keeping.library._database.write() as session:  # its text came later, from elsewhere
        session.connection().exec_driver_sql("UPDATE windows SET state = 'done'")
    keeping.run(keeping.stage.once())
    assert {job.key for job in keeping.library.uploads(UploadState.REMOVING)} == (set() if keep else {recording.id, unread.id})


def test_an_engine_says_where_the_video_went(home: Home) -> None:
    """Asked for pictures of it, or to analyse it again."""
    with Library.open(home) as library:
        recording = Maker(library).said("a text", title="Old")
    run = Run(home)
    try:
        assert [each.id for each in run.engine.retention_preview(gb=1e-9).result(60).recordings] == [recording.id]
        assert run.engine.free_video([recording.id]).result(60) == 4
        for asked in (run.engine.pictures(recording.id, 0, [0], 100), run.engine.analyse(recording.id, ("offline",))):
            with pytest.raises(NotFoundError, match=r"The video of Old was removed here on .* by your rule"):
                asked.result(60)
    finally:
        run.engine.stop()
