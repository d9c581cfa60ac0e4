"""A large file as an object in parts, which goes on where it was interrupted.

It uses private calls of the `minio` client, which has no public one that goes on with an upload.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from minio import Minio
from minio.datatypes import Part
from minio.error import S3Error

from skiuo_desktop.backend.arrival import Changed, Client, md5, same_etag
from skiuo_desktop.backend.store_errors import code_of
from skiuo_desktop.backend.throttle import watched
from skiuo_desktop.errors import Cancelled

LEAST_PART = 8 << 20
MOST_PARTS = 10_000

_PART = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class File:
    """A file to send and what its object carries. `headers`: content type and user metadata. `sha256` (hex, or empty): what its content must be."""

    key: str
    path: Path
    headers: Mapping[str, str]
    sha256: str = ""


@dataclass(frozen=True)
class Sent:
    etag: str
    sha256: str
    bytes: int


def part_size(size: int) -> int:
    """The same for the same size, so that a later run cuts the file alike: whole mebibytes, at most MOST_PARTS parts."""
    mebibytes = -(-size // (MOST_PARTS << 20))
    return max(LEAST_PART, mebibytes << 20)


def send(
    client: Client,
    bucket: str,
    file: File,
    *,
    upload_id: str,
    on_upload_id: Callable[[str], None],
    on_progress: Callable[[int], None],
    stop: Callable[[], bool],
) -> Sent:
    """Sends what the server does not have yet, and completes the object.

    `upload_id`: of an earlier run, or empty. `on_upload_id` is called with a new one before the first part leaves, with an empty one when an upload was
    given up. `on_progress`: bytes of the file that the server has or that are on their way.

    Raises Cancelled (the upload can go on later), Changed, and what the client raises.
    """
    upload = _Upload(client, bucket, file, on_progress, stop)
    for last in (False, True):
        parts: dict[int, Part] = {}
        try:
            if upload_id:
                parts = {part.part_number: part for part in upload.parts(upload_id)}
            else:
                upload.clear()
                upload_id = upload.begin()
                on_upload_id(upload_id)
            return upload.finish(upload_id, parts)
        except S3Error as error:
            if code_of(error) != "NoSuchUpload":
                raise
            # Completed by an earlier run that was cut off before it heard so, or removed by the server.
            if (done := upload.completed()) is not None:
                return done
            if last:
                raise
            upload_id = ""
        except Changed:
            upload.abandon(upload_id)
            on_upload_id("")
            raise
    raise AssertionError("unreachable")


class _Upload:
    def __init__(self, client: Client, bucket: str, file: File, on_progress: Callable[[int], None], stop: Callable[[], bool]) -> None:
        self._client, self._bucket, self._file = client, bucket, file
        self._on_progress, self._stop = on_progress, stop
        self._size = file.path.stat().st_size
        self._part_size = part_size(self._size)

    def begin(self) -> str:
        return self._client._create_multipart_upload(self._bucket, self._file.key, dict(self._file.headers))

    def clear(self) -> None:
        """Gives up what was begun for this key and never written down, because the program ended in between. Not every key may list."""
        try:
            for key, upload_id in unfinished(self._client, self._bucket, self._file.key):
                if key == self._file.key:
                    self.abandon(upload_id)
        except S3Error as error:
            if code_of(error) not in ("AccessDenied", "NotImplemented", "NoSuchUpload"):
                raise

    def abandon(self, upload_id: str) -> None:
        abandon(self._client, self._bucket, self._file.key, upload_id)

    def parts(self, upload_id: str) -> Iterator[Part]:
        marker: str | None = None
        while True:
            page = self._client._list_parts(self._bucket, self._file.key, upload_id, part_number_marker=marker)
            yield from page.parts
            if not page.is_truncated or not page.parts:
                return
            marker = str(page.parts[-1].part_number)

    def finish(self, upload_id: str, there: Mapping[int, Part]) -> Sent:
        whole, done, parts = hashlib.sha256(), 0, list[Part]()
        with closing(self._read(whole)) as read:
            for number, (data, sha256) in enumerate(read, 1):
                known = there.get(number)
                if known is not None and known.size == len(data) and known.etag == md5(data).hexdigest():
                    etag = known.etag
                else:
                    etag = self._send_part(upload_id, number, data, sha256, done)
                parts.append(Part(number, etag))
                done += len(data)
                self._on_progress(done)
        if done != self._size or (self._file.sha256 and whole.hexdigest() != self._file.sha256):
            raise Changed("the file here is not what it was when the upload was planned")
        result = self._client._complete_multipart_upload(self._bucket, self._file.key, upload_id, parts)
        if not result.etag:
            # S3 answers 200 before it has put the parts together; what went wrong afterwards is in the body.
            raise Changed("the store could not put the parts together")
        own = _etag_of(parts)
        if own is not None and not same_etag(result.etag, own, result.http_headers):
            self._client.remove_object(self._bucket, self._file.key)
            raise Changed("the whole arrived different")
        return Sent(result.etag, whole.hexdigest(), done)

    def _send_part(self, upload_id: str, number: int, data: bytes, sha256: str, before: int) -> str:
        with watched(lambda sent: self._on_progress(before + sent), self._stop):
            try:
                return self._client.send(self._bucket, self._file.key, data, {}, sha256, query={"partNumber": str(number), "uploadId": upload_id})
            except Changed as error:
                raise Changed(f"part {number}: {error}") from error

    def completed(self) -> Sent | None:
        """The object, where it is there and has the same content."""
        whole, parts = hashlib.sha256(), list[Part]()
        for number, (data, _) in enumerate(self._read(whole), 1):
            parts.append(Part(number, md5(data).hexdigest()))
        try:
            found = self._client.stat_object(self._bucket, self._file.key)
        except S3Error as error:
            if code_of(error) == "NoSuchKey":
                return None
            raise
        etag = found.etag or ""
        if found.size != self._size or etag != _etag_of(parts) or (self._file.sha256 and whole.hexdigest() != self._file.sha256):
            return None
        self._on_progress(self._size)
        return Sent(etag, whole.hexdigest(), self._size)

    def _read(self, whole: hashlib._Hash) -> Generator[tuple[bytes, str], None, None]:
        """The parts, each with its SHA-256; `whole` takes in the file. While one is sent, the next is read and hashed."""
        with self._file.path.open("rb") as file, ThreadPoolExecutor(1, "reading ahead") as ahead:
            coming = ahead.submit(self._one, file, whole)
            while (part := coming.result())[0]:
                coming = ahead.submit(self._one, file, whole)
                yield part

    def _one(self, file: BinaryIO, whole: hashlib._Hash) -> tuple[bytes, str]:
        if self._stop():
            raise Cancelled("The upload was stopped.")
        data = file.read(self._part_size)
        whole.update(data)
        return data, hashlib.sha256(data).hexdigest()


def _etag_of(parts: Sequence[Part]) -> str | None:
    """Of the object that is put together of them; None where theirs are no MD5."""
    if not all(_PART.fullmatch(part.etag) for part in parts):
        return None
    return f"{md5(b''.join(bytes.fromhex(part.etag) for part in parts)).hexdigest()}-{len(parts)}"


def unfinished(client: Minio, bucket: str, prefix: str) -> Iterator[tuple[str, str]]:
    """(key, upload id) of what was begun and neither completed nor given up. MinIO answers only where `prefix` is a whole key."""
    key_marker = id_marker = None
    while True:
        page = client._list_multipart_uploads(bucket, prefix=prefix, key_marker=key_marker, upload_id_marker=id_marker)
        for upload in page.uploads:
            if upload.object_name and upload.upload_id:
                yield upload.object_name, upload.upload_id
        if not page.is_truncated or not page.uploads:
            return
        key_marker, id_marker = page.uploads[-1].object_name, page.uploads[-1].upload_id


def abandon(client: Minio, bucket: str, key: str, upload_id: str) -> None:
    """Lets the server throw away the parts; nothing where it has none."""
    try:
        client._abort_multipart_upload(bucket, key, upload_id)
    except S3Error as error:
        if code_of(error) != "NoSuchUpload":
            raise


def bucket_call(client: Minio, method: str, bucket: str, what: str, body: bytes = b"") -> str:
    """A request about the bucket itself (`?lifecycle`, …), and the text of its answer."""
    headers: dict[str, str | list[str] | tuple[str]] = {"Content-MD5": b64encode(md5(body).digest()).decode("ascii")} if body else {}
    return client._execute(method, bucket, body=body or None, headers=headers, query_params={what: ""}).data.decode("utf-8", "replace")
