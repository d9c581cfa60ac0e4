"""The hops of a check: one after the other, told as they end; after a failed one the others of that server are skipped."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from skiuo_desktop import remarks
from skiuo_desktop.errors import BackendError, SkiuoError
from skiuo_desktop.model import BackendHop, BackendTrouble, Remark

OnHop = Callable[[BackendHop], None]

_ADVICE = {
    BackendTrouble.UNREACHABLE: "look_at_network",
    BackendTrouble.TLS: "give_authority",
    BackendTrouble.EXPIRED: "renew_now",
    BackendTrouble.PLAIN: "encrypt_or_allow",
    BackendTrouble.CLOCK: "set_clock",
    BackendTrouble.DENIED: "enter_again",
    BackendTrouble.MISSING: "init_makes",
    BackendTrouble.FULL: "free_space",
    BackendTrouble.BUSY: "later",
    BackendTrouble.NEWER: "update",
    BackendTrouble.OLDER: "init_updates",
    BackendTrouble.DIFFERENT: "something_changes",
    BackendTrouble.REFUSED: "look_at_log",
}
_ADVICE_AT = {
    # The key itself was taken before these.
    ("bucket", BackendTrouble.DENIED): "bucket_rights",
    ("schema", BackendTrouble.DENIED): "role_rights",
    ("row", BackendTrouble.DENIED): "role_rights",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a hop that did not fail has seen. `warned`: it works, but `advice` should be read."""

    details: tuple[Remark, ...] = ()
    advice: Remark | None = None
    warned: bool = False


def seen(code: str, **facts: Any) -> Seen:
    """What is in order, in one remark."""
    return Seen((Remark(code, facts),))


def worth_a_look(code: str, advice: str, **facts: Any) -> Seen:
    """What works, with something to do about it. `facts` are those of the first."""
    return Seen((Remark(code, facts),), Remark(advice), warned=True)


def own_words(error: BackendError) -> Remark:
    """What went wrong at a server: as this program says it, or else in the server's own words."""
    if error.remark is not None:
        return error.remark
    cause = Remark(error.trouble.value)
    return Remark("said", {"cause": cause, "words": error.detail}) if error.detail else cause


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
            found = look()
        except SkiuoError as error:
            self._broken = True
            self._tell(self._failed(name, error, _since(begun)))
        else:
            self._tell(_hop(name, self.server, "warned" if found.warned else "ok", _since(begun), found))

    def refused(self, name: str, error: SkiuoError) -> list[BackendHop]:
        """The whole walk where `error` stands in the way before the first step; it is shown at the hop `name`."""
        for each in self._names:
            self._tell(self._failed(name, error, 0) if each == name else BackendHop(each, self.server, "skipped"))
        return self.hops

    def _failed(self, name: str, error: SkiuoError, took_ms: int) -> BackendHop:
        """An error that is not the server's says itself what to do."""
        if isinstance(error, BackendError):
            found = Seen((own_words(error),), Remark(_ADVICE_AT.get((name, error.trouble), _ADVICE[error.trouble])))
        else:
            found = Seen((error.remark or Remark("words", {"words": str(error)}),))
        return _hop(name, self.server, "failed", took_ms, found)

    def _tell(self, hop: BackendHop) -> None:
        self.hops.append(hop)
        self._on_hop(hop)


def _hop(name: str, server: str, state: str, took_ms: int, found: Seen) -> BackendHop:
    advice = remarks.sentence(found.advice) if found.advice is not None else ""
    return BackendHop(name, server, state, took_ms, remarks.joined(found.details), advice, found.details, found.advice)


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
