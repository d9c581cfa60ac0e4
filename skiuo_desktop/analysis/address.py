"""Which addresses a model may have, and which of them are of this computer or its network."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from skiuo_desktop.errors import UsageError


def check_base_url(url: str, *, with_key: bool) -> str:
    """The base URL without a trailing slash. Raises UsageError for what is no http(s) address, or would send a key in the clear."""
    parts = urlsplit(url.strip())
    shown = url.partition("?")[0]  # what comes after may be a key: it is not repeated
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{shown!r} is no address: write it with https:// (or http:// for a server of your own) and a host.")
    if parts.username or parts.password:
        raise UsageError("An address holds no user name or password; give the key separately.")
    if parts.query or parts.fragment:
        raise UsageError(f"The address of {parts.hostname} has more than host and path.")
    if parts.scheme == "http" and with_key and not is_private(parts.hostname):
        raise UsageError(f"http://{parts.hostname} would send your key unprotected through the internet. Use https://.")
    return url.strip().rstrip("/")


def is_private(host: str) -> bool:
    """Whether a host name or address is of this computer or a local network, as far as its name tells."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".lan", ".internal", ".home.arpa")) or ("." not in host.strip("[]") and ":" not in host):
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_private or address.is_loopback or address.is_link_local
