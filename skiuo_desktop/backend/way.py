"""The way to a server: its name, its port, and who answers there."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from skiuo_desktop import failures
from skiuo_desktop.backend.walk import Seen
from skiuo_desktop.errors import BackendError
from skiuo_desktop.model import BackendTrouble

CONNECT_S = 10.0
SOON_DAYS = 14
"""A certificate that ends within so many days is worth a word."""

PLAIN_ADVICE = "Whoever is on the way can read everything. Let the server speak TLS."

Place = tuple[str, int]


def shown(place: Place) -> str:
    host, port = place
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def look_up(place: Place) -> Seen:
    """The addresses of a host. Raises BackendError (UNREACHABLE)."""
    try:
        found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise failures.backend_error(BackendTrouble.UNREACHABLE, shown(place), f"the name {place[0]} is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    return Seen(f"{place[0]} is an address" if addresses == [place[0]] else f"{place[0]} is {', '.join(addresses)}")


def connect(place: Place) -> Seen:
    """Whether somebody listens. Raises BackendError (UNREACHABLE)."""
    with closing(opened(place)) as connection:
        return Seen(f"{shown(place)} answers, from {connection.getpeername()[0]}")


def opened(place: Place) -> socket.socket:
    try:
        return socket.create_connection(place, CONNECT_S)
    except OSError as error:
        why = "no answer" if isinstance(error, TimeoutError) else error.strerror or str(error)
        raise failures.backend_error(BackendTrouble.UNREACHABLE, shown(place), f"port {place[1]} of {place[0]}: {why}") from error


def certificate(place: Place, context: ssl.SSLContext, begin: Callable[[socket.socket], None] = lambda _socket: None) -> Seen:
    """Who answers, and until when its certificate is good. `begin`: what is said before TLS. Raises BackendError (TLS, UNREACHABLE, REFUSED)."""
    raw = opened(place)
    try:
        begin(raw)
        with context.wrap_socket(raw, server_hostname=place[0]) as secure:
            told, version = secure.getpeercert() or {}, secure.version() or "TLS"
    except ssl.SSLCertVerificationError as error:
        raise failures.backend_error(BackendTrouble.TLS, shown(place), f"the certificate is not trusted: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise failures.backend_error(BackendTrouble.REFUSED, shown(place), f"it does not speak TLS at this port ({error.reason or 'no reason'})") from error
    except OSError as error:
        raise failures.backend_error(BackendTrouble.UNREACHABLE, shown(place), f"cut off in the TLS handshake: {error.strerror or error}") from error
    finally:
        raw.close()
    return _good(version, told) if told else Seen(f"{version}; nobody checks the certificate", "Leave sslmode out of the address: then it is checked.", True)


def each(places: list[Place], look: Callable[[Place], Seen]) -> Seen:
    """The same step for several hosts of one server: it fails where it fails for all, and warns where it fails for some. Raises the first BackendError."""
    seen: list[Seen] = []
    errors: list[BackendError] = []
    for place in places:
        try:
            seen.append(look(place))
        except BackendError as error:
            errors.append(error)
    if not seen:
        raise errors[0]
    advice = next((one.advice for one in seen if one.advice), "One of several hosts is enough to go on; the others stand in for it." if errors else "")
    return Seen("; ".join([one.detail for one in seen] + [error.detail for error in errors]), advice, bool(errors) or any(one.warned for one in seen))


def _good(version: str, told: Any) -> Seen:
    """What `SSLSocket.getpeercert` gives: a name, its authority, and an end such as `Jun  1 12:00:00 2027 GMT`."""
    end = datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), UTC)
    names = [value for _, value in told.get("subjectAltName", ())]
    authority = _common_name(told.get("issuer", ()))
    by = f", by {authority}" if authority else ""
    detail = f"{version}; certificate of {_common_name(told.get('subject', ())) or ', '.join(names[:3])}{by}, until {end:%Y-%m-%d}"
    if (end - datetime.now(UTC)).days < SOON_DAYS:
        return Seen(detail, "Renew the certificate soon: from then on nothing is sent.", True)
    return Seen(detail)


def _common_name(name: Any) -> str:
    return next((value for part in name for kind, value in part if kind == "commonName"), "")
