"""Each error answer of the Gemini API, and what the person and the engine are told of it."""

# ruff: noqa: F811
from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from typing import Any

import pytest
from analysis.gemini_asking import clip, fails, recorded, server  # noqa: F401
from support.gemini_rules import error_info, quota_failure, retry_info
from support.gemini_server import KEY, GeminiServer, Reply

from skiuo_desktop import failures, secrets
from skiuo_desktop.analysis import gemini_errors
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import FailureKind

E = Reply.error
NEVER, LATER = False, True

DAY = quota_failure("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "20")
MINUTE = quota_failure("GenerateRequestsPerMinutePerProjectPerModel-FreeTier")
ROWS: dict[str, tuple[Reply, FailureKind, float | None, bool]] = {
    "expired key": (E(400, "INVALID_ARGUMENT", "API key expired. Please renew.", error_info("API_KEY_INVALID")), FailureKind.KEY, None, NEVER),
    "key without a reason": (E(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."), FailureKind.KEY, None, NEVER),
    "unauthenticated": (E(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."), FailureKind.KEY, None, NEVER),
    "key of other services": (E(403, "PERMISSION_DENIED", "Requests are blocked.", error_info("API_KEY_SERVICE_BLOCKED")), FailureKind.KEY, None, NEVER),
    "leaked key": (E(403, "PERMISSION_DENIED", "Your API key was reported as leaked."), FailureKind.KEY, None, NEVER),
    "service off": (E(403, "PERMISSION_DENIED", "Generative Language API is disabled.", error_info("SERVICE_DISABLED")), FailureKind.BILLING, None, NEVER),
    "billing off": (E(403, "PERMISSION_DENIED", "This API method requires billing.", error_info("BILLING_DISABLED")), FailureKind.BILLING, None, NEVER),
    "free tier not here": (E(400, "FAILED_PRECONDITION", "Free tier is not available in your country. Enable billing."), FailureKind.BILLING, None, NEVER),
    "not here": (E(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), FailureKind.BILLING, None, NEVER),
    "minute": (E(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", MINUTE, retry_info("21s")), FailureKind.QUOTA_MINUTE, 21, LATER),
    "fraction": (E(429, "RESOURCE_EXHAUSTED", "Quota.", MINUTE, retry_info("0.5s")), FailureKind.QUOTA_MINUTE, 0.5, LATER),
    "header": (E(429, "RESOURCE_EXHAUSTED", "Resource exhausted.", headers={"retry-after": "7"}), FailureKind.QUOTA_MINUTE, 7, LATER),
    "no delay": (E(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."), FailureKind.QUOTA_MINUTE, None, LATER),
    "none at all": (
        E(429, "RESOURCE_EXHAUSTED", "Quota exceeded, limit: 0, model: gemini-3.1-pro", quota_failure("GenerateRequestsPerDay-FreeTier", "0")),
        FailureKind.BILLING,
        None,
        NEVER,
    ),
    "credits": (E(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."), FailureKind.BILLING, None, NEVER),
    "overloaded": (E(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), FailureKind.OVERLOADED, None, LATER),
    "internal": (E(500, "INTERNAL", "An internal error has occurred."), FailureKind.OVERLOADED, None, LATER),
    "gateway": (Reply(status=502, body="<html>Bad gateway</html>"), FailureKind.OVERLOADED, None, LATER),
    "deadline": (E(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."), FailureKind.TIMEOUT, None, LATER),
    "cancelled": (E(499, "CANCELLED", "The operation was cancelled."), FailureKind.NETWORK, None, LATER),
    "payload": (E(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 20971520 bytes."), FailureKind.TOO_LARGE, None, NEVER),
    "tokens": (E(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum (1048576)."), FailureKind.TOO_LARGE, None, NEVER),
    "entity": (Reply(status=413, body="Request Entity Too Large"), FailureKind.TOO_LARGE, None, NEVER),
    "video": (E(400, "INVALID_ARGUMENT", "Unable to process input video."), FailureKind.CANNOT_FETCH, None, NEVER),
    "mime": (E(400, "INVALID_ARGUMENT", "Unsupported MIME type: video/webm"), FailureKind.CANNOT_FETCH, None, NEVER),
    "file gone": (E(403, "PERMISSION_DENIED", "You do not have permission to access the File x or it may not exist."), FailureKind.CANNOT_FETCH, None, NEVER),
    "no model": (E(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta."), FailureKind.MODEL_MISSING, None, NEVER),
    "bare 404": (Reply(status=404, body=""), FailureKind.MODEL_MISSING, None, NEVER),
    "unknown field": (E(400, "INVALID_ARGUMENT", 'Unknown name "fsp": Cannot find field.'), FailureKind.BAD_ANSWER, None, NEVER),
    "list": (Reply(status=503, body='[{"error": {"code": 503, "status": "UNAVAILABLE", "message": "busy"}}]'), FailureKind.OVERLOADED, None, LATER),
    "proxy key": (
        Reply(status=400, body='{"error": {"message": "No connected db.", "type": "no_db_connection", "code": "400"}}'),
        FailureKind.KEY,
        None,
        NEVER,
    ),
    "proxy 500": (Reply(status=500, body='{"error": {"message": "No api key passed in.", "code": "500"}}'), FailureKind.KEY, None, NEVER),
    "redirect": (Reply(status=302, body="", headers={"Location": "https://elsewhere.example"}), FailureKind.BAD_ANSWER, None, NEVER),
    "words only": (Reply(status=429, body="slow down"), FailureKind.QUOTA_MINUTE, None, LATER),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_each_error_is_one_kind(server: GeminiServer, clip: ClipRenditions, row: tuple[Reply, FailureKind, float | None, bool]) -> None:
    reply, kind, wait_s, again = row
    server.script.append(reply)
    error = fails(server, clip)
    assert (error.failure.kind, error.retry_after_s, error.again) == (kind, wait_s, again)
    assert error.billed == (kind is FailureKind.TIMEOUT)
    assert error.failure.raw == (reply.body or "")
    assert str(error) == error.failure.message
    assert failures.sentence(error.failure, "zh")
    assert server.counted == []


def test_a_wrong_key_is_refused_by_the_server_itself(server: GeminiServer, clip: ClipRenditions) -> None:
    secrets.store("run:wrong", KEY + "x")
    error = fails(server, clip, key_ref="run:wrong")
    assert (error.failure.kind, error.again) == (FailureKind.KEY, False)
    assert "does not accept the key" in str(error)
    assert fails(server, clip, key_ref="").failure.kind is FailureKind.KEY


def test_a_model_that_is_not_there(server: GeminiServer, clip: ClipRenditions) -> None:
    error = fails(server, clip, model="gemini-9-flash")
    assert error.failure.kind is FailureKind.MODEL_MISSING
    assert "gemini-9-flash" in str(error)


@pytest.mark.parametrize("details", [[DAY, retry_info("21s")], [MINUTE, DAY], [{"@type": "x", "violations": [{"quotaId": "FreeTierTokensPerDay"}]}]])
def test_a_day_s_quota_lasts_until_midnight_pacific(server: GeminiServer, clip: ClipRenditions, details: list[dict[str, Any]]) -> None:
    server.script.append(E(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", *details))
    error = fails(server, clip)
    assert error.failure.kind is FailureKind.QUOTA_DAY
    assert error.retry_after_s == pytest.approx(gemini_errors.until_midnight_s(datetime.now(UTC)), abs=60)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 27, 7, 30, tzinfo=UTC), 0.5),  # 23:30 standard time
        (datetime(2026, 11, 27, 8, 0, tzinfo=UTC), 24),
        (datetime(2026, 7, 1, 6, 0, tzinfo=UTC), 1),  # 23:00 daylight time
        (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), 24.5),  # the day that has 25 hours
        (datetime(2026, 3, 8, 8, 30, tzinfo=UTC), 22.5),  # and the one of 23
    ],
)
def test_midnight_pacific_in_winter_and_summer(now: datetime, hours: float) -> None:
    assert gemini_errors.until_midnight_s(now) == pytest.approx(hours * 3600)


def test_midnight_pacific_without_a_time_zone_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(gemini_errors, "ZoneInfo", missing)
    assert gemini_errors.until_midnight_s(datetime(2026, 7, 1, 6, 0, tzinfo=UTC)) == 2 * 3600


def test_a_place_that_is_not_served_is_named(server: GeminiServer, clip: ClipRenditions) -> None:
    server.script.append(ROWS["not here"][0])
    assert "where you are" in str(fails(server, clip))


def test_what_a_request_does_wrong_is_quoted(server: GeminiServer, clip: ClipRenditions) -> None:
    server.script.append(ROWS["unknown field"][0])
    assert '“Unknown name "fsp": Cannot find field.”' in str(fails(server, clip))


def test_the_wait_is_in_the_sentence(server: GeminiServer, clip: ClipRenditions) -> None:
    server.script.append(ROWS["minute"][0])
    assert "for 21 s" in str(fails(server, clip))
