"""The delivery `url`: the clip lies in the person's object store, and the model is told where.

Such an address is a secret for as long as it is valid: it goes into the request and nowhere else, and what a server repeats of it is taken out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from skiuo_desktop.analysis.delivery import URL, Media
from skiuo_desktop.analysis.provider import NO_STORE, Links, Placed
from skiuo_desktop.errors import AnalysisError, Cancelled, SkiuoError
from skiuo_desktop.model import FailureKind

_SIGNATURES = ("x-amz-signature", "signature", "x-amz-security-token")


@dataclass(frozen=True, slots=True)
class NoLinks:
    """The clip is not to be fetched, and why."""

    reason: str

    def hindrance(self) -> str:
        return self.reason

    async def place(self, data: bytes, form: str) -> Placed:
        raise AssertionError("Nothing is placed where there is a hindrance.")

    async def sign(self, placed: Placed) -> str:
        raise AssertionError("Nothing is signed where there is a hindrance.")


def hindrance_of(links: Links | None) -> str:
    """As `Links.hindrance`. Blocks."""
    return links.hindrance() if links is not None else NO_STORE


async def placed(links: Links | None, prepare: Callable[[Callable[[], str]], Media]) -> tuple[Media, Placed | None]:
    """What is sent of a clip, and where it lies if the model is to fetch it. Where it cannot be laid there it goes another way, and says why.

    `prepare` blocks; it is given what says why a model cannot fetch.
    """
    media = await asyncio.to_thread(prepare, lambda: hindrance_of(links))
    if media.plan.delivery != URL or links is None:
        return media, None
    try:
        return media, await links.place(media.video, media.plan.format)
    except Cancelled:
        raise
    except SkiuoError as error:
        reason = str(error)
        return await asyncio.to_thread(prepare, lambda: reason), None


async def signed(links: Links, place: Placed) -> str:
    """A new address. Raises AnalysisError (CANNOT_FETCH) where there is none to be had: nothing has been sent then."""
    try:
        return await links.sign(place)
    except Cancelled:
        raise
    except SkiuoError as error:
        raise AnalysisError.of(FailureKind.CANNOT_FETCH, str(error)) from error


def secrets_of(url: str) -> tuple[str, ...]:
    """What of a signed address must not be kept, however it is quoted: signatures are hexadecimal, so that escaping does not change them."""
    return tuple(value for name, value in parse_qsl(urlsplit(url).query) if name.lower() in _SIGNATURES and value)
