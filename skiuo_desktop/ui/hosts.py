"""Which hosts an address of a server names, and which of them are reached without encryption; without Qt, and without asking anybody."""

from __future__ import annotations

from urllib.parse import urlsplit


def store_host(address: str) -> str:
    """`minio.lan` of `http://minio.lan:9000`; empty where there is none yet."""
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""


def of_servers(store: str, database: str) -> tuple[str, ...]:
    """Each host once, the store's first."""
    return tuple(dict.fromkeys(host for host in (store_host(store), *database_hosts(database)) if host))


def is_plain(address: str) -> bool:
    """Whether a store's address says that nothing is encrypted."""
    return address.strip().lower().startswith("http://") and bool(store_host(address))


def database_hosts(address: str) -> list[str]:
    """The hosts of `postgresql://user@one,two:5433/name`, sockets of this computer left out."""
    _, separator, rest = address.strip().partition("://")
    if not separator:
        return []
    places = rest.split("/", 1)[0].split("?", 1)[0].rpartition("@")[2].split(",")
    names = (place[1:].partition("]")[0] if place.startswith("[") else place.partition(":")[0] for place in places)
    return [name.lower() for name in names if name and not name.startswith(("/", "%2f", "%2F"))]
