"""Whether the user's own servers answer, asked within a few seconds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from skiuo_desktop import failures
from skiuo_desktop import settings as s
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.errors import BackendError, SkiuoError
from skiuo_desktop.model import BackendStatus, BackendTrouble, Remark

if TYPE_CHECKING:
    from skiuo_desktop.backend.address import StoreAddress
    from skiuo_desktop.backend.database import DatabaseAddress

ANSWER_S = 3
"""How long a server is waited for that is only asked whether it is there."""

_AWAY = (BackendTrouble.UNREACHABLE, BackendTrouble.TLS, BackendTrouble.EXPIRED)


def reach(servers: Servers, settings: s.Settings, status: BackendStatus) -> BackendStatus:
    """The mirror's status, with whether the servers answer now (within a few seconds) and what the bucket's own rule says."""
    if not status.configured:
        return status
    days: list[int | None] = [status.lifecycle_days]

    def objects() -> None:
        days[0] = _ask_store(servers.store_address())

    asked = [objects] if settings.get(s.BACKEND_STORE) else []
    asked += [lambda: _ask_database(servers.database_address(), tables=status.last_synced_at is not None)] if settings.get(s.BACKEND_DATABASE) else []
    with ThreadPoolExecutor(len(asked), thread_name_prefix="backend-ask") as pool:
        errors = [error for error in pool.map(_tried, asked) if error is not None]
    away = any(isinstance(error, BackendError) and error.trouble in _AWAY for error in errors)
    status = replace(status, reachable=not away, lifecycle_days=days[0])
    if not errors:
        return status
    first = errors[0]
    trouble, server = (first.trouble, first.server) if isinstance(first, BackendError) else (None, "")
    said = [failures.whole(error) for error in errors]
    remark = said[0] if len(said) == 1 or None in said else Remark("both", dict(zip(("one", "other"), said, strict=True)))
    return replace(status, last_error=" ".join(str(error) for error in errors), trouble=trouble, server=server, remark=remark)


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


def _ask_database(address: DatabaseAddress, *, tables: bool) -> None:
    """Whether it lets this role in, and has the `tables` (that the first mirroring makes). Raises BackendError."""
    import psycopg

    from skiuo_desktop.backend.database_errors import explained

    with explained(address):
        connection = psycopg.connect(prepare_threshold=None, **{**address.parameters(), "connect_timeout": str(ANSWER_S)})  # type: ignore[arg-type]
        with closing(connection):
            if tables:
                connection.execute("SELECT FROM skiuo.mirrored LIMIT 0")
