"""The certificate of a PostgreSQL, seen without libpq: of one that it does not trust libpq does not say why."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from typing import Any

from skiuo_desktop import failures
from skiuo_desktop.backend import way
from skiuo_desktop.backend.address import ca_error
from skiuo_desktop.backend.dsn import DatabaseAddress
from skiuo_desktop.backend.walk import Seen, seen, worth_a_look
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.model import BackendTrouble, Remark

_SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
"""SSLRequest of PostgreSQL's protocol ("Message Formats"): its length and its code. The answer is one byte, S or N."""


def look(address: DatabaseAddress) -> Seen:
    """Whether the certificate of each host is good, by the rules that libpq is given.

    Raises BackendError: TLS, EXPIRED, PLAIN, UNREACHABLE, REFUSED; UsageError for an authority's file that cannot be read.
    """
    told, places = address.parameters(), places_of(address)
    if not places:
        return seen("socket")
    if told["sslmode"] == "disable":
        return worth_a_look("no_tls_allowed", "let_it_encrypt")
    checked = told["sslmode"].startswith("verify")
    context = _checking(told["sslrootcert"]) if checked else _unchecked()
    context.check_hostname = told["sslmode"] == "verify-full"
    direct = told.get("sslnegotiation") == "direct"
    if direct:
        context.set_alpn_protocols(["postgresql"])

    def one(place: way.Place) -> Seen:
        try:
            return way.certificate(place, context, (lambda _socket: None) if direct else _ask_for_tls(place))
        except BackendError as error:
            if error.trouble is BackendTrouble.PLAIN and address.may_be_plain and not checked:
                return worth_a_look("speaks_no_tls_allowed", "let_it_encrypt", place=way.shown(place))
            raise

    return way.each(places, one)


def reason(address: DatabaseAddress) -> BackendError | None:
    """Why no host's certificate is trusted; None where that cannot be told."""
    try:
        look(address)
    except BackendError as error:
        return error
    except UsageError:
        return None
    return None


def places_of(address: DatabaseAddress) -> list[way.Place]:
    """The hosts that are reached over the network, with their ports."""
    return [place for place in address.hosts if not place[0].startswith(("/", "@"))]


def _ask_for_tls(place: way.Place) -> Any:
    def ask(connection: socket.socket) -> None:
        connection.sendall(_SSL_REQUEST)
        answer = connection.recv(1)
        if answer == b"N":
            raise failures.backend_error(BackendTrouble.PLAIN, way.shown(place), Remark("speaks_no_tls", {"place": way.shown(place)}))
        if answer != b"S":
            raise failures.backend_error(BackendTrouble.REFUSED, way.shown(place), Remark("no_postgresql", {"place": way.shown(place)}))

    return ask


def _checking(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if ca_file == "system" else ca_file)
    except OSError as error:  # ssl.SSLError, too
        raise ca_error(ca_file, error) from error


def _unchecked() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with suppress(ssl.SSLError):
        context.set_ciphers("DEFAULT")
    return context
