"""The hops of a check: one after the other, told as they end; after a failed one the others of that server are skipped."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from skiuo_desktop.errors import BackendError, SkiuoError
from skiuo_desktop.model import BackendHop, BackendTrouble

OnHop = Callable[[BackendHop], None]

_ADVICE = {
    BackendTrouble.UNREACHABLE: "Check the network, the address and that the server runs.",
    BackendTrouble.TLS: "Where a private authority has signed it, give that authority's certificate: `skiuo backend set --ca FILE`.",
    BackendTrouble.PLAIN: "Use https or TLS; or allow it for this host: `skiuo backend set --allow-http`.",
    BackendTrouble.CLOCK: "Set the clock of this computer or of the server.",
    BackendTrouble.DENIED: "Enter the key or password again with `skiuo backend set`; `skiuo backend init --print-only` prints what it has to be allowed.",
    BackendTrouble.MISSING: "`skiuo backend init` makes it, with an administrator's key or password.",
    BackendTrouble.FULL: "Free some space on the server, or raise the quota.",
    BackendTrouble.BUSY: "Try again a little later.",
    BackendTrouble.NEWER: "Update this program.",
    BackendTrouble.OLDER: "`skiuo backend init` brings it up to date, with an administrator's password.",
    BackendTrouble.DIFFERENT: "Something on the way or in the store changes what passes: look for a proxy, and at the store's disks.",
    BackendTrouble.REFUSED: "Look at the server's log.",
}

_NO_RIGHTS = "This role has no rights there: `skiuo backend init --create-role`, with an administrator's password."
_ADVICE_AT = {
    # The key itself was taken before these.
    (
        "bucket",
        BackendTrouble.DENIED,
    ): "Check the bucket's name. Where it is right, this key has no rights there: `skiuo backend init --print-only` prints them.",
    ("schema", BackendTrouble.DENIED): _NO_RIGHTS,
    ("row", BackendTrouble.DENIED): _NO_RIGHTS,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a hop that did not fail has seen. `warned`: it works, but `advice` should be read."""

    detail: str = ""
    advice: str = ""
    warned: bool = False


class Walk:
    """One server's hops, in the order of `names`."""

    def __init__(self, server: str, names: Sequence[str], on_hop: OnHop) -> None:
        self.server = server
        self.hops: list[BackendHop] = []
        self._names = names
        self._on_hop = on_hop
        self._broken = False

    def hop(self, name: str, look: Callable[[], Seen], *, always: bool = False) -> None:
        """Looks, or skips. `always`: also after a failed one (what was stored has to go again)."""
        if self._broken and not always:
            self._tell(BackendHop(name, self.server, "skipped"))
            return
        begun = time.monotonic()
        try:
            seen = look()
        except SkiuoError as error:
            self._broken = True
            self._tell(BackendHop(name, self.server, "failed", _since(begun), *_told(name, error)))
        else:
            self._tell(BackendHop(name, self.server, "warned" if seen.warned else "ok", _since(begun), seen.detail, seen.advice))

    def refused(self, name: str, error: SkiuoError) -> list[BackendHop]:
        """The whole walk where `error` stands in the way before the first step; it is shown at the hop `name`."""
        for each in self._names:
            self._tell(BackendHop(each, self.server, "failed", 0, *_told(name, error)) if each == name else BackendHop(each, self.server, "skipped"))
        return self.hops

    def _tell(self, hop: BackendHop) -> None:
        self.hops.append(hop)
        self._on_hop(hop)


def _told(hop: str, error: SkiuoError) -> tuple[str, str]:
    """(what was seen, what to do), at that hop. An error that is not the server's says both itself."""
    if isinstance(error, BackendError):
        return error.detail or str(error), _ADVICE_AT.get((hop, error.trouble), _ADVICE[error.trouble])
    return str(error), ""


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
