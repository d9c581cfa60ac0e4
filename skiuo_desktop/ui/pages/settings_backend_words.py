"""Words of the section about the person's own servers: steps of the check and what they found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from skiuo_desktop import remarks
from skiuo_desktop.model import BackendHop
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.hop_list import Step

translate = QCoreApplication.translate

INIT = "skiuo backend init"
"""What makes the bucket, its rule and the schema; it wants an administrator's keys, which no page asks for."""


TIMED = ("put", "bandwidth")
"""Steps that say themselves how long they took."""


OF_BOTH = ("name", "tcp", "tls", "credentials")
"""Steps that both servers have."""


def title(name: str) -> str:
    """A step as a person calls it; one that this window does not know is shown by its own name."""
    known = {
        "name": translate("BackendCheck", "Name"),
        "tcp": translate("BackendCheck", "Connection"),
        "tls": translate("BackendCheck", "Encryption"),
        "clock": translate("BackendCheck", "Clock"),
        "credentials": translate("BackendCheck", "Key"),
        "bucket": translate("BackendCheck", "Bucket"),
        "put": translate("BackendCheck", "Storing a clip"),
        "get": translate("BackendCheck", "Reading it back"),
        "presign": translate("BackendCheck", "A link to it"),
        "public": translate("BackendCheck", "Within reach of models"),
        "delete": translate("BackendCheck", "Removing it"),
        "lifecycle": translate("BackendCheck", "Rule for old video"),
        "bandwidth": translate("BackendCheck", "Speed"),
        "database": translate("BackendCheck", "Database"),
        "schema": translate("BackendCheck", "Tables"),
        "row": translate("BackendCheck", "A row"),
        "role": translate("BackendCheck", "Rights of the role"),
        "version": translate("BackendCheck", "Version"),
    }
    return known.get(name, name)


def steps(hops: Sequence[BackendHop], *, running: bool) -> list[Step]:
    state = {
        "ok": translate("BackendCheck", "in order"),
        "failed": translate("BackendCheck", "failed"),
        "warned": translate("BackendCheck", "worth a look"),
        "skipped": translate("BackendCheck", "not tried"),
    }
    shown = []
    for hop in hops:
        known = hop.state if hop.state in state else "skipped"
        skipped, language = known == "skipped", theme().language
        told = state["skipped"] if skipped else remarks.joined(hop.seen, language, on_page=True)
        whole = "" if skipped else remarks.joined(hop.seen, language)
        took = translate("BackendCheck", "{0} ms").format(fmt.number(hop.took_ms)) if hop.took_ms and not skipped and hop.name not in TIMED else ""
        shown.append(Step(title(hop.name), told, known, state[known], took, whole))
    if running:
        shown.append(Step(translate("BackendCheck", "…"), "", "running", translate("BackendCheck", "under way")))
    return shown


def findings(hops: Sequence[BackendHop]) -> list[tuple[str, str]]:
    """(step, sentence) of what is wrong or worth a look."""
    found = []
    for hop in hops:
        if hop.state in ("failed", "warned"):
            said = _sentences(hop)
            step = translate("BackendCheck", "{0} (database)").format(title(hop.name)) if hop.server == "rows" and hop.name in OF_BOTH else title(hop.name)
            found.append((step, said))
    return found


def _sentences(hop: BackendHop) -> str:
    """What was seen, and what to do."""
    language = theme().language
    advice = remarks.sentence(hop.advised, language, on_page=True) if hop.advised is not None else ""
    end, between = ("。", "") if language == "zh" else (".", " ")
    parts = [part for part in (remarks.joined(hop.seen, language), advice) if part]
    return between.join(part if part.endswith((".", "。")) else f"{part}{end}" for part in parts).replace("`", "")


def needs_init(hops: Sequence[BackendHop]) -> bool:
    """The bucket, the database or its tables are not there yet, or are older than this program."""
    return any(hop.state == "failed" and hop.advised is not None and hop.advised.code in ("init_makes", "init_updates") for hop in hops)


def head(hops: Sequence[BackendHop]) -> tuple[str, str]:
    """(sign, sentence) of a check that has ended."""
    failed = sum(hop.state == "failed" for hop in hops)
    warned = sum(hop.state == "warned" for hop in hops)
    if failed:
        return "error", translate("BackendCheck", "Something is not right yet")
    if warned:
        return "warn", translate("BackendCheck", "It works, with something to look at")
    return "ok", translate("BackendCheck", "Everything works")
