"""What the Gemini API's error answers mean (https://ai.google.dev/gemini-api/docs/troubleshooting).

The status alone says little: a wrong key is a 400, a file that is gone a 403, and a 429 may be for a minute, for a day or
for ever. The reasons and quota names in `details` (google.rpc.ErrorInfo, QuotaFailure, RetryInfo) decide where they are there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from skiuo_desktop.analysis.http import Client, bounded, retry_after_s
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind

_BILLING_REASONS = {"BILLING_DISABLED", "SERVICE_DISABLED", "CONSUMER_SUSPENDED", "CONSUMER_INVALID"}

# What a 400 is about, by its words: there is no reason in it.
_BAD_REQUESTS: tuple[tuple[FailureKind, str], ...] = (
    (FailureKind.KEY, r"api key|api_key|no connected db"),
    (FailureKind.TOO_LARGE, r"payload size|too large|exceeds the (maximum|limit)|token count.*exceeds"),
    (FailureKind.CANNOT_FETCH, r"cannot fetch|url retrieval|provided url|unable to process input|mime ?type|not in an active state|file uri"),
    (FailureKind.MODEL_MISSING, r"model.*(not found|not supported|invalid)|unexpected model name"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an error answer says, whatever its shape."""

    code: int
    status: str = ""  # a google.rpc.Code, such as RESOURCE_EXHAUSTED
    message: str = ""
    reasons: frozenset[str] = frozenset()
    quotas: tuple[str, ...] = ()  # such as GenerateRequestsPerDayPerProjectPerModel-FreeTier
    none_at_all: bool = False  # the quota is 0: this key may never ask this model
    wait_s: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def error_in(answer: Any) -> Mapping[str, Any] | None:
    """The `error` object of a parsed answer; it may stand alone, in a list, or be no error at all (None)."""
    if isinstance(answer, list) and answer:
        answer = answer[-1]
    found = answer.get("error") if isinstance(answer, Mapping) else None
    if isinstance(found, str):
        return {"message": found}
    return found if isinstance(found, Mapping) else None


def read(status: int, text: str, headers: Mapping[str, str] | None = None) -> Told:
    """What an error answer of that HTTP status says; its text may be anything."""
    try:
        error = error_in(json.loads(text)) or {}
    except ValueError:
        error = {}
    details = [detail for detail in error.get("details") or () if isinstance(detail, Mapping)]
    violations = [v for detail in details for v in detail.get("violations") or () if isinstance(v, Mapping)]
    message = str(error.get("message") or text[:500])
    return Told(
        code=_number(error.get("code")) or status,
        status=str(error.get("status") or ""),
        message=message,
        reasons=frozenset(str(detail["reason"]) for detail in details if detail.get("reason")),
        quotas=tuple(str(v["quotaId"]) for v in violations if v.get("quotaId")),
        none_at_all=any(str(v.get("quotaValue", "")) == "0" for v in violations) or bool(re.search(r"limit: 0\b", message)),
        wait_s=next(_delays(details), None) if details else None,
        headers=headers or {},
    )


def classified(client: Client, status: int, text: str, headers: Mapping[str, str] | None = None, *, answering: bool = False) -> AnalysisError:
    """The failure that an error answer is. `answering`: it came after the answer had begun, so that much is billed."""
    told = read(status, text, headers)
    kind = _kind(told)
    wait_s = told.wait_s if told.wait_s is not None else retry_after_s(told.headers)
    if kind is FailureKind.QUOTA_DAY:
        wait_s = until_midnight_s(datetime.now(UTC))  # RetryInfo says seconds even where the day's quota is gone
    if kind not in (FailureKind.QUOTA_MINUTE, FailureKind.QUOTA_DAY, FailureKind.OVERLOADED):
        wait_s = None
    # The provider's price page: what fails with a 4xx or a 500 is not charged; a time-out of theirs may be.
    error = client.error(kind, bounded(text), billed=answering or kind is FailureKind.TIMEOUT, wait_s=wait_s, again=_again(kind), status=told.code)
    sentence = _sentence(client, kind, told)
    return reworded(error, message=sentence) if sentence else error


