"""The walk through an object store: a real clip is written, read, fetched by a signed address and removed again."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from skiuo_desktop import failures
from skiuo_desktop.backend import way
from skiuo_desktop.backend.address import StoreAddress, not_public
from skiuo_desktop.backend.keys import CLIP, CLIPS, pack_metadata
from skiuo_desktop.backend.lifecycle import LifecycleRule
from skiuo_desktop.backend.pool import trust
from skiuo_desktop.backend.setup import Expiry, lacks_rules
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.backend.store_errors import MOST_SKEW_S
from skiuo_desktop.backend.throttle import Limiter
from skiuo_desktop.backend.walk import OnHop, Seen, Walk, seen, worth_a_look
from skiuo_desktop.errors import BackendError, SkiuoError, UsageError
from skiuo_desktop.model import BackendHop, BackendTrouble, Remark

OBJECT_HOPS = ("name", "tcp", "tls", "clock", "credentials", "bucket", "put", "bandwidth", "get", "presign", "public", "delete", "lifecycle")

FOLDER = f"{CLIPS}check/"
"""Where a check writes: inside what the desktop's key may touch, and no key of a recording."""

WORRYING_SKEW_S = 300.0
LEFT_BEHIND = timedelta(days=1)
_MOST_SENT, _LEAST_SENT = 4 << 20, 256 << 10
_CONTENT_TYPE = "video/webm"


def check_objects(
    address: StoreAddress, clip: bytes, wanted: Expiry, on_hop: OnHop, *, limit: int = 0, keys_error: SkiuoError | None = None, timeout_s: float = 15.0
) -> list[BackendHop]:
    """Walks every hop. `clip`: a WebM. `limit`: bytes per second of uploads. `keys_error`: why the keys in `address` are none, told where they would count.

    Nothing of what it stores stays, whatever fails.
    """
    walk = Walk("objects", OBJECT_HOPS, on_hop)
    try:
        store = ObjectStore(address, Limiter(lambda: limit), timeout_s)
    except UsageError as error:  # the authority's certificate cannot be read
        return walk.refused("tls", error)
    try:
        _Objects(store, clip, wanted, limit, keys_error).walk(walk)
    finally:
        store.close()
    return walk.hops


