"""Setting up the user's own servers: what is saved of them, the check of every hop, and what an administrator does once.

Everything here may take seconds and blocks: it is called on a thread of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from skiuo_desktop import secrets
from skiuo_desktop import settings as s
from skiuo_desktop.engine.backend_init import NOBODY, Administrator, Setup, SetupReport
from skiuo_desktop.engine.backend_reach import reach
from skiuo_desktop.engine.backend_values import (
    KEEPING,
    OFF,
    Get,
    check,
    database_address,
    expiry,
    normalised,
    nothing_configured,
    plain_hosts,
    pruned,
    store_address,
)
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.errors import BackendError, SecretError, SkiuoError, UsageError
from skiuo_desktop.model import BackendHop, BackendStatus, BackendTrouble

__all__ = ["NOBODY", "OFF", "Administrator", "BackendDesk", "SetupReport", "check", "plain_hosts"]

log = logging.getLogger(__name__)


class BackendDesk:
    def __init__(self, servers: Servers, settings: s.Settings) -> None:
        self._servers = servers
        self._settings = settings

    # What is saved

    def set(self, values: Mapping[str, Any], given: Mapping[str, str]) -> None:
        """Saves settings of the backend (by key) and secrets (by the key of the setting that refers to them); an empty secret is forgotten.

        All is checked before anything is saved. A secret goes where its setting says, and to the keyring where it says nothing; what the keyring held for a
        reference that is replaced goes. Hosts that plain connections were allowed to, and that no address names any more, lose that.

        Raises UsageError, SecretError, BackendError (a plain connection that was not allowed), StorageError.
        """
        changed = {key: s.named(key).parse(value) for key, value in values.items()}
        strange = [key for key in (*changed, *given) if not key.startswith("backend.")] + [key for key in given if key not in KEEPING]
        if strange:
            raise UsageError(f"{strange[0]} is no setting of the backend.")
        for key, secret in given.items():
            told = changed.get(key) or self._settings.get(s.named(key))
            changed[key] = (told if str(told).startswith(("keyring:", "run:")) else KEEPING[key]) if secret else ""
        if changed.get(s.BACKEND_CA.key):
            changed[s.BACKEND_CA.key] = str(Path(changed[s.BACKEND_CA.key]).expanduser().absolute())
        before: Get = self._settings.get

        def after(setting: s.Setting[Any]) -> Any:
            return changed.get(setting.key, before(setting))

        changed.update(pruned(before, after))
        check(after, set(changed))
        changed.update(normalised(after))
        references = {key: before(s.named(key)) for key in KEEPING}
        for key, secret in given.items():
            if secret:
                secrets.store(changed[key], secret)
        self._settings.change(changed)
        for key, reference in references.items():
            if reference.startswith(("keyring:", "run:")) and reference != after(s.named(key)):
                _forget(reference)
        if given:
            self._servers.forget()

    # Looking

    def check(self, on_hop: Callable[[BackendHop], None]) -> list[BackendHop]:
        """Walks every hop to each configured server; `on_hop` is called as each ends. Raises UsageError where none is configured.

        A failed hop is no exception: it says itself what to do.
        """
        if not self._servers.configured:
            raise nothing_configured()
        hops: list[BackendHop] = []
        if self._settings.get(s.BACKEND_STORE):
            hops += self._check_objects(on_hop)
        if self._settings.get(s.BACKEND_DATABASE):
            hops += self._check_rows(on_hop)
        return hops

    def _check_objects(self, on_hop: Callable[[BackendHop], None]) -> list[BackendHop]:
        from skiuo_desktop.backend.check import check_objects, refused
        from skiuo_desktop.media.test_clip import test_clip

        missing: SkiuoError | None = None
        try:
            address = self._servers.store_address()
        except (SecretError, UsageError) as error:
            missing = error
            try:
                address = store_address(self._settings.get)
            except SkiuoError as worse:
                return refused("objects", _hop_of(worse), worse, on_hop)
        except BackendError as error:
            return refused("objects", _hop_of(error), error, on_hop)
        return check_objects(address, test_clip().data, expiry(self._settings.get), on_hop, limit=self._settings.get(s.BACKEND_LIMIT), keys_error=missing)

    def _check_rows(self, on_hop: Callable[[BackendHop], None]) -> list[BackendHop]:
        from skiuo_desktop.backend.check import check_rows, refused

        missing: SkiuoError | None = None
        try:
            address = self._servers.database_address()
        except SecretError as error:
            missing = error
            try:
                address = database_address(self._settings.get)
            except SkiuoError as worse:
                return refused("rows", _hop_of(worse), worse, on_hop)
        except (UsageError, BackendError) as error:
            return refused("rows", _hop_of(error), error, on_hop)
        return check_rows(address, on_hop, password_error=missing)

    def reach(self, status: BackendStatus) -> BackendStatus:
        """The mirror's status, with whether the servers answer now (within a few seconds) and what the bucket's own rule says."""
        return reach(self._servers, self._settings, status)

    def init(self, admin: Administrator = NOBODY, *, role: str = "", create_role: bool = False, reader: str = "", make: bool = True) -> SetupReport:
        """See `backend_init.Setup.run`."""
        return Setup(self._servers, self._settings).run(admin, role=role, create_role=create_role, reader=reader, make=make)


def _hop_of(error: SkiuoError) -> str:
    """Where in a walk an address that is refused before the first step counts."""
    return "tls" if isinstance(error, BackendError) and error.trouble in (BackendTrouble.PLAIN, BackendTrouble.TLS) else "name"


def _forget(reference: str) -> None:
    try:
        secrets.forget(reference)
    except SecretError as error:
        log.warning("%s stays: %s", reference, error)
