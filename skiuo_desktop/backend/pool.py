"""The HTTP connections to an object store: certificates verified, no redirects, no repeating, bodies paced."""

from __future__ import annotations

import ssl
from typing import Any

import certifi
import urllib3
from urllib3.exceptions import ProtocolError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Timeout

from skiuo_desktop.backend.address import StoreAddress, ca_error
from skiuo_desktop.backend.throttle import PIECE, Limiter, Paced

CONNECT_S = 15.0


class NoStoreError(Exception):
    """A failure that is not in the words of an object store. `status`: of HTTP."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class Pool(urllib3.PoolManager):
    """What the S3 client sends through. A failure is told at once: when to ask again is for the caller to say.

    The one exception is a connection that the server had closed meanwhile, which says nothing about the server: where it ends before anything was answered and
    hardly anything was sent, the request is made once more on a new one. That is no harm where the first was carried out, save for one that begins an upload:
    it is not repeated.
    """

    def __init__(self, address: StoreAddress, limiter: Limiter, timeout_s: float) -> None:
        options: dict[str, Any] = {"ssl_context": trust(address.ca_file)} if address.secure else {}
        super().__init__(maxsize=4, retries=False, timeout=Timeout(connect=min(CONNECT_S, timeout_s), read=timeout_s), **options)
        self._limiter = limiter

    def urlopen(self, method: str, url: str, redirect: bool = True, **kw: Any) -> BaseHTTPResponse:  # type: ignore[override]
        """As the client calls it: `body` is whole. `redirect` is not followed: a signature is for one host."""
        paced = None
        if kw.get("body"):
            kw["body"] = paced = Paced(kw["body"], self._limiter)
        try:
            response = super().urlopen(method, url, redirect=False, **kw)
        except ProtocolError as error:
            unanswered = any(isinstance(cause, ConnectionError) for cause in error.args)
            begins_an_upload = method == "POST" and "uploads=" in url
            if begins_an_upload or not unanswered or (paced is not None and paced.sent > PIECE):
                raise
            response = super().urlopen(method, url, redirect=False, **kw)
        # The client would decode the page of a proxy or of some other web server, whatever it is written in.
        told = "xml" in response.headers.get("content-type", "") and response.headers.get("content-length") != "0"
        if response.status >= 300 and method != "HEAD" and not told:
            response.close()
            raise NoStoreError(response.status)
        return response


def trust(ca_file: str) -> ssl.SSLContext:
    """Whose certificates are believed: the system's, certifi's, and those in `ca_file`. Raises UsageError where that cannot be read."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:  # ssl.SSLError, too
            raise ca_error(ca_file, error) from error
    return context
