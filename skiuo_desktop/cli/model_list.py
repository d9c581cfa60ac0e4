"""Models as rows, as JSON, and what a probe saw of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from skiuo_desktop import failures
from skiuo_desktop.cli import as_json, words
from skiuo_desktop.model import ModelConfig, ModelInfo, Price, When

BETWEEN = " · "
ENDLESS = 10_000
"""Columns of a terminal in which every table has its room."""


def model_json(info: ModelInfo, rank: int) -> dict[str, Any]:
    """A model without its key; `rank` counts from 1."""
    config = info.config
    return {
        "rank": rank,
        "name": config.name,
        "provider": config.provider,
        "preset": config.preset,
        "server": info.server,
        "model": config.model,
        "base_url": config.base_url,
        "active": info.active,
        "fallback": info.fallback,
        "key_ref": config.key_ref,
        "key_state": info.key_state,
        "price": price_json(config.price),
        "per_hour": info.per_hour,
        "window_s": info.window_s,
        "delivery": config.delivery,
        "concurrency": config.concurrency,
        "requests_per_minute": config.requests_per_minute,
        "tokens_per_minute": config.tokens_per_minute,
        "timeout_s": config.timeout_s,
        "longest_answer": config.longest_answer,
        "days": config.when.days,
        "hours": list(config.when.hours) if config.when.hours else None,
        "budget_left": config.when.budget_left,
        "options": dict(config.options),
        "probe": dict(config.probe) or None,
        "health": as_json.health_json(info.health),
    }


def price_json(price: Price | None) -> dict[str, Any] | None:
    if price is None:
        return None
    tiers = [{"up_to": tier.up_to, "per_million_in": tier.per_million_in, "per_million_out": tier.per_million_out} for tier in price.tiers]
    return {"currency": price.currency, "read_on": price.read_on, "until": price.until, "tiers": tiers}


def print_models(infos: Sequence[ModelInfo], out: Console) -> None:
    """A table where the terminal is wide enough for its words, else a few lines for each model."""
    table = _table(infos)
    if Measurement.get(out, out.options.update(width=ENDLESS), table).maximum <= out.width:
        out.print(table)
        return
    margin = len(str(len(infos))) + 2
    for rank, info in enumerate(infos, 1):
        head, rest = _in_lines(info)
        for number, line in enumerate((*_filled(head, out.width - margin), *_filled(rest, out.width - margin))):
            out.print(Text(f"{'' if number else rank:<{margin}}").append_text(line))


def _in_lines(info: ModelInfo) -> tuple[list[Text], list[Text]]:
    """(its name and state, the rest), each in words that need no heading."""
    name = Text(info.config.name, style="bold" if info.active else "")
    key = {"none": "", "keyring": "key in the keyring", "environment": f"key in {_key(info)}", "this run": "key of this run"}.get(info.key_state, _key(info))
    price = "price not known" if info.config.price is None else _cost(info)
    sees = f"sees {_sees(info.config)}" if info.config.probe else _sees(info.config)
    rest = [Text(part, style="dim") for part in (_asks(info), info.config.model, key, price, sees)]
    return [name, Text(_used(info, yes="used", no="not used")), Text(_state(info))], rest


def _filled(parts: Sequence[Text], width: int) -> list[Text]:
    """`a · b · c` in lines that break between the parts, not within them; empty parts are left out."""
    lines: list[Text] = []
    for part in filter(None, parts):
        if lines and lines[-1].cell_len + len(BETWEEN) + part.cell_len <= width:
            lines[-1].append(BETWEEN).append_text(part)
        else:
            lines.append(part.copy())
    return lines


def _table(infos: Sequence[ModelInfo]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("", "name", "asks", "model", "used", "key", "price", "sees", "state"):
        table.add_column(heading, overflow="fold")
    for rank, info in enumerate(infos, 1):
        config = info.config
        table.add_row(
            str(rank),
            Text(config.name, style="bold" if info.active else ""),
            Text(_asks(info)),
            Text(config.model),
            _used(info),
            Text(_key(info)),
            _cost(info),
            Text(_sees(config)),
            Text(_state(info)),
        )
    return table


def _asks(info: ModelInfo) -> str:
    return info.server or info.config.base_url or info.config.provider


def _used(info: ModelInfo, *, yes: str = "yes", no: str = "no") -> str:
    used = [yes] if info.active else []
    if info.fallback is not None:
        used.append(f"stands in ({info.fallback})")
    when = when_text(info.config.when)
    return ", ".join(used + ([when] if when else [])) or no


def when_text(when: When) -> str:
    """`weekdays 9–18 h, from 20 % of the budget on`; empty for always."""
    parts = [when.days] if when.days != "all" else []
    if when.hours:
        parts.append(f"{when.hours[0]}–{when.hours[1]} h")
    text = " ".join(parts)
    if when.budget_left:
        text += f"{', ' if text else ''}with {when.budget_left:.0%} of the budget left"
    return text


def _key(info: ModelInfo) -> str:
    kind, _, name = info.config.key_ref.partition(":")
    if info.key_state == "missing":
        return f"{name} is not set" if kind == "env" else "asked for when used" if kind == "run" else "missing in the keyring"
    return name if kind == "env" else info.key_state


def _cost(info: ModelInfo) -> str:
    price = info.config.price
    if price is None:
        return "not known"
    if all(tier.per_million_in == tier.per_million_out == 0 for tier in price.tiers):
        return "free"
    hour = f", about {words.money(info.per_hour, price.currency)} an hour" if info.per_hour is not None else ""
    return price_text(price) + hour


def price_text(price: Price) -> str:
    """`0.20/1.60 to 32k, then 0.60/4.80 $`, of a million tokens in and out."""
    steps = [f"{tier.per_million_in:.2f}/{tier.per_million_out:.2f}" + (f" to {_tokens(tier.up_to)}" if tier.up_to else "") for tier in price.tiers]
    return f"{', then '.join(steps)} {words.sign(price.currency)}"


def print_prices(rows: Sequence[tuple[str, str, Price]], out: Console) -> None:
    """(provider, model, price) of each; prices are of a million tokens, in and out."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("provider", "model", "in/out of a million tokens", "read on", "until"):
        table.add_column(heading)
    for provider, model, price in rows:
        table.add_row(provider, Text(model), price_text(price), price.read_on, price.until)
    out.print(table)


