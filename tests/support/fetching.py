"""How the scripted model servers fetch a clip: a plain GET as anybody would send it, with nothing but the address."""

from __future__ import annotations

import urllib.error
import urllib.request

TIMEOUT_S = 30.0


class Unfetched(Exception):
    """`status` 0: there was no answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


def fetch(url: str) -> tuple[bytes, str]:
    """(content, its type). Raises Unfetched, also where the length is not said: real services refuse that."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=TIMEOUT_S) as answer:
            if answer.headers.get("Content-Length") is None:
                raise Unfetched(answer.status, "Missing Content-Length of multimodal url")
            return answer.read(), answer.headers.get("Content-Type", "")
    except urllib.error.HTTPError as error:
        with error:
            raise Unfetched(error.code, error.reason) from None
    except OSError as error:
        raise Unfetched(0, str(error)) from None
