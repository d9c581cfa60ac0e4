"""What failures, substitutions and choices mean to a person, in English and Chinese: one sentence for each, which says what to do.

Rows and events carry kinds, codes and facts; these sentences are made when they are shown. English is also what
`Failure.message` holds, so that logs and scripts read one language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from skiuo_desktop import remarks
from skiuo_desktop.errors import BackendError, SkiuoError
from skiuo_desktop.model import BackendTrouble, Choice, Failure, FailureKind, Remark

LANGUAGES = ("en", "zh")

# `{server}` is what a person calls the other side, `{model}` its model; both always have a value (see `_facts`).
_SENTENCES: dict[FailureKind, tuple[str, str]] = {
    FailureKind.KEY: (
        "{server} does not accept the key. Replace the key of this model.",
        "{server} 不接受这个密钥。请为该模型更换密钥。",
    ),
    FailureKind.QUOTA_MINUTE: (
        "{server} takes no more requests this minute{wait}. Ask it less often, or raise its limit.",
        "{server} 本分钟的请求数已用完{wait}。请降低请求频率或提高限额。",
    ),
    FailureKind.QUOTA_DAY: (
        "The day's quota at {server} is used up{wait}. Use another model until then.",
        "{server} 今天的配额已用完{wait}。在此之前请改用其他模型。",
    ),
    FailureKind.BILLING: (
        "{server} wants its bill settled: the account has no credit, or the model is not bought. Look at its console.",
        "{server} 账户欠费或尚未开通该模型。请到其控制台处理。",
    ),
    FailureKind.BUDGET: (
        "Nothing was sent: your budget for this {budget} ({limit}) would be exceeded. Raise it, or analyse the window later.",
        "未发送：会超出您设定的{budget}预算（{limit}）。请提高预算，或稍后再分析该窗口。",
    ),
    FailureKind.MODEL_MISSING: (
        "{server} has no model {model}. Check the model's name.",
        "{server} 没有模型 {model}。请检查模型名称。",
    ),
    FailureKind.REFUSED: (
        "{server} refuses this content. Another model may take it.",
        "{server} 拒绝处理该内容。可以换一个模型再试。",
    ),
    FailureKind.TOO_LARGE: (
        "The window is too large for {server}. Choose fewer frames a second, smaller pictures or shorter windows.",
        "该窗口对 {server} 来说过大。请减少每秒帧数、缩小画面或缩短窗口。",
    ),
    FailureKind.CANNOT_FETCH: (
        "{server} cannot fetch the video. Send it inline or as frames.",
        "{server} 无法取得视频。请改为内联发送或按帧发送。",
    ),
    FailureKind.OVERLOADED: (
        "{server} is busy{wait}. Try again a little later.",
        "{server} 繁忙{wait}。请稍后重试。",
    ),
    FailureKind.NETWORK: (
        "{server} cannot be reached. Check the network and the address.",
        "无法连接 {server}。请检查网络和地址。",
    ),
    FailureKind.TIMEOUT: (
        "{server} took too long. Try again, or allow it more time.",
        "{server} 响应超时。请重试，或允许更长时间。",
    ),
    FailureKind.EMPTY: (
        "{model} answered without a word. Try again, or allow longer answers.",
        "{model} 没有给出任何文字。请重试，或允许更长的回答。",
    ),
    FailureKind.CUT_SHORT: (
        "The answer of {model} stopped half-way. Try again; what had arrived is kept.",
        "{model} 的回答中途停止。请重试；已收到的文字已保留。",
    ),
    FailureKind.BAD_ANSWER: (
        "{server} answered something that is no answer. The raw answer shows it; check the address and the kind of server.",
        "{server} 的回应无法识别。请查看原始回答，并检查地址和服务器类型。",
    ),
    FailureKind.MEDIA: (
        "The window's video cannot be read. Repair the recording, then try again.",
        "无法读取该窗口的视频。请修复录像后重试。",
    ),
    FailureKind.INTERRUPTED: (
        "The program ended while the answer was arriving. Try again.",
        "回答到达途中程序退出了。请重试。",
    ),
    FailureKind.INTERNAL: (
        "Skiuo made a mistake here; the log has the details. Try again.",
        "Skiuo 在此出错，详情见日志。请重试。",
    ),
}

_UNPRICED = (
    "Nothing was sent: the price of {model} is not known, so your budget for this {budget} could not be kept. Set its price, or that it is free.",
    "未发送：{model} 的价格未知，无法遵守您设定的{budget}预算。请为其设定价格，或标明免费。",
)

_BUDGETS = {"recording": ("recording", "每段录像"), "day": ("day", "每日"), "month": ("month", "每月")}

# Why one model was asked in another's place. `of` is the other's name.
_WHY: dict[str, tuple[str, str]] = {
    "failed": ("{of} failed: {cause}", "{of} 失败：{cause}"),
    "stopped": ("{of} is stopped until {until}", "{of} 已暂停至 {until}"),
    "days": ("{of} is not used on this day", "{of} 今天不使用"),
    "hours": ("{of} is not used at this hour", "{of} 此时段不使用"),
    "budget_left": ("too little of the budget is left for {of}", "剩余预算不足以使用 {of}"),
    "budget": ("the budget nears its end: cheaper than {of}", "预算将尽：比 {of} 便宜"),
    "judge": ("chooses between the answers", "在多个回答之间做出选择"),
}

_CAUSES: dict[FailureKind, tuple[str, str]] = {
    FailureKind.KEY: ("key refused", "密钥被拒绝"),
    FailureKind.QUOTA_MINUTE: ("minute's quota used up", "每分钟配额用尽"),
    FailureKind.QUOTA_DAY: ("day's quota used up", "当日配额用尽"),
    FailureKind.BILLING: ("billing", "账户欠费或未开通"),
    FailureKind.BUDGET: ("budget used up", "预算用尽"),
    FailureKind.MODEL_MISSING: ("no such model", "模型不存在"),
    FailureKind.REFUSED: ("content refused", "内容被拒绝"),
    FailureKind.TOO_LARGE: ("window too large", "窗口过大"),
    FailureKind.CANNOT_FETCH: ("cannot fetch the video", "无法取得视频"),
    FailureKind.OVERLOADED: ("busy", "繁忙"),
    FailureKind.NETWORK: ("not reachable", "无法连接"),
    FailureKind.TIMEOUT: ("too slow", "超时"),
    FailureKind.EMPTY: ("empty answer", "回答为空"),
    FailureKind.CUT_SHORT: ("answer cut short", "回答中断"),
    FailureKind.BAD_ANSWER: ("unreadable answer", "回应无法识别"),
    FailureKind.MEDIA: ("video unreadable", "视频无法读取"),
    FailureKind.INTERRUPTED: ("interrupted", "被中断"),
    FailureKind.INTERNAL: ("a mistake of Skiuo", "Skiuo 出错"),
}


# Why one of several answers stands in the narrative. `vote` without any label falls back to `all`.
_CHOICES: dict[str, tuple[str, str]] = {
    "only": ("the only answer", "唯一的回答"),
    "first": ("the first in your order", "按您的顺序排在最前"),
    "first_complete": ("the first in your order that is complete", "按您的顺序第一个完整的回答"),
    "incomplete": ("no answer is complete; the first in your order that has text", "没有完整的回答；按您的顺序第一个有文字的"),
    "agrees": ("agrees most with the others", "与其他回答最一致"),
    "majority": ("the majority's label", "多数模型给出的标签"),
    "tie": ("as many labels for as against; the first in your order decides", "标签票数相同，由排在最前的决定"),
    "no_labels": ("no model gave a label; the first in your order", "没有模型给出标签；按您的顺序排在最前"),
    "judge": ("chosen by the judge", "由评判模型选定"),
    "no_verdict": ("the judge did not choose; taken by the rule “best”", "评判模型未作选择；按“best”规则选定"),
    "person": ("chosen by you", "由您选定"),
}


def failure(kind: FailureKind, raw: str = "", **facts: Any) -> Failure:
    """A failure with its English sentence. `facts`: server, model, wait_s, status, budget, limit; all optional, all shown."""
    told = {name: value for name, value in facts.items() if value not in (None, "")}
    return Failure(kind, _fill(_text(kind, told)[0], told, "en"), raw, told)


def sentence(what: Failure, language: str) -> str:
    """The sentence in `language`. English is what the failure says itself: it may be more exact than its kind."""
    if language != "zh":
        return what.message
    return _fill(_text(what.kind, what.facts)[1], what.facts, "zh")


def cause(kind: FailureKind, language: str) -> str:
    """Two or three words."""
    return _CAUSES[kind][language == "zh"]


def why(reason: Mapping[str, Any], language: str) -> str:
    """Why a model was asked in another's place (`Analysis.why`); empty where it was not."""
    text = _WHY.get(str(reason.get("code", "")))
    if text is None:
        return ""
    facts = {"of": "", "until": "", **reason}
    kind = reason.get("kind")
    facts["cause"] = cause(FailureKind(kind), language) if kind in set(FailureKind) else str(kind or "")
    facts["until"] = local_time(str(facts["until"]))
    return text[language == "zh"].format_map(facts)


