"""Whether a model can fetch from the person's object store, as far as addresses tell."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from skiuo_desktop.analysis.address import is_private
from skiuo_desktop.backend.address import is_public


def hindrance(store: str, model: str) -> str:
    """Why the server at the address `model` cannot fetch from the one at `store`; empty where it can. Asks the name server, so it may take seconds.

    A model on the internet needs a public https address. One on this computer or its network is taken to reach what is there too.
    """
    public, why = is_public(store)
    if public:
        return ""
    here, there = urlsplit(store).hostname or "", urlsplit(model)
    if not is_private(there.hostname or "") and is_public(f"https://{there.netloc}")[0]:
        return why
    if _is_loopback(here) and not _is_loopback(there.hostname or ""):
        return f"{here} is this computer, and the model runs on another one"
    return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
