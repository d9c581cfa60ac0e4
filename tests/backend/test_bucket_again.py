"""A bucket that was left and is chosen again, and a key that may do less than the printed policy says."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from backend.store_parts import content, sha256
from library.library_parts import Maker
from minio.credentials import StaticProvider
from minio.minioadmin import MinioAdmin
from support.mirrored import made_store
from support.services import Minio, Store

from skiuo_desktop.backend.keys import ObjectKey
from skiuo_desktop.backend.policy import policy
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.engine.mirror_objects import ObjectMirror
from skiuo_desktop.errors import BackendError
from skiuo_desktop.home import Home
from skiuo_desktop.library import trash
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import CLIP, RECORDING, UploadState
from skiuo_desktop.model import BackendTrouble, Recording

BIG = 9 << 20  # in parts
CLIP_BYTES = b"what was cut"


class OneStore:
    """Servers of which only a store is configured."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.names = (store.address.bucket, "")

    def store(self) -> ObjectStore:
        return self._store


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(trash, "has_trash", lambda folder: False)
    with Library.open(Home(tmp_path / "home").prepare()) as opened:
        yield opened


@pytest.fixture
def make(library: Library) -> Maker:
    return Maker(library)


@pytest.fixture
def bucket(object_server: Store) -> Iterator[Callable[[], ObjectStore]]:
    made: list[ObjectStore] = []

    def new() -> ObjectStore:
        made.append(made_store(object_server))
        return made[-1]

    yield new
    for store in made:
        store.close()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of what was sent, in order."""
    keys: list[str] = []
    for name in ("put", "send_file"):
        real = getattr(ObjectStore, name)

        def spy(self: ObjectStore, key: str, *args: Any, _real: Any = real, **named: Any) -> Any:
            if key not in keys[-1:]:  # a small file is put by `send_file`
                keys.append(key)
            return _real(self, key, *args, **named)

        monkeypatch.setattr(ObjectStore, name, spy)
    return keys


def mirror(library: Library, store: ObjectStore) -> None:
    """As a program that has just been started does it; twice, since what goes first makes room for what comes."""
    servers = OneStore(store)
    library.aim(servers.names[0], "")
    for _ in range(2):
        ObjectMirror(library, servers, lambda _job: CLIP_BYTES, lambda _job, _done: None).run(lambda: False, lambda: None)  # type: ignore[arg-type]


def keep_clip(library: Library, recording: Recording) -> str:
    window = recording.windows[0]
    key = str(ObjectKey(CLIP, library.device_id, recording.id, sha256(CLIP_BYTES), 0, window.span.start_ms, window.span.end_ms))
    library.begin_upload(key, CLIP, recording.id, window_id=window.id, size=len(CLIP_BYTES), sha256=sha256(CLIP_BYTES))
    return key


def keys_in(store: ObjectStore) -> set[str]:
    return {stored.key for stored in store.list("")}


def rows_of(library: Library) -> set[str]:
    return {entry.key for summary in library.summaries(100) for entry in library.objects(summary.id)}


def of(library: Library, recording: Recording) -> list[str]:
    return [entry.key for entry in library.objects(recording.id)]


def test_what_lies_in_a_bucket_that_is_chosen_again_is_not_sent_again(
    library: Library, make: Maker, bucket: Callable[[], ObjectStore], sent: list[str]
) -> None:
    first, second = bucket(), bucket()
    make.recording(content=content(BIG))
    small = make.recording(content=b"small", windows=1, models=("offline",))
    goes, freed, mended = make.recording(content=b"goes"), make.recording(content=b"freed"), make.recording(content=b"as it was")
    library.update_recording(freed.id, bytes=5)
    clip = keep_clip(library, small)
    mirror(library, first)
    assert keys_in(first) == rows_of(library) and len(sent) == 6 and clip in sent
    came = {key: found.modified for key in keys_in(first) if (found := first.stat(key)) is not None}
    before = of(library, mended)

    strangers = {str(ObjectKey(RECORDING, device, name, "b" * 64)) for device, name in (("another", "r"), (library.device_id, "restored"))}
    rendition = clip.replace(sha256(CLIP_BYTES), "c" * 64).replace(".webm", ".mp4")
    for key in (*strangers, rendition, "recordings/not-a-key"):
        first.put(key, b"x", "video/webm", {})

    sent.clear()
    mirror(library, second)
    assert len(sent) == 6 and keys_in(second) == rows_of(library)
    library.delete([goes.id])
    library.free_video([freed.id])
    Path(mended.path).write_bytes(b"as it is now")
    library.send_again(before[0])
    mirror(library, second)

    sent.clear()
    mirror(library, first)
    assert sent == of(library, mended) != before
    assert keys_in(first) == rows_of(library) | strangers | {"recordings/not-a-key"}  # what was never this library's stays
    assert {job.key for job in library.uploads(*UploadState)} == rows_of(library)
    assert not Path(freed.path).exists() and len(of(library, freed)) == 1
    # Their time in the bucket began when they came there.
    assert {entry.key: entry.stored_at for entry in library.objects(small.id)} == {key: came[key] for key in of(library, small)}


def test_what_lies_there_and_is_something_else_is_sent(library: Library, make: Maker, bucket: Callable[[], ObjectStore], sent: list[str]) -> None:
    first, second = bucket(), bucket()
    recordings = [make.recording(content=text) for text in (b"good", b"size", b"hash", b"data")]
    mirror(library, first)
    mirror(library, second)
    keys = [of(library, recording)[0] for recording in recordings]
    for key, data, says in ((keys[1], b"longer", b"size"), (keys[2], b"hash", b"else"), (keys[3], b"dada", b"data")):
        # As a person, a broken disk or another program may leave it: not by way of a check.
        first._client.put_object(first.address.bucket, key, BytesIO(data), len(data), metadata={"sha256": sha256(says)})
    sent.clear()
    mirror(library, first)
    assert sorted(sent) == sorted(keys[1:])
    assert [first.read(key) for key in keys] == [b"good", b"size", b"hash", b"data"]


def test_a_first_bucket_that_was_used_before_the_library_was_restored_gets_nothing_twice(
    library: Library, make: Maker, bucket: Callable[[], ObjectStore], sent: list[str]
) -> None:
    store = bucket()
    recording = make.recording()
    key = str(ObjectKey(RECORDING, library.device_id, recording.id, sha256(b"webm")))
    store.put(key, b"webm", "video/webm", {"sha256": sha256(b"webm")})
    sent.clear()
    mirror(library, store)
    assert sent == [] and of(library, recording) == [key]


# Keys that may do less


@pytest.fixture
def allowed(minio_server: Minio) -> Callable[..., ObjectStore]:
    """A new bucket, as a key sees it whose policy is the printed one without some actions."""

    def make(*without: str) -> ObjectStore:
        bucket, user, secret = minio_server.new_bucket(), f"u-{uuid.uuid4().hex[:12]}", uuid.uuid4().hex
        rights = policy(bucket)
        for statement in rights["Statement"]:
            statement["Action"] = [action for action in statement["Action"] if action not in without]
        rights["Statement"] = [statement for statement in rights["Statement"] if statement["Action"]]
        admin = MinioAdmin(
            endpoint=urlsplit(minio_server.endpoint).netloc,
            credentials=StaticProvider(minio_server.access_key, minio_server.secret_key),
            secure=False,
        )
        admin.user_add(user, secret)
        admin.policy_add(user, policy=rights)
        admin.attach_policy([user], user=user)
        return ObjectStore(minio_server.address(bucket, access_key=user, secret_key=secret))

    return make


def test_a_key_that_may_not_list_uploads_goes_on_all_the_same(library: Library, make: Maker, allowed: Callable[..., ObjectStore], sent: list[str]) -> None:
    store = allowed("s3:ListBucketMultipartUploads")
    recording = make.recording(content=content(BIG))
    key = str(ObjectKey(RECORDING, library.device_id, recording.id, sha256(content(BIG))))
    with pytest.raises(BackendError) as told:
        store.unfinished(key)
    assert told.value.trouble is BackendTrouble.DENIED
    library.aim(store.address.bucket, "")
    library.settle(store.address.bucket)
    library.begin_upload(key, RECORDING, recording.id, size=BIG, sha256=sha256(content(BIG)))  # by a program that died before it knew its upload's id
    mirror(library, store)
    assert sent == [key] and of(library, recording) == [key]
    assert [job.error for job in library.uploads(*UploadState)] == [""]
    assert library.mirror_state().trouble == ""
    store.close()


def test_a_key_that_may_not_list_at_all_sends_everything_once(library: Library, make: Maker, allowed: Callable[..., ObjectStore], sent: list[str]) -> None:
    store = allowed("s3:ListBucket")
    recording = make.recording()
    with pytest.raises(BackendError):
        list(store.list("recordings/"))
    mirror(library, store)
    mirror(library, store)
    assert sent == of(library, recording) and len(sent) == 1
    assert library.is_journal_of(store.address.bucket)
    store.close()


def test_a_wrong_key_does_not_make_the_journal_the_stores(library: Library, make: Maker, object_server: Store, bucket: Callable[[], ObjectStore]) -> None:
    if not isinstance(object_server, Minio):
        pytest.skip("needs MinIO itself: moto checks no keys")
    right = bucket()
    wrong = ObjectStore(object_server.address(right.address.bucket, secret_key="not-this-one"))  # noqa: S106
    recording = make.recording()
    with pytest.raises(BackendError):
        mirror(library, wrong)
    wrong.close()
    assert not library.is_journal_of(right.address.bucket)
    mirror(library, right)
    assert keys_in(right) == set(of(library, recording))
