"""What goes wrong between this program and an object store, as one sentence and one trouble.

Codes: the error responses of the Amazon S3 API reference; `XMinio…`: cmd/api-errors.go of MinIO; `XAdminUserNotFound` is versitygw's for an access key that it
does not know.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError, SSLError

from skiuo_desktop import failures
from skiuo_desktop.backend import way
from skiuo_desktop.backend.address import StoreAddress
from skiuo_desktop.backend.pool import NoStoreError
from skiuo_desktop.errors import BackendError, NotFoundError
from skiuo_desktop.model import BackendTrouble, Remark

MOST_SKEW_S = 900.0
"""S3 refuses signatures whose time is further off."""

_MOST_DETAIL = 300

_CODES: dict[str, BackendTrouble] = {
    **dict.fromkeys(
        (
            "AccessDenied",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "InvalidToken",
            "AccountProblem",
            "AllAccessDisabled",
            "XAdminUserNotFound",
        ),
        BackendTrouble.DENIED,
    ),
    **dict.fromkeys(("RequestTimeTooSkewed", "RequestExpired"), BackendTrouble.CLOCK),
    "NoSuchBucket": BackendTrouble.MISSING,
    **dict.fromkeys(
        ("XMinioStorageFull", "StorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "InsufficientCapacity", "XMinioDiskFull"), BackendTrouble.FULL
    ),
    **dict.fromkeys(
        ("SlowDown", "SlowDownRead", "SlowDownWrite", "ServiceUnavailable", "InternalError", "RequestTimeout", "TooManyRequests", "OperationAborted"),
        BackendTrouble.BUSY,
    ),
    **dict.fromkeys(
        ("BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "IncompleteBody", "InvalidPart"), BackendTrouble.DIFFERENT
    ),
}
_STATUSES = {
    401: BackendTrouble.DENIED,
    403: BackendTrouble.DENIED,
    429: BackendTrouble.BUSY,
    500: BackendTrouble.BUSY,
    502: BackendTrouble.BUSY,
    503: BackendTrouble.BUSY,
    504: BackendTrouble.BUSY,
    507: BackendTrouble.FULL,
}


@contextmanager
def translated(address: StoreAddress) -> Iterator[None]:
    """Everything that the client may raise inside becomes BackendError, or NotFoundError for an object that is not there."""
    try:
        yield
    except S3Error as error:
        raise of_answer(address, code_of(error), error.message or "", status=error.response.status, headers=error.response.headers) from error
    except ServerError as error:
        raise of_answer(address, "", f"HTTP {error.status_code}", status=error.status_code) from error
    except NoStoreError as error:
        raise _of_stranger(address, error.status) from error
    except SSLError as error:
        raise _of_tls(address, error) from error
    except HTTPError as error:
        raise failures.backend_error(BackendTrouble.UNREACHABLE, address.host, _clean(address, _innermost(error))) from error
    except (InvalidResponseError, ParseError, ValueError) as error:
        raise failures.backend_error(BackendTrouble.REFUSED, address.host, Remark("no_store")) from error


def code_of(error: S3Error) -> str:
    """The answer to HEAD has no body, and the client guesses from its status; MinIO says the code in a header."""
    return str(error.response.headers.get("x-minio-error-code") or error.code or "")


def of_answer(address: StoreAddress, code: str, message: str, *, status: int = 0, headers: Mapping[str, str] | None = None) -> BackendError | NotFoundError:
    """The error for an S3 error response. A refusal whose date is far from ours is put down to the clock: it would be the reason whatever the server says."""
    if code in ("NoSuchKey", "NoSuchVersion", "NoSuchUpload"):
        return NotFoundError(f"{address.host} does not have this object any more.")
    trouble = _CODES.get(code) or _STATUSES.get(status) or BackendTrouble.REFUSED
    if trouble is BackendTrouble.DENIED and abs(skew_s(headers or {}) or 0.0) > MOST_SKEW_S:
        trouble = BackendTrouble.CLOCK
    return failures.backend_error(trouble, address.host, _clean(address, f"{code}: {message}" if code and message else code or message))


def skew_s(headers: Mapping[str, str]) -> float | None:
    """How far the server's clock is ahead of ours, by its Date header; None where it has none."""
    try:
        return parsedate_to_datetime(headers["date"]).timestamp() - time.time()
    except (KeyError, TypeError, ValueError):
        return None


def _of_stranger(address: StoreAddress, status: int) -> BackendError:
    """A proxy, or some other web server. What it said stays out: nobody knows what it repeats."""
    return failures.backend_error(_STATUSES.get(status, BackendTrouble.REFUSED), address.host, Remark("no_store_status", {"status": status}))


def _of_tls(address: StoreAddress, error: SSLError) -> BackendError:
    cause: Any = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return failures.backend_error(way.trouble_of(cause), address.host, _clean(address, cause.verify_message))
    if isinstance(cause, ssl.SSLError) and cause.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return failures.backend_error(BackendTrouble.REFUSED, address.host, Remark("no_tls_here"))
    return failures.backend_error(BackendTrouble.UNREACHABLE, address.host, _clean(address, _innermost(error)))


def _innermost(error: BaseException) -> str:
    """`Connection reset by peer`, not the three exceptions around it."""
    inner: BaseException = error
    while (cause := next((part for part in reversed(inner.args) if isinstance(part, BaseException)), None) or inner.__cause__) is not None:
        inner = cause
    return getattr(inner, "strerror", None) or f"{type(inner).__name__}: {inner}"


def _clean(address: StoreAddress, text: str) -> str:
    for secret in (address.secret_key, address.access_key):
        text = text.replace(secret, "…")
    text = " ".join(text.split())
    return text if len(text) <= _MOST_DETAIL else text[: _MOST_DETAIL - 1] + "…"
