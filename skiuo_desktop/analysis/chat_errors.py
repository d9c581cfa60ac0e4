"""What went wrong, from what servers that speak the OpenAI chat API really answer.

An error's status says little (a proxy answers a wrong key with 400), so its code is asked first, then its words, then the status. Codes and
messages are those of Alibaba's error page, of OpenAI's, and of vLLM, Ollama, LM Studio, llama.cpp, transformers serve and LiteLLM.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from skiuo_desktop.analysis.http import Client, bounded, retry_after_s
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import FailureKind

_K = FailureKind

# Written without case and punctuation: InvalidApiKey and invalid_api_key are one.
_CODES: dict[str, FailureKind] = {
    "invalidapikey": _K.KEY,
    "invalidaccesstoken": _K.KEY,
    "authenticationerror": _K.KEY,
    "modelaccessdenied": _K.BILLING,  # the account may not use this model: its console says why
    "accessdeniedunpurchased": _K.BILLING,
    "allocationquotafreetieronly": _K.BILLING,
    "arrearage": _K.BILLING,
    "insufficientbalance": _K.BILLING,
    "billinghardlimitreached": _K.BILLING,
    "billingnotactive": _K.BILLING,
    "modelnotfound": _K.MODEL_MISSING,
    "modelnotsupported": _K.MODEL_MISSING,
    "datainspectionfailed": _K.REFUSED,
    "contentpolicyviolation": _K.REFUSED,
    "contentfilter": _K.REFUSED,
    "contextlengthexceeded": _K.TOO_LARGE,
    "stringabovemaxlength": _K.TOO_LARGE,
    "throttling": _K.QUOTA_MINUTE,
    "throttlingratequota": _K.QUOTA_MINUTE,
    "throttlingburstrate": _K.QUOTA_MINUTE,
    "throttlingallocationquota": _K.QUOTA_MINUTE,
    "limitrequests": _K.QUOTA_MINUTE,
    "limitburstrate": _K.QUOTA_MINUTE,
    "ratelimitexceeded": _K.QUOTA_MINUTE,
    "requesttimeout": _K.TIMEOUT,
    "internalerror": _K.OVERLOADED,
    "internalerroralgo": _K.OVERLOADED,
    "serviceunavailable": _K.OVERLOADED,
    "serveroverloaded": _K.OVERLOADED,
}

# Words that decide whatever the code is: one code (InvalidParameter, InternalError, DataInspectionFailed) stands for many things.
_FIRST_WORDS: tuple[tuple[str, FailureKind], ...] = (
    (
        r"failed to download multimodal|download the media|unable to download|authorization to access the media|content-length of multimodal"
        r"|(failed|unable|cannot|could not) (to )?(fetch|download)",
        _K.CANNOT_FETCH,
    ),
    (
        r"video file is too long|max bytes per data-uri|context (length|window|size)|range of input length|input length exceeds"
        r"|maximum (number of tokens|input)"
        r"|(payload|entity|body|request|file|image|video|prompt|input) (is )?too (large|long)|too many (images|tokens|frames)"
        r"|at most \d+ (image|video)",
        _K.TOO_LARGE,
    ),
    (
        r"invalid (video|image)|file format is illegal"
        r"|(cannot|could not|failed to|unable to) (decode|open|load|identify|process|read) (the )?(image|video|base64|input|media)"
        r"|video (file )?is too short|unsupported (image|video|media)|requirements because|illegal base64",
        _K.MEDIA,
    ),
    (r"(hour|day|week|month) allocated quota|per day|daily|\b[rt]pd\b", _K.QUOTA_DAY),
)

# How the HTTP clients of vLLM (aiohttp), SGLang (requests) and transformers (httpx) say that an address gave nothing.
_OF_A_LINK = (
    r"message='[^']*', url=|(client|server) error:? .{0,200}for url|max retries exceeded with url|cannot connect to host"
    r"|connect(ion)? ?(error|refused|timeout|timed out)|name or service not known|name resolution|url.{0,40}(not valid|unreachable|blocked|not allowed)"
)

# Words that decide where no code did.
_WORDS: tuple[tuple[str, FailureKind], ...] = (
    (r"api[ _-]?key|no connected db|authenticat|unauthori[sz]ed|invalid (access )?token|bearer", _K.KEY),
    (
        r"model\b.{0,200}?(does not exist|not (be )?found|not supported|not available|is not loaded)"
        r"|no such model|unknown model|invalid model|pinned to|no models? loaded|try pulling it",
        _K.MODEL_MISSING,
    ),
    (r"arrear|overdue|insufficient (balance|credit|funds)|out of credit|check your plan and billing|not purchased|payment", _K.BILLING),
    (r"inspection|inappropriate content|content (policy|filter|management)|safety system|moderation", _K.REFUSED),
    (r"rate.?limit|too many requests|throttl|requests? per (min|sec)|allocated quota|exceeded your current", _K.QUOTA_MINUTE),
    (r"overloaded|no capacity|server (is )?busy|try again later|loading model|model is loading", _K.OVERLOADED),
    (r"timed? ?out", _K.TIMEOUT),
)

_STATUS: dict[int, FailureKind] = {
    401: _K.KEY,
    402: _K.BILLING,
    403: _K.KEY,
    408: _K.TIMEOUT,
    413: _K.TOO_LARGE,
    429: _K.QUOTA_MINUTE,
    504: _K.TIMEOUT,
}

_FINAL = {_K.KEY, _K.BILLING, _K.MODEL_MISSING, _K.REFUSED, _K.TOO_LARGE, _K.CANNOT_FETCH, _K.MEDIA, _K.BAD_ANSWER}
"""What the same request would meet again."""

_WAITS = {_K.QUOTA_MINUTE, _K.QUOTA_DAY, _K.OVERLOADED, _K.TIMEOUT}

# The server has understood the request, so what the kind's sentence says is not the whole truth.
_EXACT = {
    _K.MEDIA: "{server} could not read the video that it was sent. Choose another delivery for this model.",
    _K.BAD_ANSWER: "{server} refused the request as wrong; the raw answer says why. Check the kind of server and the model's options.",
}

_MEDIA_DATA = re.compile(r"[A-Za-z0-9+/]{400,}={0,2}")


@dataclass(frozen=True, slots=True)
class Said:
    """An error as the server said it. `code` has neither case nor punctuation."""

    codes: tuple[str, ...]
    message: str
    status: int = 0  # that the error names itself, inside an answer of status 200


def said(answer: Any) -> Said | None:
    """The error in a decoded answer, in any of the shapes in use; None where there is none."""
    if isinstance(answer, list) and answer:
        answer = answer[0]
    if not isinstance(answer, Mapping):
        return None
    error = answer.get("error")
    if isinstance(error, Mapping):
        return Said(_codes(error), _text(error.get("message")), _status(error))
    if error:
        return Said(_codes(answer), _text(error))  # Ollama's native shape, transformers serve
    if "choices" not in answer and answer.get("detail"):
        return Said((), _text(answer["detail"]))  # FastAPI
    if "choices" not in answer and answer.get("object") == "error":
        return Said(_codes(answer), _text(answer.get("message")), _status(answer))  # vLLM before 0.10
    if not answer.get("choices") and isinstance(answer.get("code"), str | int) and answer.get("code") not in ("", 0, 200, "200", "Success"):
        return Said(_codes(answer), _text(answer.get("message")), _status(answer))  # DashScope, with HTTP 200 as well
    return None


def error(
    client: Client,
    what: Said,
    raw: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    begun: bool = False,
    qwen: bool = False,
    linked: bool = False,
) -> AnalysisError:
    """The classified failure. `raw` is clean (see `clean`); `begun`: the answer had begun, so it may be billed; `linked`: the model was to fetch the clip."""
    headers = headers or {}
    status = what.status or status if status == 200 else status
    kind = classify(what, status, begun=begun, qwen=qwen, linked=linked)
    wait_s = retry_after_s(headers) if kind in _WAITS else None
    again = kind not in _FINAL
    if (told := headers.get("x-should-retry", "").lower()) in ("true", "false"):
        again = told == "true"
    # A gateway that gave up does not know what became of the request behind it.
    billed = begun or kind is _K.TIMEOUT or status in (502, 504)
    failed = client.error(kind, raw, billed=billed, wait_s=wait_s, again=again, status=None if status == 200 else status)
    exact = _EXACT.get(kind)
    if exact is not None and (status == 200 or 400 <= status < 500) and status != 404:
        failed.failure = replace(failed.failure, message=exact.format(server=client.server))
    return failed


def classify(what: Said, status: int = 200, *, begun: bool = False, qwen: bool = False, linked: bool = False) -> FailureKind:
    """One kind for what a server said with this status."""
    words = what.message.lower()
    if linked and re.search(_OF_A_LINK, words):
        return _K.CANNOT_FETCH
    for pattern, kind in _FIRST_WORDS:
        if re.search(pattern, words):
            # What was fetched may be the page of a proxy instead of the clip.
            return _K.CANNOT_FETCH if linked and kind is _K.MEDIA else kind
    if "insufficientquota" in what.codes:
        # OpenAI's word for an account without credit is DashScope's for too many tokens a minute.
        return _K.QUOTA_MINUTE if qwen or not re.search(r"billing|credit|plan|balance", words) else _K.BILLING
    for code in what.codes:
        if code in _CODES:
            return _CODES[code]
    for pattern, kind in _WORDS:
        if re.search(pattern, words):
            return kind
    if status in _STATUS:
        return _STATUS[status]
    if linked and status in (400, 422, 500):
        return _K.CANNOT_FETCH  # vLLM answers "Internal Server Error" and no more; if something else is wrong the next attempt shows it
    # An error inside an answer of status 200 is the server's own, unless it says that the request was wrong.
    blamed = status != 200 or any("invalid" in code or "badrequest" in code for code in what.codes)
    return _K.OVERLOADED if status >= 500 or begun or not blamed else _K.BAD_ANSWER


def clean(raw: bytes | str, key: str, hidden: Iterable[str] = ()) -> str:
    """A raw answer as it may be kept: bounded, without the key, what is `hidden` besides (signatures), and media that the server sent back."""
    text = raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else raw
    if key:
        text = text.replace(key, "(the key)")
    for word in hidden:
        text = text.replace(word, "(hidden)")
    return bounded(_MEDIA_DATA.sub(lambda found: f"({len(found[0])} characters of data)", text))


def parsed(body: bytes | str) -> Any:
    """The JSON of a body; None where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _codes(error: Mapping[str, Any]) -> tuple[str, ...]:
    told = [str(error[name]) for name in ("code", "type") if isinstance(error.get(name), str) and error[name]]
    return tuple(re.sub(r"[^a-z0-9]", "", one.lower()) for one in told)


def _status(error: Mapping[str, Any]) -> int:
    told = str(error.get("code", ""))
    return int(told) if re.fullmatch(r"[45]\d\d", told) else 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value else ""
