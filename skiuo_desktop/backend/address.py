"""Where an object store is, and whether somebody outside this network can reach it."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from skiuo_desktop import failures, remarks
from skiuo_desktop.errors import UsageError
from skiuo_desktop.model import BackendTrouble, Remark

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_LOCAL_NAMES = (".local", ".internal", ".localhost", ".lan", ".home.arpa")
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598: between a provider and its customers


@dataclass(frozen=True)
class StoreAddress:
    """An S3 endpoint, a bucket in it and the keys to both; checked and normalised when it is made.

    `endpoint` and `public_endpoint`: `https://host[:port]`. `public_endpoint` is what presigned addresses are signed for; empty: the same. `ca_file`: PEM
    certificates that are trusted beside the usual ones. `allow_http`: hosts (without port) to which plain http is allowed; no host is without being named, this
    computer included.

    Raises UsageError, and BackendError (PLAIN).
    """

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = ""
    ca_file: str = ""
    public_endpoint: str = ""
    allow_http: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "endpoint", _checked(self.endpoint, self.allow_http))
        if self.public_endpoint:
            object.__setattr__(self, "public_endpoint", _checked(self.public_endpoint, self.allow_http))
        if not _BUCKET.fullmatch(self.bucket) or ".." in self.bucket:
            raise remarks.error(UsageError, "bucket_name", name=self.bucket)
        if not self.access_key or not self.secret_key:
            raise remarks.error(UsageError, "no_keys")

    @property
    def host(self) -> str:
        """Host and port, as messages name the server."""
        return urlsplit(self.endpoint).netloc

    @property
    def secure(self) -> bool:
        return self.endpoint.startswith("https://")


def _checked(endpoint: str, allow_http: tuple[str, ...]) -> str:
    """`scheme://host:port` in small letters, the scheme's own port left out."""
    try:
        parts = urlsplit(endpoint.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.username is not None or parts.password is not None:
        raise remarks.error(UsageError, "store_keys_inside")
    if parts.scheme not in ("https", "http") or not host or any(character.isspace() for character in host):
        raise remarks.error(UsageError, "store_address")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise remarks.error(UsageError, "store_address_longer", host=host)
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != {"https": 443, "http": 80}[parts.scheme]:
        place += f":{port}"
    if parts.scheme == "http" and host not in {name.strip("[]").lower() for name in allow_http}:
        raise failures.backend_error(BackendTrouble.PLAIN, place)
    return f"{parts.scheme}://{place}"


def ca_error(path: str, error: OSError) -> UsageError:
    """Why a file with an authority's certificates is of no use. The words of an ssl.SSLError say nothing to a person."""
    if isinstance(error, ssl.SSLError) or not error.strerror:
        return remarks.error(UsageError, "ca_no_pem", path=path)
    return remarks.error(UsageError, "ca_unreadable", path=path, why=error.strerror)


def is_public(endpoint: str) -> tuple[bool, str]:
    """Whether a model on the internet can fetch from `endpoint`, and where not, why: one English sentence. Asks the name server, so it may take seconds."""
    why = not_public(endpoint)
    return why is None, "" if why is None else remarks.sentence(why)


def not_public(endpoint: str) -> Remark | None:
    """Why no model on the internet can fetch from `endpoint`; None where one can."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Remark("address_unreadable")
    if parts.scheme != "https" or not host:
        return Remark("host_no_https", {"host": host}) if host else Remark("address_no_https")
    try:
        addresses = [ipaddress.ip_address(host)]
    except ValueError:
        if host.endswith(_LOCAL_NAMES) or "." not in host.rstrip("."):
            return Remark("host_local", {"host": host})
        try:
            addresses = [ipaddress.ip_address(found[4][0]) for found in socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)]
        except (OSError, ValueError, UnicodeError):
            return Remark("host_unknown", {"host": host})
    for address in addresses:
        if not _is_global(address):
            return Remark("host_private", {"host": host, "address": str(address)})
    return None


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return _is_global(mapped)
    return address.is_global and not address.is_multicast and not (address.version == 4 and address in _SHARED)
