"""Setting up the user's own servers: what is saved of them, the check of every hop, and what an administrator does once.

Everything here may take seconds and blocks: it is called on a thread of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skiuo_desktop import secrets
from skiuo_desktop import settings as s
from skiuo_desktop.engine.backend_values import KEEPING, OFF, Get, check, database_address, plain_hosts, pruned, store_address
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.errors import BackendError, SecretError, SkiuoError, UsageError
from skiuo_desktop.model import BackendHop, BackendStatus, BackendTrouble

if TYPE_CHECKING:
    from skiuo_desktop.backend.address import StoreAddress
    from skiuo_desktop.backend.database import DatabaseAddress
    from skiuo_desktop.backend.setup import Expiry, MadeBucket, MadeSchema

__all__ = ["OFF", "BackendDesk", "SetupReport", "check", "plain_hosts"]

log = logging.getLogger(__name__)

ANSWER_S = 3
"""How long a server is waited for that is only asked whether it is there."""


@dataclass(frozen=True, slots=True)
class SetupReport:
    """What `init` made, and what it prints for the administrator. None for a server that is not configured, or where nothing was to be made."""

    bucket: MadeBucket | None
    schema: MadeSchema | None
    policy: str  # JSON
    policy_commands: list[str]
    role: str
    role_sql: str
    role_commands: list[str]


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
            raise _nothing()
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
        return check_objects(address, test_clip().data, self.expiry, on_hop, limit=self._settings.get(s.BACKEND_LIMIT), keys_error=missing)

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
        if not status.configured:
            return status
        days: list[int | None] = [status.lifecycle_days]

        def objects() -> None:
            days[0] = _ask_store(self._servers.store_address())

        asked = [objects] if self._settings.get(s.BACKEND_STORE) else []
        asked += [lambda: _ask_database(self._servers.database_address())] if self._settings.get(s.BACKEND_DATABASE) else []
        with ThreadPoolExecutor(len(asked), thread_name_prefix="backend-ask") as pool:
            errors = [error for error in pool.map(_tried, asked) if error is not None]
        away = any(isinstance(error, BackendError) and error.trouble in (BackendTrouble.UNREACHABLE, BackendTrouble.TLS) for error in errors)
        status = replace(status, reachable=not away, lifecycle_days=days[0])
        if not errors:
            return status
        first = errors[0]
        trouble, server = (first.trouble, first.server) if isinstance(first, BackendError) else (None, "")
        return replace(status, last_error=str(first), trouble=trouble, server=server)

    @property
    def expiry(self) -> Expiry:
        """How long the store is to keep video, as the settings say."""
        from skiuo_desktop.backend.setup import Expiry

        days, cold_days = self._settings.get(s.BACKEND_KEEP_DAYS), self._settings.get(s.BACKEND_COLD_DAYS)
        return Expiry(days or None, cold_days or None, self._settings.get(s.BACKEND_COLD_CLASS) if cold_days else "")

    # What an administrator does once

    def init(
        self, access_key: str = "", secret_key: str = "", dsn: str = "", password: str = "", *, role: str = "", create_role: bool = False, make: bool = True
    ) -> SetupReport:
        """Makes bucket, rule and schema with an administrator's keys (those of the settings where none are given), which are kept nowhere.

        `role`: the database role that the desktop uses; empty: the one in its address, where that is not the administrator.
        `create_role`: make it, too, with the password that is configured.
        `make` False: nothing is asked or made; only what would be printed is told. Raises UsageError, SecretError, BackendError.
        """
        from skiuo_desktop.backend import policy, setup
        from skiuo_desktop.backend.roles import role_sql

        if not self._servers.configured:
            raise _nothing()
        bucket, schema, told, commands, sql, role_commands = None, None, "", [], "", []
        if self._settings.get(s.BACKEND_STORE):
            desktop = store_address(self._settings.get)
            # Without an administrator's key the desktop's own may too much, and another one is wanted.
            key = self._known(s.BACKEND_ACCESS_KEY) if access_key or not make else ""
            told, commands = policy.policy_text(desktop.bucket, desktop.host), policy.commands(desktop.host, key)
            if make:
                admin = replace(desktop, access_key=access_key, secret_key=secret_key) if access_key or secret_key else self._servers.store_address()
                bucket = setup.make_bucket(admin, self.expiry)
        if self._settings.get(s.BACKEND_DATABASE):
            desktop_rows = database_address(self._settings.get)
            role = role or _role(desktop_rows.user, own=make and not (dsn or password))
            sql, role_commands = role_sql(role), setup.role_commands(desktop_rows, role)
            if make:
                admin_rows = replace(desktop_rows, dsn=dsn or desktop_rows.dsn, password=password) if dsn or password else self._servers.database_address()
                made = {"role": role, "password": self._servers.database_address().password} if create_role else {}
                schema = setup.make_schema(admin_rows, **made)
        return SetupReport(bucket, schema, told, commands, role, sql, role_commands)

    def _known(self, setting: s.Setting[str]) -> str:
        try:
            return secrets.read(self._settings.get(setting))
        except SecretError:
            return ""


def _role(user: str, *, own: bool) -> str:
    """The role whose rights are printed. One that does the administrator's work itself is not to lose its rights: then it is another one."""
    if user in ("", "postgres"):
        return "skiuo"
    return f"{user}_desktop" if own else user


def _nothing() -> UsageError:
    return UsageError("No server is configured yet: `skiuo backend set --s3 URL --bucket NAME --dsn DSN`.")


def _hop_of(error: SkiuoError) -> str:
    """Where in a walk an address that is refused before the first step counts."""
    return "tls" if isinstance(error, BackendError) and error.trouble in (BackendTrouble.PLAIN, BackendTrouble.TLS) else "name"


def _forget(reference: str) -> None:
    try:
        secrets.forget(reference)
    except SecretError as error:
        log.warning("%s stays: %s", reference, error)


def _tried(ask: Callable[[], None]) -> SkiuoError | None:
    try:
        ask()
    except SkiuoError as error:
        return error
    return None


def _ask_store(address: StoreAddress) -> int | None:
    """The days of the bucket's own rule; None where there is none, or the store knows no rules. Raises BackendError."""
    from skiuo_desktop.backend.setup import expiry_of
    from skiuo_desktop.backend.store import ObjectStore

    store = ObjectStore(address, timeout_s=ANSWER_S)
    try:
        next(iter(store.list("clips/check/")), None)
        try:
            return expiry_of(store.lifecycle()).days
        except BackendError as error:
            if error.trouble in (BackendTrouble.REFUSED, BackendTrouble.DENIED):
                return None
            raise
    finally:
        store.close()


def _ask_database(address: DatabaseAddress) -> None:
    import psycopg

    from skiuo_desktop.backend.database_errors import explained

    with explained(address):
        psycopg.connect(**{**address.parameters(), "connect_timeout": str(ANSWER_S)}).close()  # type: ignore[arg-type]