def choice(made: Choice, language: str) -> str:
    """Why an answer stands in the narrative, with the dissent; empty for a code that is not known."""
    zh = language == "zh"
    code = made.rule if made.rule == "person" or (made.rule == "judge" and not made.reason) else made.reason
    text = _CHOICES.get(code, ("", ""))[zh]
    if not made.dissent:
        return text
    return f"{text}（不同意见：{'；'.join(made.dissent)}）" if zh else f"{text} (others: {'; '.join(made.dissent)})"


def local_time(moment: str) -> str:
    """`14:05` or `12-24 14:05` of an ISO time, in the person's own time."""
    try:
        then = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return moment
    return f"{then:%H:%M}" if then.date() == datetime.now().astimezone().date() else f"{then:%m-%d %H:%M}"


def _text(kind: FailureKind, facts: Mapping[str, Any]) -> tuple[str, str]:
    return _UNPRICED if facts.get("unpriced") else _SENTENCES[kind]


def _fill(text: str, facts: Mapping[str, Any], language: str) -> str:
    zh = language == "zh"
    wait_s = facts.get("wait_s")
    wait = "" if not wait_s else (f"，请等待 {_duration(wait_s, zh)}" if zh else f" for {_duration(wait_s, zh)}")
    values = {
        "server": facts.get("server") or ("服务器" if zh else "The server"),
        "model": facts.get("model") or ("模型" if zh else "The model"),
        "wait": wait,
        "budget": _BUDGETS.get(str(facts.get("budget", "")), ("time", "该"))[zh],
        "limit": facts.get("limit", ""),
    }
    return text.format_map(values)


