"""What is said of the test of a model: its hops, its head, and what stopped it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from skiuo_desktop import failures
from skiuo_desktop.model import Failure, FailureKind, ModelConfig
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.settings_hops import HopWords

translate = QCoreApplication.translate


def hop_title(name: str) -> str:
    known = {
        "reach": translate("ModelWords", "Server reached"),
        "text": translate("ModelWords", "Text answered"),
        "load": translate("ModelWords", "Model loaded"),
        "inline": translate("ModelWords", "Video seen"),
        "url": translate("ModelWords", "Video fetched"),
        "frames": translate("ModelWords", "Frames seen"),
        "files": translate("ModelWords", "Upload seen"),
        "price": translate("ModelWords", "Price counted"),
    }
    return known.get(name, name)


def state(name: str) -> str:
    known = {
        "ok": translate("ModelWords", "passed"),
        "failed": translate("ModelWords", "failed"),
        "dropped": translate("ModelWords", "not seen"),
        "running": translate("ModelWords", "under way"),
        "planned": translate("ModelWords", "not reached"),
    }
    return known.get(name, name)


def expected_hops(deliveries: Sequence[str]) -> list[str]:
    """`url` is tried only where there is an object store that the server can reach: it is shown when it has been."""
    return ["reach", "text", *(name for name in ("inline", "frames", "files") if name in deliveries)]


def running_hops(deliveries: Sequence[str]) -> list[HopWords]:
    """While the test is under way nothing is known of the single hops."""
    names = expected_hops(deliveries)
    return [
        HopWords(hop_title(name), "", "running" if not place else "planned", state("running" if not place else "planned")) for place, name in enumerate(names)
    ]


def hops(config: ModelConfig, deliveries: Sequence[str]) -> list[HopWords]:
    """Those of the report; those that the test did not come to are planned."""
    found = [hop for hop in config.probe.get("hops", ()) if isinstance(hop, Mapping)]
    words = [HopWords(hop_title(str(hop.get("name"))), _measured(hop), _known_state(hop), state(_known_state(hop))) for hop in found]
    names = {str(hop.get("name")) for hop in found}
    words += [HopWords(hop_title(name), "", "planned", state("planned")) for name in expected_hops(deliveries) if name not in names]
    cost = spent(config)
    if cost:
        words.append(HopWords(hop_title("price"), cost, "ok", state("ok")))
    return words


def _known_state(hop: Mapping[str, Any]) -> str:
    said = str(hop.get("state"))
    return said if said in ("ok", "failed", "dropped") else "planned"


def _measured(hop: Mapping[str, Any]) -> str:
    if hop.get("state") == "failed":
        kind = str(hop.get("kind") or "")
        return failures.cause(FailureKind(kind), theme().language) if kind in set(FailureKind) else state("failed")
    if hop.get("state") == "dropped":
        return state("dropped")
    if hop.get("tokens_in") and hop.get("name") != "text":
        return translate("ModelWords", "{0} tokens").format(fmt.number(int(hop["tokens_in"])))
    return _took(int(hop.get("took_ms") or 0))


def _took(ms: int) -> str:
    return "" if not ms else f"{ms}{fmt.NBSP}ms" if ms < 1000 else fmt.seconds(ms)


def spent(config: ModelConfig) -> str:
    usage = config.probe.get("usage") or {}
    cost = usage.get("cost")
    return fmt.money(float(cost), str(usage.get("currency") or "USD")) if cost else ""


def test_head(config: ModelConfig) -> tuple[str, str]:
    """(sign, sentence) of the last test."""
    seen = config.probe.get("deliveries") or ()
    found = [hop for hop in config.probe.get("hops", ()) if isinstance(hop, Mapping)]
    if not seen:
        return "error", translate("ModelWords", "The test stopped")
    if any(hop.get("state") != "ok" for hop in found):
        return "done", translate("ModelWords", "A real clip reached the model, not on every way")
    return "done", translate("ModelWords", "A real clip passed every hop")


def test_facts(config: ModelConfig) -> str:
    """When it was, how long it took, what it cost."""
    parts = []
    try:
        at = datetime.fromisoformat(str(config.probe.get("at", "")))
        parts.append(f"{fmt.day(at)} {fmt.time_of_day(at)}")
    except ValueError:
        pass
    took = sum(int(hop.get("took_ms") or 0) for hop in config.probe.get("hops", ()) if isinstance(hop, Mapping))
    if took:
        parts.append(_took(took))
    if cost := spent(config):
        parts.append(cost)
    return " · ".join(parts)


def test_trouble(config: ModelConfig, server: str) -> str:
    """What stopped it and what to do; empty where nothing did."""
    for hop in config.probe.get("hops", ()):
        if isinstance(hop, Mapping) and hop.get("state") == "failed" and (not config.probe.get("deliveries") or hop.get("name") in ("reach", "text")):
            kind = str(hop.get("kind") or "")
            known = FailureKind(kind) if kind in set(FailureKind) else FailureKind.INTERNAL
            facts = {"server": server, "model": config.model}
            made = failures.failure(known, **facts)
            detail = str(hop.get("detail") or "")
            return failures.sentence(Failure(known, detail or made.message, "", facts), theme().language)
    return ""
