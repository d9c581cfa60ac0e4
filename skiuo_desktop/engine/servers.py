"""The user's own servers, as the settings name them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from skiuo_desktop import remarks, secrets
from skiuo_desktop import settings as s
from skiuo_desktop.errors import UsageError

if TYPE_CHECKING:
    from skiuo_desktop.backend.address import StoreAddress
    from skiuo_desktop.backend.database import Database
    from skiuo_desktop.backend.dsn import DatabaseAddress
    from skiuo_desktop.backend.store import ObjectStore

_STORE: tuple[s.Setting[Any], ...] = (
    s.BACKEND_STORE,
    s.BACKEND_BUCKET,
    s.BACKEND_REGION,
    s.BACKEND_ACCESS_KEY,
    s.BACKEND_SECRET_KEY,
    s.BACKEND_CA,
    s.BACKEND_PLAIN,
    s.BACKEND_PUBLIC,
)
_DATABASE: tuple[s.Setting[Any], ...] = (s.BACKEND_DATABASE, s.BACKEND_PASSWORD, s.BACKEND_CA, s.BACKEND_PLAIN)


class Servers:
    """Clients of the object store and the database, made when they are first needed and kept until a setting changes. Thread-safe."""

    def __init__(self, settings: s.Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._store: tuple[object, ObjectStore] | None = None
        self._database: tuple[object, Database] | None = None

    @property
    def configured(self) -> bool:
        return bool(self._settings.get(s.BACKEND_STORE) or self._settings.get(s.BACKEND_DATABASE))

    @property
    def names(self) -> tuple[str, str]:
        """What tells this store and this database from others; empty for one that is not configured."""
        store, database = self._settings.get(s.BACKEND_STORE), self._settings.get(s.BACKEND_DATABASE)
        return f"{store} {self._settings.get(s.BACKEND_BUCKET)}" if store else "", database

    def store(self) -> ObjectStore | None:
        """None where none is configured. Raises UsageError, SecretError, BackendError (plain http that was not allowed)."""
        if not self._settings.get(s.BACKEND_STORE):
            return None
        from skiuo_desktop.backend.store import ObjectStore
        from skiuo_desktop.backend.throttle import Limiter

        with self._lock:
            wanted = tuple(self._settings.get(setting) for setting in _STORE)
            if self._store is None or self._store[0] != wanted:
                address = self.store_address()
                if self._store is not None:
                    self._store[1].close()
                self._store = wanted, ObjectStore(address, Limiter(lambda: self._settings.get(s.BACKEND_LIMIT)))
            return self._store[1]

    def store_address(self) -> StoreAddress:
        """Raises as `store`."""
        from skiuo_desktop.backend.address import StoreAddress

        get = self._settings.get
        return StoreAddress(
            endpoint=get(s.BACKEND_STORE),
            bucket=get(s.BACKEND_BUCKET),
            access_key=_secret(get(s.BACKEND_ACCESS_KEY), "no_access_key"),
            secret_key=_secret(get(s.BACKEND_SECRET_KEY), "no_secret_key"),
            region=get(s.BACKEND_REGION),
            ca_file=get(s.BACKEND_CA),
            public_endpoint=get(s.BACKEND_PUBLIC),
            allow_http=get(s.BACKEND_PLAIN),
        )

    def database(self) -> Database | None:
        """None where none is configured. Raises UsageError, SecretError, BackendError (a plain connection that was not allowed)."""
        if not self._settings.get(s.BACKEND_DATABASE):
            return None
        from skiuo_desktop.backend.database import Database

        with self._lock:
            wanted = tuple(self._settings.get(setting) for setting in _DATABASE)
            if self._database is None or self._database[0] != wanted:
                address = self.database_address()
                if self._database is not None:
                    self._database[1].close()
                self._database = wanted, Database(address)
            return self._database[1]

    def database_address(self) -> DatabaseAddress:
        """Raises as `database`."""
        from skiuo_desktop.backend.dsn import DatabaseAddress

        get = self._settings.get
        password = get(s.BACKEND_PASSWORD)
        return DatabaseAddress(
            dsn=get(s.BACKEND_DATABASE), password=secrets.read(password) if password else "", ca_file=get(s.BACKEND_CA), allow_plain=get(s.BACKEND_PLAIN)
        )

    def cut(self) -> None:
        """Ends what is under way to the database (see `Database.cut`). What is under way to the store looks by itself whether it is still wanted."""
        with self._lock:
            database = self._database[1] if self._database is not None else None
        if database is not None:
            database.cut()

    def forget(self) -> None:
        """A secret changed where no setting did: the clients are made anew."""
        self.close()

    def close(self) -> None:
        with self._lock:
            for kept in (self._store, self._database):
                if kept is not None:
                    kept[1].close()
            self._store = self._database = None


def _secret(reference: str, missing: str) -> str:
    """`missing`: what is said where there is none, a code of `remarks`."""
    if not reference:
        raise remarks.error(UsageError, missing)
    return secrets.read(reference)