def _tokens(count: int) -> str:
    return f"{round(count / 1000)}k" if count < 1_000_000 else f"{count / 1e6:g}M"


def _sees(config: ModelConfig) -> str:
    if not config.probe:
        return "" if config.provider == "offline" else "not tested"
    return ", ".join(map(str, config.probe.get("deliveries", ()))) or "nothing"


def _state(info: ModelInfo) -> str:
    health = info.health
    if health.state == "ok":
        return ""
    cause = f": {failures.cause(health.kind, 'en')}" if health.kind else ""
    until = f" until {failures.local_time(health.until.isoformat())}" if health.until else ""
    return f"{health.state}{until}{cause}"


def print_report(report: Mapping[str, Any], out: Console) -> None:
    """Each step of a probe: ok, or what is wrong and what to do. `report`: a ProbeReport as JSON."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    styles = {"ok": "green", "failed": "red", "dropped": "yellow"}
    said = {"dropped": "not seen"}
    for hop in report["hops"]:
        tokens = words.count(hop["tokens_in"], "token") if hop.get("tokens_in") is not None else ""
        state = Text(said.get(hop["state"], hop["state"]), style=styles.get(hop["state"], ""))
        table.add_row(hop["name"], state, words.seconds(hop["took_ms"] / 1000), tokens, Text(hop["detail"]))
    out.print(table)
    if report["said"]:
        out.print(Text(f"It said: {report['said']}"))
    usage = report["usage"]
    if usage.get("cost"):
        out.print(Text(f"The test cost {'about ' if usage.get('estimated') else ''}{words.money(usage['cost'], usage['currency'])}."))