def reworded(error: AnalysisError, **changes: Any) -> AnalysisError:
    """The same error, with these fields of its failure changed."""
    error.failure = replace(error.failure, **changes)
    error.args = (error.failure.message,)
    return error


def until_midnight_s(now: datetime) -> float:
    """Seconds until the day's quota begins anew: at midnight Pacific time (https://ai.google.dev/gemini-api/docs/rate-limits)."""
    here = now.astimezone(_pacific())
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.timestamp() - now.timestamp()  # not `midnight - here`: that counts by the clock on the wall, which may be put forward


def _pacific() -> tzinfo:
    try:
        return ZoneInfo("America/Los_Angeles")
    except (ZoneInfoNotFoundError, OSError):  # a system without a time zone database
        return timezone(timedelta(hours=-8))


def _kind(told: Told) -> FailureKind:
    words = told.message.lower()
    if told.reasons & _BILLING_REASONS:
        return FailureKind.BILLING
    if told.code == 401 or any(reason.startswith(("API_KEY", "ACCESS_TOKEN")) for reason in told.reasons):
        return FailureKind.KEY
    match told.code:
        case 400:
            return FailureKind.BILLING if told.status == "FAILED_PRECONDITION" else _named(words, FailureKind.BAD_ANSWER)
        case 402:
            return FailureKind.BILLING
        case 403:
            if "access the file" in words:
                return FailureKind.CANNOT_FETCH
            return FailureKind.BILLING if "billing" in words else FailureKind.KEY
        case 404:
            return FailureKind.CANNOT_FETCH if re.search(r"\bfiles?[ /]", words) and "model" not in words else FailureKind.MODEL_MISSING
        case 413:
            return FailureKind.TOO_LARGE
        case 429:
            return _exhausted(told, words)
        case 408 | 504:
            return FailureKind.TIMEOUT
        case 499:
            return FailureKind.NETWORK
        case code if code >= 500:
            return FailureKind.KEY if re.search(r"no api key|api key not valid", words) else FailureKind.OVERLOADED
    return FailureKind.BAD_ANSWER


def _exhausted(told: Told, words: str) -> FailureKind:
    if told.none_at_all or re.search(r"\b(credits?|prepayment|prepaid)\b", words):
        return FailureKind.BILLING
    if any("PerDay" in quota for quota in told.quotas) or (not told.quotas and "per day" in words):
        return FailureKind.QUOTA_DAY
    return FailureKind.QUOTA_MINUTE


def _named(words: str, otherwise: FailureKind) -> FailureKind:
    return next((kind for kind, pattern in _BAD_REQUESTS if re.search(pattern, words)), otherwise)


def _again(kind: FailureKind) -> bool:
    """Whether the same question may be answered differently a little later."""
    return kind in (FailureKind.QUOTA_MINUTE, FailureKind.QUOTA_DAY, FailureKind.OVERLOADED, FailureKind.TIMEOUT, FailureKind.NETWORK)


def _sentence(client: Client, kind: FailureKind, told: Told) -> str:
    """More exact words than the kind's own, where the answer allows it."""
    if told.status == "FAILED_PRECONDITION" and "location" in told.message.lower():
        return f"{client.server} does not serve its API where you are. Use another model."
    if kind is FailureKind.BAD_ANSWER and told.code in (400, 422):
        return f"{client.server} does not accept this request: “{told.message[:200].strip()}” Check the model's options."
    return ""


def _delays(details: list[Mapping[str, Any]]) -> Iterator[float]:
    """Seconds of each RetryInfo: a protobuf duration as JSON, `"21s"` or `"0.5s"`."""
    for detail in details:
        if found := re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", ""))):
            yield float(found[1])


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
