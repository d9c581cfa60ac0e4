"""Objects are put, found, read and removed; against two servers that were written by different people."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from backend.store_parts import CLIP_KEY, KEY, content, http_get, metadata_for, sha256
from support.services import Store, wait_until

from skiuo_desktop.backend.download import partial_of
from skiuo_desktop.backend.keys import unpack_metadata
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.backend.throttle import never
from skiuo_desktop.errors import BackendError, Cancelled, NotFoundError
from skiuo_desktop.model import BackendTrouble


def test_an_object_comes_back_with_all_that_was_written_beside_it(store: ObjectStore) -> None:
    data = content(100_000)
    put = store.put(KEY, data, "video/webm", metadata_for(data))
    found = store.stat(KEY)
    assert found is not None
    assert (found.key, found.bytes, found.etag, found.sha256, found.content_type) == (KEY, len(data), put.etag, sha256(data), "video/webm")
    assert unpack_metadata(found.metadata)["recording"] == {"title": "焊接 ⚙ 第一批"}
    assert found.modified is not None
    assert abs(found.modified - datetime.now(UTC)) < timedelta(minutes=5)
    assert store.read(KEY) == data
    assert store.open_range(KEY, 10, 20) == data[10:20]
    assert store.open_range(KEY, len(data) - 5, len(data) + 5) == data[-5:]


def test_an_object_is_replaced_whole_and_may_be_empty(store: ObjectStore) -> None:
    store.put(KEY, b"first", "text/plain", {})
    store.put(KEY, b"", "text/plain", {})
    found = store.stat(KEY)
    assert found is not None
    assert (found.bytes, store.read(KEY), found.metadata) == (0, b"", {})


def test_what_is_not_there(store: ObjectStore, tmp_path: Path) -> None:
    assert store.stat(KEY) is None
    with pytest.raises(NotFoundError):
        store.read(KEY)
    with pytest.raises(NotFoundError):
        store.fetch(KEY, tmp_path / "film.webm")
    assert list(tmp_path.iterdir()) == []
    assert list(store.list("recordings/")) == []


def test_a_list_has_what_begins_alike_and_on_wish_what_is_beside_it(store: ObjectStore) -> None:
    for key in (KEY, "recordings/d/r2/a.webm", CLIP_KEY):
        store.put(key, key.encode(), "video/webm", metadata_for(key.encode()))
    listed = list(store.list("recordings/"))
    assert [(item.key, item.bytes) for item in listed] == [(KEY, len(KEY)), ("recordings/d/r2/a.webm", 22)]
    assert listed[0].modified is not None
    whole = list(store.list("clips/", metadata=True))
    assert [(item.key, item.sha256, item.content_type) for item in whole] == [(CLIP_KEY, sha256(CLIP_KEY.encode()), "video/webm")]
    assert unpack_metadata(whole[0].metadata)["recording"] == {"title": "焊接 ⚙ 第一批"}


def test_more_than_a_page_is_listed(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"clips/d/r/{n}" for n in range(5)]
    for name in names:
        store.put(name, b"x", "video/webm", {})
    monkeypatch.setattr(store._client, "_list_objects", partial(store._client._list_objects, max_keys=2))
    assert [item.key for item in store.list("clips/")] == names


def test_removing_what_is_not_there_is_fine(store: ObjectStore) -> None:
    store.put(KEY, b"x", "video/webm", {})
    store.delete(["recordings/d/r/other.webm", KEY])
    store.delete([KEY])
    store.delete([])
    assert store.stat(KEY) is None


def test_what_is_not_what_its_metadata_says_is_not_fetched(store: ObjectStore, tmp_path: Path) -> None:
    data = b"one"
    store._client.put_object(store.address.bucket, KEY, io.BytesIO(data), len(data), metadata=dict(metadata_for(b"another")))
    with pytest.raises(BackendError) as told:
        store.fetch(KEY, tmp_path / "film.webm")
    assert told.value.trouble is BackendTrouble.DIFFERENT
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_fetched_whole_or_not_at_all(store: ObjectStore, tmp_path: Path) -> None:
    data, target, seen = content(700_000), tmp_path / "far" / "film.webm", list[int]()
    store.put(KEY, data, "video/webm", metadata_for(data))
    with pytest.raises(Cancelled):
        store.fetch(KEY, target, seen.append, stop=lambda: bool(seen) and seen[-1] > 0)
    assert not target.exists()
    store.fetch(KEY, target, seen.append, sha256(data), stop=never)
    assert target.read_bytes() == data
    assert seen == sorted(seen)
    assert seen[-1] == len(data)
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("expected", [True, False])
def test_a_file_with_another_content_is_not_taken(store: ObjectStore, tmp_path: Path, expected: bool) -> None:
    """Neither by the hash that the caller knows, nor by the one that is written beside the object; and what was wrong is not gone on with."""
    data, target = content(300_000), tmp_path / "film.webm"
    store.put(KEY, data, "video/webm", {} if expected else metadata_for(data))
    if not expected:
        partial_of(target, KEY, sha256(data)).write_bytes(content(1000, seed=9))
    with pytest.raises(BackendError) as told:
        store.fetch(KEY, target, expected_sha256=sha256(b"other") if expected else "")
    assert told.value.trouble is BackendTrouble.DIFFERENT
    assert list(tmp_path.iterdir()) == []
    if not expected:
        store.fetch(KEY, target)
        assert target.read_bytes() == data


def test_a_partial_file_that_is_too_long_is_begun_anew(store: ObjectStore, tmp_path: Path) -> None:
    data, target = content(1000), tmp_path / "film.webm"
    store.put(KEY, data, "video/webm", metadata_for(data))
    partial_of(target, KEY, sha256(data)).write_bytes(content(5000, seed=3))
    store.fetch(KEY, target)
    assert target.read_bytes() == data


def test_a_persons_own_files_beside_it_are_left_alone(store: ObjectStore, tmp_path: Path) -> None:
    data, target, own = content(1000), tmp_path / "film.webm", tmp_path / "film.webm.part"
    store.put(KEY, data, "video/webm", metadata_for(data))
    own.write_bytes(b"mine")
    store.fetch(KEY, target)
    assert target.read_bytes() == data and own.read_bytes() == b"mine"


def test_a_presigned_address_is_for_anybody_and_for_one_object(strict_store: ObjectStore) -> None:
    strict_store.put(KEY, b"film", "video/webm", {})
    strict_store.put(CLIP_KEY, b"clip", "video/webm", {})
    url = strict_store.presign(KEY, 600)
    assert http_get(url) == (200, b"film")
    assert http_get(url.replace(KEY, CLIP_KEY))[0] == 403
    assert http_get(url.partition("?")[0])[0] == 403
    assert strict_store.address.secret_key not in url


def test_a_presigned_address_expires(strict_store: ObjectStore) -> None:
    strict_store.put(KEY, b"film", "video/webm", {})
    url = strict_store.presign(KEY, 1)
    wait_until(lambda: http_get(url)[0] == 403, "the address has expired")
    assert parse_qs(urlsplit(strict_store.presign(KEY, 30 * 24 * 3600)).query)["X-Amz-Expires"] == [str(7 * 24 * 3600)]


def test_a_presigned_address_is_of_the_public_endpoint(each_server: Store, opened: Callable[..., ObjectStore]) -> None:
    store = opened(each_server, public_endpoint="https://public.example:8443")
    url = urlsplit(store.presign(KEY, 60))
    assert (url.scheme, url.netloc, url.path) == ("https", "public.example:8443", f"/{store.address.bucket}/{KEY}")


def test_the_region_need_not_be_given(each_server: Store, opened: Callable[..., ObjectStore]) -> None:
    store = opened(each_server, region="")
    store.put(KEY, b"film", "video/webm", {})
    assert http_get(store.presign(KEY, 600)) == (200, b"film")


def test_the_bucket(each_server: Store, opened: Callable[..., ObjectStore]) -> None:
    store = opened(each_server, "not-yet-there-1")
    assert not store.exists()
    there = opened(each_server)
    assert there.exists()
    there.create_bucket()


def test_the_clock_of_the_server(store: ObjectStore) -> None:
    assert abs(store.clock_skew_s()) < 60


def test_an_upload_that_was_begun_is_found_and_given_up(store: ObjectStore) -> None:
    upload_id = store._client._create_multipart_upload(store.address.bucket, KEY, {})
    assert store.unfinished(KEY) == [(KEY, upload_id)]
    store.abandon(KEY, upload_id)
    store.abandon(KEY, upload_id)
    assert store.unfinished(KEY) == []