class _Objects:
    def __init__(self, store: ObjectStore, clip: bytes, wanted: Expiry, limit: int, keys_error: SkiuoError | None) -> None:
        self._store = store
        self._clip = clip
        self._sha256 = hashlib.sha256(clip).hexdigest()
        self._wanted = wanted
        self._limit = limit
        self._keys_error = keys_error
        self._listing: BackendError | None = None
        self._key = f"{FOLDER}{uuid.uuid4().hex}.webm"
        self._ballast = f"{FOLDER}{uuid.uuid4().hex}.bin"
        self._metadata = pack_metadata({"kind": CLIP, "sha256": self._sha256, "title": "检查 · check"})
        self._put_s = 0.0
        self._left: set[str] = set()
        """Objects that may be in the store."""

    @property
    def _place(self) -> way.Place:
        parts = urlsplit(self._store.address.endpoint)
        return parts.hostname or "", parts.port or (443 if self._store.address.secure else 80)

    def walk(self, walk: Walk) -> None:
        try:
            for name in OBJECT_HOPS:
                walk.hop(name, getattr(self, f"_{name}"), always=name == "delete" and bool(self._left))
        finally:
            with suppress(SkiuoError):
                self._remove()

    def _name(self) -> Seen:
        return way.look_up(self._place)

    def _tcp(self) -> Seen:
        return way.connect(self._place)

    def _tls(self) -> Seen:
        if not self._store.address.secure:
            return worth_a_look("plain_http", "let_it_encrypt")
        return way.certificate(self._place, trust(self._store.address.ca_file))

    def _clock(self) -> Seen:
        skew = self._store.clock_skew_s()
        code = "clocks_agree" if abs(skew) < 2 else "clock_ahead" if skew > 0 else "clock_behind"
        detail = Remark(code, {"seconds": round(abs(skew))})
        if abs(skew) > MOST_SKEW_S:
            raise failures.backend_error(BackendTrouble.CLOCK, self._store.host, detail)
        worrying = abs(skew) > WORRYING_SKEW_S
        return Seen((detail,), Remark("set_clocks", {"minutes": round(MOST_SKEW_S / 60)}) if worrying else None, warned=worrying)

    def _credentials(self) -> Seen:
        """Lists what the desktop may list: the one question that tells a wrong key from a missing bucket without asking for more rights."""
        if self._keys_error is not None:
            raise self._keys_error
        try:
            next(iter(self._store.list(FOLDER)), None)
        except BackendError as error:
            if error.trouble is not BackendTrouble.MISSING and not error.detail.startswith("AccessDenied"):
                raise
            self._listing = error
        return seen("key_known")

    def _bucket(self) -> Seen:
        if self._listing is not None:
            raise self._listing
        return seen("bucket_there", bucket=self._store.address.bucket)

    def _put(self) -> Seen:
        self._left.add(self._key)
        begun = time.monotonic()
        self._store.put(self._key, self._clip, _CONTENT_TYPE, self._metadata)
        self._put_s = max(time.monotonic() - begun, 1e-6)
        return seen("clip_stored", size=_size(len(self._clip)), ms=round(self._put_s * 1000))

    def _bandwidth(self) -> Seen:
        """What two seconds hold at the clip's own rate, within bounds: the clip alone would measure the way there and back."""
        size = round(min(_MOST_SENT, max(_LEAST_SENT, len(self._clip) / self._put_s * 2)))
        self._left.add(self._ballast)
        begun = time.monotonic()
        self._store.put(self._ballast, os.urandom(size), "application/octet-stream", {})
        rate = size / max(time.monotonic() - begun, 1e-6)
        return seen("rate_limited", rate=_size(rate), limit=_size(self._limit)) if self._limit else seen("rate", rate=_size(rate))

    def _get(self) -> Seen:
        data = self._store.read(self._key)
        found = self._store.stat(self._key)
        if data != self._clip:
            raise failures.backend_error(BackendTrouble.DIFFERENT, self._store.host, Remark("clip_different"))
        if found is None or dict(found.metadata) != self._metadata:
            raise failures.backend_error(BackendTrouble.DIFFERENT, self._store.host, Remark("metadata_different"))
        return seen("same")

    def _presign(self) -> Seen:
        """Fetched as a model would. The public address need not be reachable from in here, so it only warns."""
        import httpx

        url = self._store.presign(self._key, 300)
        place = urlsplit(url).netloc
        try:
            answer = httpx.get(url, verify=trust(self._store.address.ca_file), trust_env=False, timeout=15.0)
            problem = Remark("link_status", {"status": answer.status_code}) if answer.status_code != 200 else None
            if problem is None and answer.content != self._clip:
                problem = Remark("link_other")
        except httpx.HTTPError as error:
            problem = Remark("link_failed", {"error": type(error).__name__})  # its text may repeat the address, which is a key to the object
        if problem and self._store.address.public_endpoint:
            return worth_a_look("link_problem", "from_here_normal", place=place, why=problem)
        if problem:
            raise failures.backend_error(BackendTrouble.REFUSED, self._store.host, Remark("link_problem", {"place": place, "why": problem}))
        return seen("link", place=place)

    def _public(self) -> Seen:
        why = not_public(self._store.address.public_endpoint or self._store.address.endpoint)
        return seen("public") if why is None else Seen((why,), Remark("sent_inside"), warned=True)

    def _delete(self) -> Seen:
        self._remove()
        if self._store.stat(self._key) is not None:
            raise failures.backend_error(BackendTrouble.REFUSED, self._store.host, Remark("clip_stays"))
        return seen("clip_gone")

    def _remove(self) -> None:
        """What this check stored, and what one left behind that was killed."""
        if not self._left:
            return
        before = datetime.now(UTC) - LEFT_BEHIND
        old = [stored.key for stored in self._store.list(FOLDER) if stored.modified is not None and stored.modified < before]
        self._store.delete([*self._left, *old])
        self._left.clear()

    def _lifecycle(self) -> Seen:
        try:
            return judged(self._store.lifecycle(), self._wanted)
        except BackendError as error:
            if not lacks_rules(error):
                raise
            advice = None if self._wanted.nothing else Remark("nobody_removes", {"wanted": kept(self._wanted)})
            return Seen((Remark("no_rules"),), advice, warned=advice is not None)


def judged(rules: Iterable[LifecycleRule], wanted: Expiry) -> Seen:
    """Whether the bucket's own rules are what the settings say."""
    own = [rule for rule in rules if rule.own and rule.enabled]
    found = {Expiry(rule.days, rule.cold_after_days, rule.cold_class) for rule in own} or {Expiry()}
    details = tuple(kept(one) for one in sorted(found, key=lambda one: one.told))
    complete = len(own) == 2 or wanted.nothing
    if found == {wanted} and complete:
        return Seen(details)
    return Seen((Remark("rules_differ", {"found": details, "wanted": kept(wanted)}),), Remark("init_sets_rule"), warned=True)


def kept(wanted: Expiry) -> Remark:
    """What `Expiry.told` says."""
    removed = Remark("kept") if wanted.days is None else Remark("removed", {"days": _days(wanted.days)})
    if wanted.cold_after_days is None:
        return removed
    return Remark("cold", {"removed": removed, "cold_class": wanted.cold_class, "days": _days(wanted.cold_after_days)})


def _days(count: int) -> Remark:
    return Remark("day") if count == 1 else Remark("days", {"count": count})


def _size(count: float) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
