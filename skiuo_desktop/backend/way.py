"""The way to a server: its name, its port, and who answers there."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from skiuo_desktop import failures
from skiuo_desktop.backend.walk import Seen, own_words, seen, worth_a_look
from skiuo_desktop.errors import BackendError
from skiuo_desktop.model import BackendTrouble, Remark

CONNECT_S = 10.0
SOON_DAYS = 14
"""A certificate that ends within so many days is worth a word."""

_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN)
_UNTRUSTED = (9, 10, 18, 19, 20, 62, 64)
"""OpenSSL's numbers that `remarks` has words for."""
_HAS_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED

Place = tuple[str, int]


def shown(place: Place) -> str:
    host, port = place
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def look_up(place: Place) -> Seen:
    """The addresses of a host. Raises BackendError (UNREACHABLE)."""
    try:
        found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise failures.backend_error(BackendTrouble.UNREACHABLE, shown(place), Remark("name_unknown", {"name": place[0]})) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    return seen("name_is_address", name=place[0]) if addresses == [place[0]] else seen("name_is", name=place[0], addresses=", ".join(addresses))


def connect(place: Place) -> Seen:
    """Whether somebody listens. Raises BackendError (UNREACHABLE)."""
    with closing(opened(place)) as connection:
        return seen("answers", place=shown(place), peer=connection.getpeername()[0])


def opened(place: Place) -> socket.socket:
    try:
        return socket.create_connection(place, CONNECT_S)
    except OSError as error:
        remark = Remark("port", {"port": place[1], "host": place[0], "why": _why(error)})
        raise failures.backend_error(BackendTrouble.UNREACHABLE, shown(place), remark) from error


def _why(error: OSError) -> Remark:
    if isinstance(error, TimeoutError):
        return Remark("no_answer")
    code = "nobody_listens" if isinstance(error, ConnectionRefusedError) else "no_way" if error.errno in _NO_WAY else "words"
    return Remark(code, {"words": error.strerror or str(error)})


def certificate(place: Place, context: ssl.SSLContext, begin: Callable[[socket.socket], None] = lambda _socket: None) -> Seen:
    """Who answers, and until when its certificate is good. `begin`: what is said before TLS. Raises BackendError (TLS, EXPIRED, UNREACHABLE, REFUSED)."""
    raw = opened(place)
    try:
        begin(raw)
        with context.wrap_socket(raw, server_hostname=place[0]) as secure:
            told, version = secure.getpeercert() or {}, secure.version() or "TLS"
    except ssl.SSLCertVerificationError as error:
        raise failures.backend_error(trouble_of(error), shown(place), _untrusted(error)) from error
    except ssl.SSLError as error:
        raise failures.backend_error(BackendTrouble.REFUSED, shown(place), Remark("no_tls", {"reason": error.reason or "SSL"})) from error
    except OSError as error:
        raise failures.backend_error(BackendTrouble.UNREACHABLE, shown(place), Remark("handshake_cut", {"why": error.strerror or str(error)})) from error
    finally:
        raw.close()
    return _good(version, told) if told else worth_a_look("unchecked", "check_certificate", version=version)


def trouble_of(error: ssl.SSLCertVerificationError) -> BackendTrouble:
    return BackendTrouble.EXPIRED if error.verify_code == _HAS_EXPIRED else BackendTrouble.TLS


def _untrusted(error: ssl.SSLCertVerificationError) -> Remark:
    code = f"certificate_{error.verify_code}" if error.verify_code in _UNTRUSTED else "words"
    return Remark("untrusted", {"why": Remark(code, {"words": error.verify_message})})


def each(places: list[Place], look: Callable[[Place], Seen]) -> Seen:
    """The same step for several hosts of one server: it fails where it fails for all, and warns where it fails for some. Raises the first BackendError."""
    found: list[Seen] = []
    errors: list[BackendError] = []
    for place in places:
        try:
            found.append(look(place))
        except BackendError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    advice = next((one.advice for one in found if one.advice), Remark("one_is_enough") if errors else None)
    details = [detail for one in found for detail in one.details] + [own_words(error) for error in errors]
    return Seen(tuple(details), advice, bool(errors) or any(one.warned for one in found))


def _good(version: str, told: Any) -> Seen:
    """What `SSLSocket.getpeercert` gives: a name, its authority, and an end such as `Jun  1 12:00:00 2027 GMT`."""
    end = datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), UTC)
    names = [value for _, value in told.get("subjectAltName", ())]
    authority = _common_name(told.get("issuer", ()))
    facts = {"version": version, "name": _common_name(told.get("subject", ())) or ", ".join(names[:3]), "authority": authority, "until": f"{end:%Y-%m-%d}"}
    code = "certificate_by" if authority else "certificate"
    return worth_a_look(code, "renew", **facts) if (end - datetime.now(UTC)).days < SOON_DAYS else seen(code, **facts)


def _common_name(name: Any) -> str:
    return next((value for part in name for kind, value in part if kind == "commonName"), "")
