"""One streamed chat answer, event by event, as servers really send it.

Facts: OpenAI's API reference for chat completion chunks; Alibaba's compatible mode, which sends the usage in a last chunk with `"choices": []`;
transformers serve, which sends it with the last choice and no `[DONE]`, and an error as unescaped text in `{"error": "…"}`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from skiuo_desktop.analysis.chat_errors import Said, said

DONE = "[DONE]"
_OPEN, _CLOSE = "<think>", "</think>"


class ServerError(Exception):
    """The server said, in the stream, that it failed."""

    def __init__(self, what: Said) -> None:
        super().__init__(what.message)
        self.what = what


class Unreadable(Exception):
    """An event that is no chunk of a chat answer."""


class ThinkFilter:
    """Drops `<think>…</think>` at the beginning of an answer, and the white space around it, however the text is split."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"  # then "thinking", "after", "answer"

    def feed(self, text: str) -> str:
        """What of the answer has become certain."""
        if self._state == "answer":
            return text
        self._held += text
        if self._state == "start":
            seen = self._held.lstrip()
            if seen.startswith(_OPEN):
                self._state = "thinking"
            elif _OPEN.startswith(seen):  # may still become the mark
                return ""
            else:
                return self._let_go(seen)
        if self._state == "thinking":
            _, mark, after = self._held.partition(_CLOSE)
            if not mark:
                return ""
            self._held, self._state = after, "after"
        text = self._held.lstrip()
        return self._let_go(text) if text else ""

    def end(self) -> str:
        """What was held back and is no mark after all."""
        return self._let_go(self._held.lstrip()) if self._state == "start" else ""

    def _let_go(self, text: str) -> str:
        self._state, self._held = "answer", ""
        return text


class ChatAnswer:
    """Takes the data of each event. `usage` is as the server sent it, None until it came."""

    def __init__(self) -> None:
        self.finish_reason = ""
        self.model_version = ""
        self.usage: Mapping[str, Any] | None = None
        self.refusal = ""
        self.has_text = False
        self.begun = False
        self.done = False  # the server said that nothing follows
        self._think = ThinkFilter()
        self._first: float | None = None
        self._last = 0.0

    def take(self, data: str) -> str:
        """The text in one event's data. Raises ServerError, Unreadable."""
        if data.strip() == DONE:
            self.done = True
            return ""
        try:
            chunk = json.loads(data)
        except ValueError:
            if data.lstrip().startswith('{"error"'):
                raise ServerError(Said((), data.strip())) from None
            raise Unreadable(data[:200]) from None
        if (failed := said(chunk)) is not None:
            raise ServerError(failed)
        if not isinstance(chunk, Mapping):
            raise Unreadable(data[:200])
        self.begun = True
        self.model_version = _string(chunk.get("model")) or self.model_version
        if isinstance(usage := chunk.get("usage"), Mapping):
            self.usage = usage
        choices = chunk.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, Mapping):
            return ""
        self.finish_reason = _string(choice.get("finish_reason")) or self.finish_reason
        # A server that ignores `stream` answers with a whole message.
        delta = choice.get("delta") or choice.get("message")
        if not isinstance(delta, Mapping):
            return ""
        self.refusal += _string(delta.get("refusal"))
        return self._told(self._think.feed(_content(delta.get("content"))))

    def end(self) -> str:
        """The last of the text, after the last event."""
        return self._told(self._think.end())

    def count(self, name: str) -> int | None:
        """`prompt_tokens` or `completion_tokens`; None where the server counts nothing."""
        return _count((self.usage or {}).get(name))

    def detail(self, group: str, name: str) -> int | None:
        """One of the details of the usage, which may be null or missing."""
        details = (self.usage or {}).get(group)
        return _count(details.get(name)) if isinstance(details, Mapping) else None

    def about(self) -> dict[str, Any]:
        """For `Finished.about`: what is known of it."""
        tokens_out, seconds = self.count("completion_tokens"), self._last - (self._first or self._last)
        facts = {
            "model_version": self.model_version,
            "finish_reason": self.finish_reason,
            "thinking_tokens": self.detail("completion_tokens_details", "reasoning_tokens"),
            "cached_tokens": self.detail("prompt_tokens_details", "cached_tokens"),
            "tokens_per_s": round(tokens_out / seconds, 1) if tokens_out and seconds >= 0.05 else None,
        }
        return {name: value for name, value in facts.items() if value not in (None, "")}

    def _told(self, text: str) -> str:
        if text:
            self._last = time.monotonic()
            self._first = self._first if self._first is not None else self._last
            self.has_text = self.has_text or bool(text.strip())
        return text


def _content(value: Any) -> str:
    """A delta's text: a string, or a list of parts."""
    if isinstance(value, list):
        return "".join(_string(part.get("text")) for part in value if isinstance(part, Mapping) and part.get("type", "text") == "text")
    return _string(value)


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
