"""One body to the store, and how it is known that what arrived is what was sent.

Every body is signed with its SHA-256 (Signature Version 4: `x-amz-content-sha256`), over TLS too, and a server that keeps to the protocol refuses any other.
Which do so is known by trial. From all others MD5 is asked for as well, which costs more than the rest together: by `Content-MD5`, and by the ETag.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from minio import Minio

CHECKING = frozenset({"minio", "versitygw"})
"""What servers that were seen to refuse another body call themselves (`Server`). Amazon S3 refuses it as well, but wants Content-MD5 for locked objects."""

_SHA256 = "x-amz-content-sha256"
_MD5 = re.compile(r"[0-9a-f]{32}(-\d+)?")


class Changed(Exception):
    """What is at the other side, or the file here, is not what it should be. `str` says which."""


class Client(Minio):
    """The S3 client, which takes a body's SHA-256 from its headers where it is known, instead of hashing once more (or not signing the body, over TLS)."""

    checking = False
    """Whether the server that answered last checks the body's SHA-256."""

    def _build_headers(self, host: str, headers: Any = None, body: bytes | None = None, creds: Any = None) -> tuple[Any, datetime]:
        known = (headers or {}).get(_SHA256)
        if known is None or body is None:
            return super()._build_headers(host, headers, body, creds)
        built, date = super()._build_headers(host, headers, None, creds)
        return built | {_SHA256: known, "Content-Length": str(len(body))}, date

    def send(self, bucket: str, key: str, data: bytes, headers: Mapping[str, str], sha256: str, *, query: Mapping[str, str] | None = None) -> str:
        """Writes an object, or one part of it. Returns its ETag.

        `sha256`: hex, of `data`. Raises Changed, and what the client raises.
        """
        own = None if self.checking else md5(data)
        extra = {_SHA256: sha256} if own is None else {_SHA256: sha256, "Content-MD5": b64encode(own.digest()).decode("ascii")}
        result = self._put_object(bucket, key, data, {**headers, **extra}, dict(query or {}))
        self.checking = result.http_headers.get("server", "").lower() in CHECKING
        etag = result.etag or ""
        if not self.checking and not same_etag(etag, (own or md5(data)).hexdigest(), result.http_headers):
            raise Changed("it arrived different")
        return etag


def same_etag(told: str, own: str, headers: Mapping[str, str] | None = None) -> bool:
    """Whether an ETag may be that of the content.

    One that is no MD5 says nothing; nor does one that looks like it, where the store encrypts with a key of its user's, as it says in `headers`.
    """
    told = told.strip('"').lower()
    encrypted = (headers or {}).get("x-amz-server-side-encryption", "").startswith("aws:kms")
    return encrypted or not _MD5.fullmatch(told) or told == own


def md5(data: bytes) -> hashlib._Hash:
    return hashlib.md5(data, usedforsecurity=False)
