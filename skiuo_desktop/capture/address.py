"""The part of a network camera's address that may be stored and shown.

Cameras take credentials not only as `user:password@host` but also in the query (`?usr=..&pwd=..`) and in the path
(`/user=admin_password=..._channel=1.sdp`). So nothing that looks like a named value is kept unless its name is known to
be harmless.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from skiuo_desktop.errors import UsageError

HARMLESS = frozenset(
    {"channel", "ch", "subtype", "stream", "streamtype", "profile", "resolution", "fps", "camera", "cam", "unicast", "transportmode", "proto", "codec", "res"}
)
HIDDEN = "…"


def public_address(address: str) -> tuple[str, str]:
    """(the address without credentials, a short label). Raises UsageError, without repeating the address."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(_UNREADABLE) from None
    behind_host = parts.path + parts.query + parts.fragment
    if not host or "@" in behind_host:
        raise UsageError(_UNREADABLE)
    place = f"[{host}]" if ":" in host else host
    if port is not None:
        place += f":{port}"
    path = "/".join(_shown_segment(segment) for segment in parts.path.split("/"))
    query = "&".join(_shown_pair(pair) for pair in parts.query.split("&") if pair)
    return f"{parts.scheme.lower()}://{place}{path}" + (f"?{query}" if query else ""), f"Network camera {place}"


_UNREADABLE = "The camera's address cannot be read: write rtsp://USER:PASSWORD@HOST:PORT/PATH, with / ? # @ in a password as %2F %3F %23 %40."


def _shown_segment(segment: str) -> str:
    if "=" in segment:
        return _shown_pair(segment)
    looks_like_a_key = len(segment) >= 12 and segment.isalnum() and not segment.isalpha() and not segment.islower()
    return HIDDEN if looks_like_a_key or ":" in segment else segment


def _shown_pair(pair: str) -> str:
    name, _, value = pair.partition("=")
    harmless = name.lower() in HARMLESS and len(value) <= 12 and value.replace(".", "").isalnum()
    return pair if harmless else HIDDEN
