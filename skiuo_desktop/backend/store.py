"""The user's object store, by the S3 API: MinIO, and others that speak it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from minio.datatypes import Object
from minio.deleteobjects import DeleteObject
from minio.error import S3Error

from skiuo_desktop import __version__, failures
from skiuo_desktop.backend import download, lifecycle, multipart
from skiuo_desktop.backend.address import StoreAddress
from skiuo_desktop.backend.arrival import Changed, Client
from skiuo_desktop.backend.lifecycle import LifecycleRule
from skiuo_desktop.backend.pool import Pool
from skiuo_desktop.backend.store_errors import code_of, of_answer, skew_s, translated
from skiuo_desktop.backend.throttle import Limiter, never, nobody, watched
from skiuo_desktop.errors import BackendError
from skiuo_desktop.model import BackendTrouble

LONGEST_PRESIGNED_S = 7 * 24 * 3600
"""The most that signature version 4 allows."""

_META = "x-amz-meta-"


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as the store has it. `metadata`: user metadata, names in small letters. `sha256`: hex, as written in it; empty where it is not."""

    key: str
    bytes: int
    etag: str
    sha256: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    modified: datetime | None = None
    content_type: str = ""


class ObjectStore:
    """One bucket. Blocking and thread-safe; connections are kept and shared.

    Every method raises BackendError for what goes wrong between here and there. Nothing is tried again by itself, save for a connection that the server had
    closed while it was idle.
    """

    def __init__(self, address: StoreAddress, limiter: Limiter | None = None, timeout_s: float = 30.0) -> None:
        """`limiter`: how fast all uploads together may be. `timeout_s`: how long the server may be silent.

        Raises UsageError for a CA file that cannot be read.
        """
        self.address = address
        self._pool = Pool(address, limiter or Limiter(), timeout_s)
        self._client = self._client_of(address.endpoint, address.region or None)
        self._bucket = address.bucket

    @property
    def host(self) -> str:
        return self.address.host

    def close(self) -> None:
        self._pool.clear()

    def put(
        self,
        key: str,
        data: bytes,
        content_type: str,
        metadata: Mapping[str, str],
        *,
        on_progress: Callable[[int], None] = nobody,
        stop: Callable[[], bool] = never,
    ) -> Stored:
        """Writes an object in one request, whole or not at all. Raises BackendError: DIFFERENT where something else arrived; Cancelled.

        A `sha256` in the metadata is the caller's word; it is not reckoned again here. Most servers refuse a wrong one (see `arrival`).
        """
        sha256 = metadata.get("sha256") or hashlib.sha256(data).hexdigest()
        try:
            with translated(self.address), watched(on_progress, stop):
                etag = self._client.send(self._bucket, key, data, _headers(content_type, metadata), sha256)
        except Changed as error:
            self.delete([key])
            raise self._different(str(error)) from error
        return Stored(key, len(data), etag, sha256, dict(metadata), datetime.now(UTC), content_type)

    def send_file(
        self,
        key: str,
        path: Path,
        content_type: str,
        metadata: Mapping[str, str],
        *,
        upload_id: str = "",
        on_upload_id: Callable[[str], None] = lambda _upload_id: None,
        on_progress: Callable[[int], None] = nobody,
        stop: Callable[[], bool] = never,
    ) -> Stored:
        """Writes a file as an object: one request up to 8 MiB, parts beyond, which go on where an earlier call was interrupted.

        `upload_id`: what `on_upload_id` was called with then. It is called with a new one before the first part leaves, with an empty one when that upload
        was given up. Parts that the server has are compared with the file by MD5 and not sent again. `on_progress`: bytes of the file that are there or on
        their way.

        Raises Cancelled (the upload can go on), BackendError, OSError for the file.
        """
        if path.stat().st_size <= multipart.LEAST_PART:
            data = path.read_bytes()
            if metadata.get("sha256", "") not in ("", hashlib.sha256(data).hexdigest()):
                raise self._different("the file here is not what it was when the upload was planned")
            return self.put(key, data, content_type, metadata, on_progress=on_progress, stop=stop)
        file = multipart.File(key, path, _headers(content_type, metadata), metadata.get("sha256", ""))
        try:
            with translated(self.address):
                sent = multipart.send(self._client, self._bucket, file, upload_id=upload_id, on_upload_id=on_upload_id, on_progress=on_progress, stop=stop)
        except Changed as error:
            raise self._different(str(error)) from error
        return Stored(key, sent.bytes, sent.etag, sent.sha256, dict(metadata), datetime.now(UTC), content_type)

    def stat(self, key: str) -> Stored | None:
        """What the store says of an object; None where it has none (or no such bucket, where it does not tell them apart)."""
        with translated(self.address):
            try:
                return _stored(self._client.stat_object(self._bucket, key))
            except S3Error as error:
                if code_of(error) != "NoSuchKey":
                    raise
                return None

    def read(self, key: str) -> bytes:
        """A whole object. Raises NotFoundError where there is none."""
        return self._get(key, 0, 0)

    def open_range(self, key: str, start: int, end: int) -> bytes:
        """The bytes `[start, end)` of an object; fewer where it ends before. Raises NotFoundError where there is none."""
        if not 0 <= start < end:
            raise ValueError(f"not a range: [{start}, {end})")
        return self._get(key, start, end - start)

    def fetch(
        self,
        key: str,
        target: Path,
        on_progress: Callable[[int], None] = nobody,
        expected_sha256: str = "",
        *,
        stop: Callable[[], bool] = never,
    ) -> Stored:
        """Writes an object to a file, whole or not at all; goes on where an earlier call was interrupted. Without `expected_sha256` the metadata's counts.

        Raises NotFoundError, Cancelled (what came is kept for the next call), BackendError: DIFFERENT (it is thrown away), OSError for the file.
        """
        found = self.stat(key)
        if found is None:
            raise of_answer(self.address, "NoSuchKey", "")
        sha256 = expected_sha256 or found.sha256
        try:
            with translated(self.address):
                download.fetch(self._client, self._bucket, key, target, size=found.bytes, sha256=sha256, on_progress=on_progress, stop=stop)
        except Changed as error:
            raise BackendError(f"What came from {self.host} is not what was stored there.", BackendTrouble.DIFFERENT, server=self.host) from error
        return found

    def delete(self, keys: Sequence[str]) -> None:
        """Removes objects; those that are not there are fine. Raises BackendError for the first that could not be removed, the others being gone."""
        with translated(self.address):
            failed = [error for error in self._client.remove_objects(self._bucket, [DeleteObject(key) for key in keys]) if error.code != "NoSuchKey"]
        if failed:
            raise of_answer(self.address, failed[0].code or "", failed[0].message or "it did not remove an object.")

    def list(self, prefix: str, *, metadata: bool = False) -> Iterator[Stored]:
        """All objects whose key begins with `prefix`, in order of their keys. `metadata`: with it and the content type, which costs a request for each object
        on a server that does not list it (only MinIO does)."""
        with translated(self.address):
            for found in self._client.list_objects(self._bucket, prefix=prefix, recursive=True, include_user_meta=metadata):
                if metadata and not found.metadata:
                    if (whole := self.stat(found.object_name or "")) is not None:
                        yield whole
                else:
                    yield _stored(found)

    def unfinished(self, prefix: str) -> Sequence[tuple[str, str]]:
        """(key, upload id) of uploads that were neither completed nor given up. MinIO finds them by a whole key only, not by a shorter prefix."""
        with translated(self.address):
            return [*multipart.unfinished(self._client, self._bucket, prefix)]

    def abandon(self, key: str, upload_id: str) -> None:
        """Lets the server throw away what came of an upload; fine where there is none."""
        with translated(self.address):
            multipart.abandon(self._client, self._bucket, key, upload_id)

    def presign(self, key: str, expires_s: int) -> str:
        """An address from which anybody can read the object until it expires, signed for the public endpoint where there is one. At most 7 days.

        It is made here, without a request, save that the bucket's region is asked for once where the address does not say it.
        """
        with translated(self.address):
            region = self._client._get_region(self._bucket)
            signer = self._client_of(self.address.public_endpoint or self.address.endpoint, region)
            return signer.presigned_get_object(self._bucket, key, timedelta(seconds=max(1, min(expires_s, LONGEST_PRESIGNED_S))))

    def clock_skew_s(self) -> float:
        """How far the server's clock is ahead of this computer's, to about a second. Raises BackendError, REFUSED where it does not say its time."""
        begun = time.monotonic()
        with translated(self.address):
            response = self._pool.urlopen("HEAD", f"{self.address.endpoint}/")
            skew = skew_s(response.headers)
            if skew is None:
                raise ValueError("no Date header")
        # The header has whole seconds, cut off: half a second is added, and half of the way there and back.
        return skew + 0.5 + (time.monotonic() - begun) / 2

    def exists(self) -> bool:
        """Whether the bucket is there."""
        with translated(self.address):
            if self._client.bucket_exists(self._bucket):
                return True
            try:
                # The answer to HEAD has no body: a server may say 404 for a key that it does not know, too.
                multipart.bucket_call(self._client, "GET", self._bucket, "location")
            except S3Error as error:
                if code_of(error) != "NoSuchBucket":
                    raise
                return False
            return True

    def create_bucket(self) -> None:
        """Makes the bucket; fine where it is there and ours."""
        with translated(self.address):
            try:
                self._client.make_bucket(self._bucket, self.address.region or None)
            except S3Error as error:
                if code_of(error) != "BucketAlreadyOwnedByYou":
                    raise

    def lifecycle(self) -> Sequence[LifecycleRule]:
        """The bucket's rules as the server has them, those of others as well."""
        return lifecycle.rules(self._rules())

    def set_lifecycle(self, days: int | None, cold_after_days: int | None = None, cold_class: str = "") -> None:
        """Lets the bucket remove recordings and clips after `days`; None: never. After `cold_after_days` they go to the colder class `cold_class`.

        Rules of others stay. Uploads that were never completed go after a week where the store takes such a rule.
        """
        rules = self._rules()
        with translated(self.address):
            try:
                self._write_rules(lifecycle.changed(rules, days, cold_after_days, cold_class, unfinished=True))
            except S3Error:
                self._write_rules(lifecycle.changed(rules, days, cold_after_days, cold_class, unfinished=False))

    def _rules(self) -> ElementTree.Element:
        with translated(self.address):
            try:
                return lifecycle.read(multipart.bucket_call(self._client, "GET", self._bucket, "lifecycle"))
            except S3Error as error:
                if code_of(error) == "NoSuchLifecycleConfiguration":
                    return lifecycle.read("")
                if code_of(error) in ("NotImplemented", "MethodNotAllowed"):
                    raise failures.backend_error(BackendTrouble.REFUSED, self.host, "it has no lifecycle rules.") from error
                raise

    def _write_rules(self, body: bytes) -> None:
        multipart.bucket_call(self._client, "PUT" if body else "DELETE", self._bucket, "lifecycle", body)

    def _get(self, key: str, offset: int, length: int) -> bytes:
        with translated(self.address):
            response = self._client.get_object(self._bucket, key, offset=offset, length=length)
            try:
                data = response.read()
            finally:
                response.close()
                response.release_conn()
        # A server that does not know ranges answers with the whole.
        return data[offset : offset + length] if length and response.status == 200 else data

    def _client_of(self, endpoint: str, region: str | None) -> Client:
        parts = urlsplit(endpoint)
        client = Client(
            parts.netloc,
            access_key=self.address.access_key,
            secret_key=self.address.secret_key,
            secure=parts.scheme == "https",
            region=region,
            http_client=self._pool,
        )
        client.set_app_info("skiuo", __version__)
        return client

    def _different(self, detail: str) -> BackendError:
        return failures.backend_error(BackendTrouble.DIFFERENT, self.host, detail)


def _headers(content_type: str, metadata: Mapping[str, str]) -> dict[str, str]:
    return {"Content-Type": content_type, **{f"{_META}{name.lower()}": value for name, value in metadata.items()}}


def _stored(found: Object) -> Stored:
    entries = {name.lower(): value for name, value in (found.metadata or {}).items()}
    metadata = {name.removeprefix(_META): value for name, value in entries.items() if name.startswith(_META)}
    return Stored(
        key=found.object_name or "",
        bytes=found.size or 0,
        etag=found.etag or "",
        sha256=metadata.get("sha256", ""),
        metadata=metadata,
        modified=found.last_modified,
        content_type=found.content_type or entries.get("content-type", ""),
    )