def _duration(seconds: float, zh: bool) -> str:
    if seconds < 90:
        return f"{round(seconds)} 秒" if zh else f"{round(seconds)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} 分钟" if zh else f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} 小时" if zh else f"{round(seconds / 3600)} h"


def backend(trouble: BackendTrouble, server: str, detail: str | Remark = "", language: str = "en") -> str:
    """The sentence for a trouble of the backend. `server`: host and port."""
    return told(_of_server(trouble, server, detail), language)


def backend_error(trouble: BackendTrouble, server: str, detail: str | Remark = "") -> BackendError:
    said = remarks.sentence(detail) if isinstance(detail, Remark) else detail
    error = BackendError(backend(trouble, server, said), trouble, server=server, detail=said)
    error.remark = detail if isinstance(detail, Remark) else None
    return error


def whole(error: SkiuoError) -> Remark | None:
    """All that an error says; None for one whose sentence has no code."""
    return _of_server(error.trouble, error.server, error.remark or error.detail) if isinstance(error, BackendError) else error.remark


def told(what: Remark, language: str) -> str:
    """As a sentence of its own."""
    text = remarks.sentence(what, language)
    return f"{text}。" if language == "zh" and not text.endswith(("。", ".")) else text


def _of_server(trouble: BackendTrouble, server: str, detail: str | Remark) -> Remark:
    return Remark(f"server_{trouble.value}", {"server": server, "detail": detail or Remark(trouble.value)})


_FREED = (
    "The video of {title} was removed here on {date} by your rule for old videos; its texts are still here.",
    "{title} 的视频已于 {date} 按您的保留规则从本机删除；文字仍在。",
)
_STORED = (" It is in your store: `skiuo fetch` brings it back.", "它还在您的存储中：可用 skiuo fetch 取回。")


def video_freed(title: str, freed_at: datetime, *, stored: bool, language: str = "en") -> str:
    """Why a recording has no video here (`Recording.freed_at`); `stored`: the object store has it."""
    number = LANGUAGES.index(language)
    return _FREED[number].format(title=title, date=f"{freed_at.astimezone():%Y-%m-%d}") + (_STORED[number] if stored else "")
