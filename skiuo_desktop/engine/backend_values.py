"""The settings of the user's own servers: how they become addresses, and which of them cannot work together."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from skiuo_desktop import remarks
from skiuo_desktop import settings as s
from skiuo_desktop.errors import UsageError

if TYPE_CHECKING:
    from skiuo_desktop.backend.address import StoreAddress
    from skiuo_desktop.backend.database import DatabaseAddress
    from skiuo_desktop.backend.setup import Expiry

KEEPING = {
    s.BACKEND_ACCESS_KEY.key: "keyring:backend-access-key",
    s.BACKEND_SECRET_KEY.key: "keyring:backend-secret-key",
    s.BACKEND_PASSWORD.key: "keyring:backend-database-password",
}
"""Where each secret is kept when nothing else is said."""

OFF: dict[str, Any] = {
    setting.key: setting.default for setting in (s.BACKEND_STORE, s.BACKEND_REGION, s.BACKEND_DATABASE, s.BACKEND_CA, s.BACKEND_PLAIN, s.BACKEND_PUBLIC)
} | dict.fromkeys(KEEPING, "")
"""The values of a computer without servers."""

_ADDRESSES = (s.BACKEND_STORE, s.BACKEND_PUBLIC, s.BACKEND_DATABASE)

NO_KEY = "-"
"""Stands for a key where only the address is looked at."""

Get = Callable[[s.Setting[Any]], Any]


def store_address(get: Get, access_key: str = NO_KEY) -> StoreAddress:
    from skiuo_desktop.backend.address import StoreAddress

    return StoreAddress(
        endpoint=get(s.BACKEND_STORE),
        bucket=get(s.BACKEND_BUCKET),
        access_key=access_key,
        secret_key=NO_KEY,
        region=get(s.BACKEND_REGION),
        ca_file=get(s.BACKEND_CA),
        public_endpoint=get(s.BACKEND_PUBLIC),
        allow_http=get(s.BACKEND_PLAIN),
    )


def database_address(get: Get) -> DatabaseAddress:
    from skiuo_desktop.backend.database import DatabaseAddress

    return DatabaseAddress(dsn=get(s.BACKEND_DATABASE), ca_file=get(s.BACKEND_CA), allow_plain=get(s.BACKEND_PLAIN))


def expiry(get: Get) -> Expiry:
    """How long the store is to keep video."""
    from skiuo_desktop.backend.setup import Expiry

    days, cold_days = get(s.BACKEND_KEEP_DAYS), get(s.BACKEND_COLD_DAYS)
    return Expiry(days or None, cold_days or None, get(s.BACKEND_COLD_CLASS) if cold_days else "")


def nothing_configured() -> UsageError:
    return UsageError("No server is configured yet: `skiuo backend set --s3 URL --bucket NAME --dsn DSN`.")


def plain_hosts(get: Get, settings: Collection[s.Setting[Any]]) -> set[str]:
    """The hosts of those addresses that a plain connection would go to: of an https address none."""
    from skiuo_desktop.backend import hosts

    found: set[str] = set()
    for setting in settings:
        told = get(setting)
        if setting is s.BACKEND_DATABASE:
            found |= hosts.of_database(told)
        elif not told.startswith("https:"):
            found |= hosts.of_store(told)
    return found


def normalised(get: Get) -> dict[str, Any]:
    """The addresses as they are kept: another way to write the same one is no other server, to which everything would go again."""
    store = store_address(get) if get(s.BACKEND_STORE) else None
    written = {s.BACKEND_DATABASE.key: get(s.BACKEND_DATABASE).strip()}
    if store is not None:
        written |= {s.BACKEND_STORE.key: store.endpoint, s.BACKEND_PUBLIC.key: store.public_endpoint}
    return {key: value for key, value in written.items() if value != get(s.named(key))}


def pruned(before: Get, after: Get) -> dict[str, Any]:
    """The hosts that plain connections are allowed to, without those that only an earlier address named."""
    allowed = after(s.BACKEND_PLAIN)
    if not allowed or allowed != before(s.BACKEND_PLAIN) or all(before(setting) == after(setting) for setting in _ADDRESSES):
        return {}
    gone = plain_hosts(before, _ADDRESSES) - plain_hosts(after, _ADDRESSES)
    return {s.BACKEND_PLAIN.key: tuple(host for host in allowed if host not in gone)} if gone & set(allowed) else {}


def check(get: Get, changed: Collection[str]) -> None:
    """Raises UsageError or BackendError for values that cannot work together."""
    from skiuo_desktop.backend.pool import trust

    for setting in _ADDRESSES[:2]:
        if setting.key in changed and "@" in get(setting):
            raise remarks.error(UsageError, "address_keys")
    if get(s.BACKEND_STORE):
        store_address(get)
    if get(s.BACKEND_DATABASE):
        database_address(get)
    if get(s.BACKEND_CA) and s.BACKEND_CA.key in changed:
        trust(get(s.BACKEND_CA))
    for key in KEEPING:
        kind, _, name = get(s.named(key)).partition(":")
        if get(s.named(key)) and (kind not in ("keyring", "env", "run") or not name):
            raise UsageError(f"{key} says where the secret is, not what it is: keyring:NAME or env:VARIABLE.")
    cold_days, days = get(s.BACKEND_COLD_DAYS), get(s.BACKEND_KEEP_DAYS)
    if cold_days and not get(s.BACKEND_COLD_CLASS):
        raise UsageError("A colder class is moved to by its name: --cold-class C.")
    if cold_days and days and cold_days >= days:
        raise UsageError(f"Video is removed after {days} days, so it cannot move to a colder class after {cold_days}.")
