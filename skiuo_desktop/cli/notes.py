"""What is said beside the narrative: waits, models that stand in or are not asked, budgets, prices. One line each."""

from __future__ import annotations

from datetime import UTC, datetime

from skiuo_desktop import failures
from skiuo_desktop.cli import as_json, words
from skiuo_desktop.cli.budget import STEPS
from skiuo_desktop.events import AnalysisWaiting, BudgetStepped
from skiuo_desktop.model import OFFLINE, Analysis, BudgetStep, ModelHealth, Window, WindowState


def waiting(event: AnalysisWaiting) -> str:
    left = max(0.0, (event.until - datetime.now(UTC)).total_seconds())
    again = f"{event.analysis.model} tries again in {words.seconds(left)}"
    return f"{words.span(event.analysis.span)}  {again}: {failures.cause(event.failure.kind, 'en')} (attempt {event.attempt + 1} of {event.attempts})"


def health(value: ModelHealth) -> str:
    if value.state == "ok":
        return f"{value.model} is asked again."
    cause = f": {failures.cause(value.kind, 'en')}" if value.kind else ""
    if value.state == "paused" and value.until is not None:
        return f"{value.model} is not asked until {failures.local_time(value.until.isoformat())}{cause}."
    return f"{value.model} is not asked until it is changed{cause}."


def budget(event: BudgetStepped) -> str:
    if event.step is BudgetStep.NONE:
        return "The budgets leave room again: all goes on as it was."
    used = f"{event.share:.0%} of the budget of the {event.budget} is used. " if event.budget else ""
    return used + STEPS[event.step]


def price(analysis: Analysis) -> str:
    """What an answer cost and how fast it came; empty where nothing was counted."""
    usage = analysis.usage
    parts = []
    if usage.cost:
        parts.append(f"{'about ' if usage.estimated else ''}{words.money(usage.cost, usage.currency)}")
    if usage.tokens_in is not None and usage.tokens_out is not None and analysis.model != OFFLINE:
        parts.append(f"{usage.tokens_in} tokens in, {usage.tokens_out} out")
    speed = as_json.tokens_per_s(analysis)
    if parts and speed is not None:
        parts.append(f"{speed:g} tokens/s")
    return f"{words.span(analysis.span)}  {analysis.model}: {', '.join(parts)}" if parts else ""


def left_out(window: Window) -> str:
    """Why a window is not analysed; empty where nothing of it was left out by a budget."""
    if window.state is not WindowState.SKIPPED:
        return ""
    told = reason(window)
    return f"{words.span(window.span)}  {told}" if window.reason in ("stride", "budget") else ""


def reason(window: Window) -> str:
    """`Window.reason` in words."""
    said = {
        "not_asked": "not asked for",
        "cancelled": "cancelled",
        "stride": "left out to save the budget",
        "budget": "kept for later by the budget",
        "rule": "no model was to be asked at this time",
        "rebuilt": "its text was lost with the database",
    }
    return said.get(window.reason, window.reason)


def chosen(window: Window) -> str:
    """Whose text stands and why, where several models have answered; empty otherwise."""
    sentence = choice(window)
    return f"{words.span(window.span)}  {window.chosen.model} stands: {sentence}" if sentence and window.chosen else ""


def choice(window: Window) -> str:
    """Why that text stands, where there was one to choose."""
    if window.choice is None or len(window.answers) < 2 or window.choice.reason == "only":
        return ""
    return failures.choice(window.choice, "en")
