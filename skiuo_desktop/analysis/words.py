"""The sentences of the offline provider, in each language that it writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

STILL = 0.05
"""Motion in less of the time than this is none to speak of."""
ALWAYS = 0.95
MOST_TIMES = 4


def percent(share: float) -> int:
    """In steps of five: what is sampled four times a second deserves no more digits."""
    return max(5, 5 * round(share * 20))


class Words(Protocol):
    gap: str  # between two sentences
    steady_light: str
    brighter: str
    darker: str
    light_varies: str
    black: str
    not_black: str
    blurred: str
    sharp_again: str
    unreadable: str
    no_text: str
    sounds: dict[str, str]  # by `hearing.Kind`, but for speech

    def motion(self, share: float) -> str:
        """Part of a sentence: how much of the time something moved."""
        ...

    def cuts(self, times: Sequence[str]) -> str:
        """Part of a sentence: when the scene changed."""
        ...

    def sentence(self, parts: Sequence[str]) -> str: ...

    def speech(self, share: float) -> str: ...

    def text(self, lines: Sequence[str], left_out: int, first: bool) -> str: ...

    def nothing_new(self, moving: bool, sound: str) -> str: ...


class English:
    gap = " "
    steady_light = "Steady light."
    brighter = "It gets brighter around {}."
    darker = "It gets darker around {}."
    light_varies = "The brightness goes up and down."
    black = "The picture is black."
    not_black = "The picture is no longer black."
    blurred = "The picture is blurred."
    sharp_again = "The picture is sharp again."
    unreadable = "Part of the picture could not be decoded."
    no_text = "No readable text."
    sounds = {  # noqa: RUF012
        "none": "No sound track.",
        "silent": "Silence.",
        "noise": "Only steady background noise.",
        "sound": "Sound, but nothing like speech.",
    }

    def motion(self, share: float) -> str:
        if share < STILL:
            return "hardly any motion" if share else "no motion"
        return "motion all the time" if share >= ALWAYS else f"motion {percent(share)} % of the time"

    def cuts(self, times: Sequence[str]) -> str:
        if len(times) == 1:
            return f"scene change at {times[0]}"
        if len(times) <= MOST_TIMES:
            return f"scene changes at {', '.join(times[:-1])} and {times[-1]}"
        return f"{len(times)} scene changes between {times[0]} and {times[-1]}"

    def sentence(self, parts: Sequence[str]) -> str:
        joined = ", ".join(parts)
        return f"{joined[:1].upper()}{joined[1:]}."

    def speech(self, share: float) -> str:
        if share < STILL:
            return "Sounds like speech for a moment."
        return "Sounds like speech all the time." if share >= ALWAYS else f"Sounds like speech {percent(share)} % of the time."

    def text(self, lines: Sequence[str], left_out: int, first: bool) -> str:
        quoted = ", ".join(f"“{line}”" for line in lines)
        rest = "" if not left_out else f" and {left_out} more {'line' if left_out == 1 else 'lines'}"
        return f"{'Text' if first else 'New text'}: {quoted}{rest}."

    def nothing_new(self, moving: bool, sound: str) -> str:
        going = ["motion"] if moving else []
        if sound in {"speech", "sound"}:
            going.append(sound)
        if not going:
            return "Nothing changed."
        return f"Nothing new; {' and '.join(going)} {'go' if len(going) > 1 else 'goes'} on."


class Chinese:
    gap = ""
    steady_light = "光线稳定。"
    brighter = "{} 左右变亮。"
    darker = "{} 左右变暗。"
    light_varies = "亮度忽高忽低。"
    black = "画面全黑。"
    not_black = "画面不再全黑。"
    blurred = "画面模糊。"
    sharp_again = "画面恢复清晰。"
    unreadable = "有一部分画面无法解码。"
    no_text = "没有可辨认的文字。"
    sounds = {  # noqa: RUF012
        "none": "没有声音轨道。",
        "silent": "没有声音。",
        "noise": "只有持续的背景噪声。",
        "sound": "有声音，但不像说话声。",
    }

    def motion(self, share: float) -> str:
        if share < STILL:
            return "画面几乎不动" if share else "画面静止"
        return "画面一直在动" if share >= ALWAYS else f"{percent(share)}% 的时间画面在动"

    def cuts(self, times: Sequence[str]) -> str:
        if len(times) <= MOST_TIMES:
            return f"{'、'.join(times)} 切换场景"
        return f"{times[0]} 至 {times[-1]} 之间切换场景 {len(times)} 次"

    def sentence(self, parts: Sequence[str]) -> str:
        return f"{'，'.join(parts)}。"

    def speech(self, share: float) -> str:
        if share < STILL:
            return "有片刻像说话的声音。"
        return "一直有像说话的声音。" if share >= ALWAYS else f"{percent(share)}% 的时间有像说话的声音。"

    def text(self, lines: Sequence[str], left_out: int, first: bool) -> str:
        quoted = "、".join(f"“{line}”" for line in lines)
        rest = "" if not left_out else f"，另有 {left_out} 行"
        return f"{'画面文字' if first else '新出现的文字'}：{quoted}{rest}。"

    def nothing_new(self, moving: bool, sound: str) -> str:
        going = ["画面仍在动"] if moving else []
        if sound in {"speech", "sound"}:
            going.append("仍有像说话的声音" if sound == "speech" else "仍有声音")
        return f"没有新内容，{'，'.join(going)}。" if going else "没有变化。"


LANGUAGES: dict[str, Words] = {"en": English(), "zh": Chinese()}
