"""What each server of the OpenAI chat API takes, checked strictly: the fields by OpenAI's own types and by the servers' documents, the media by decoding."""

from __future__ import annotations

import base64
import binascii
import copy
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import av
import cv2
import numpy as np
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from pydantic import TypeAdapter, ValidationError
from support.fetching import Unfetched, fetch

_SDK_FIELDS = frozenset(CompletionCreateParamsStreaming.__required_keys__ | CompletionCreateParamsStreaming.__optional_keys__)
_FURTHER = {
    "qwen": {"enable_thinking", "thinking_budget", "top_k", "vl_high_resolution_images"},
    "vllm": {"chat_template_kwargs", "media_io_kwargs", "mm_processor_kwargs", "top_k"},
    "sglang": {"chat_template_kwargs", "top_k"},
    "llamacpp": {"chat_template_kwargs", "top_k"},
    "transformers": {"chat_template_kwargs", "generation_config", "seed"},
}
_PARTS = {
    "qwen": {"text", "image_url", "video_url", "video"},
    "vllm": {"text", "image_url", "video_url"},
    "sglang": {"text", "image_url", "video_url"},
    "llamacpp": {"text", "image_url", "input_video"},
    "transformers": {"text", "image_url", "video_url"},
}
_DROPS = {"transformers": {"video", "input_video"}, "litellm": {"video_url", "input_video"}}
_DATA_URI = 10 << 20


class Refused(Exception):
    """The request is wrong; `body` is what the server says."""

    def __init__(self, status: int, body: Any) -> None:
        self.status = status
        self.body = body
        self.message = body if isinstance(body, str) else json.dumps(body)
        super().__init__(self.message)


@dataclass
class Seen:
    """What the model sees of a request. `size` is of the last picture."""

    text: str = ""
    system: str = ""
    delivery: str = "text"
    frames: int = 0
    size: tuple[int, int] = (0, 0)
    text_tokens: int = 0
    tokens: int = 0
    seconds: float = 0.0
    fetched: str = ""  # the address from which the video came


def checked(dialect: str, body: Any) -> Seen:
    """Raises Refused as the server would refuse it."""
    if not isinstance(body, dict):
        raise _wrong(dialect, "The body is no object.")
    unknown = set(body) - _SDK_FIELDS - _FURTHER.get(dialect, set())
    if unknown:
        if dialect == "transformers":
            raise Refused(422, {"detail": f"Unexpected fields in the request: {unknown}"})
        raise _wrong(dialect, f"Unrecognized request argument supplied: {', '.join(sorted(unknown))}")
    _check_options(dialect, body)
    seen = Seen()
    for message in body.get("messages", ()):
        if set(message) - {"role", "content", "name"}:
            raise _wrong(dialect, f"Unknown fields in a message: {sorted(message)}")
        content = message.get("content")
        if message.get("role") == "system":
            seen.system += content if isinstance(content, str) else ""
        elif isinstance(content, str):
            seen.text += content
        else:
            for part in content:
                _take_part(dialect, body, part, seen)
    _check_by_sdk(dialect, body)
    seen.text_tokens = (len(seen.text) + len(seen.system)) // 4 + 8
    seen.tokens += seen.text_tokens
    if dialect == "qwen" and seen.delivery == "video" and seen.frames < 4:
        raise _wrong(dialect, "The number of frames of a video must be at least 4.")
    return seen


def _check_options(dialect: str, body: Mapping[str, Any]) -> None:
    if body.get("stream") is not True:
        raise _wrong(dialect, "Only streams are tested here.")
    if dialect == "openai" and "max_tokens" in body:
        raise _wrong(
            dialect, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "unsupported_parameter"
        )
    longest = body.get("max_completion_tokens", body.get("max_tokens"))
    if not isinstance(longest, int) or not 1 <= longest <= 65_536:
        raise _wrong(dialect, "Range of max_tokens should be [1, 65536]")
    if dialect == "qwen":
        if "max_tokens" in body:
            raise _wrong(dialect, "max_tokens has been retired, use max_completion_tokens")
        if "thinking_budget" in body and "reasoning_effort" in body:
            raise _wrong(dialect, "reasoning_effort and thinking_budget cannot be set together")
        if str(body.get("model", "")).startswith("qwen3.8") and "enable_thinking" in body and "reasoning_effort" in body:
            raise _wrong(dialect, "reasoning_effort and enable_thinking cannot be set together")
    elif "reasoning_effort" in body and dialect not in ("openai", "ollama", "transformers", "litellm"):
        raise _wrong(dialect, "reasoning_effort is not tested here")


def _take_part(dialect: str, body: Mapping[str, Any], part: Mapping[str, Any], seen: Seen) -> None:
    kind = part.get("type")
    if kind in _DROPS.get(dialect, ()):
        return
    if kind not in _PARTS.get(dialect, {"text", "image_url"}):
        raise _wrong(dialect, f"Invalid value: '{kind}'. Supported values are: 'text', 'image_url'.", "invalid_value")
    if kind == "text":
        _keys(dialect, part, {"type", "text"})
        seen.text += part["text"]
    elif kind == "image_url":
        _keys(dialect, part, {"type", "image_url"})
        _keys(dialect, part["image_url"], {"url", "detail"} if dialect in ("openai", "vllm", "sglang", "litellm") else {"url"})
        _take_image(dialect, part["image_url"]["url"], seen)
        seen.delivery, seen.frames = "frames", seen.frames + 1
        low = part["image_url"].get("detail") == "low"
        seen.tokens += 85 if low else math.ceil(seen.size[0] / 32) * math.ceil(seen.size[1] / 32) + 2
    elif kind == "video":
        _keys(dialect, part, {"type", "video", "fps"})
        _range(dialect, "fps", part.get("fps", 2.0), 0.1, 10)
        for url in part["video"]:
            _take_image(dialect, url, seen)
        seen.delivery, seen.frames, seen.seconds = "video", len(part["video"]), len(part["video"]) / part.get("fps", 2.0)
        if seen.seconds < 2:
            raise _wrong(dialect, "The video file is too short.")
        seen.tokens += _video_tokens(seen, 655_360)
    else:
        _take_video(dialect, body, part, seen)


def _take_video(dialect: str, body: Mapping[str, Any], part: Mapping[str, Any], seen: Seen) -> None:
    if dialect == "transformers":
        raise Refused(500, "Internal Server Error")
    if part["type"] == "input_video":
        _keys(dialect, part, {"type", "input_video"})
        _keys(dialect, part["input_video"], {"data"})
        data = _base64(dialect, part["input_video"]["data"])
    else:
        _keys(dialect, part, {"type", "video_url"} | ({"fps", "min_pixels", "max_pixels", "total_pixels"} if dialect == "qwen" else set()))
        _keys(dialect, part["video_url"], {"url"} | ({"fps", "max_frames"} if dialect == "sglang" else set()))
        url = part["video_url"]["url"]
        if dialect == "qwen":
            _range(dialect, "fps", part.get("fps", 2.0), 0.1, 10)
            _range(dialect, "max_pixels", part.get("max_pixels", 655_360), 4096, 2_048_000)
        data = _fetched(dialect, url, seen) if url.startswith(("http://", "https://")) else _data_url(dialect, url)
    try:
        with av.open(BytesIO(data), "r") as container:
            shown = [frame for frame in container.decode(video=0) if isinstance(frame, av.VideoFrame)]
            form, length = container.format.name, (container.duration or 0) / 1e6
    except av.FFmpegError as error:
        raise _wrong(dialect, "Invalid video file.") from error
    if dialect == "qwen" and "mp4" not in form:
        raise _wrong(dialect, "The file format is illegal and cannot be opened.")
    if dialect == "qwen" and (length < 2 or len(shown) < 4):
        raise _wrong(dialect, "The video modality input does not meet the requirements because: the video file is too short.")
    seen.delivery, seen.seconds, seen.size = "url" if seen.fetched else "inline", length, (shown[-1].width, shown[-1].height)
    seen.frames = len(shown)
    if dialect == "vllm" and (body.get("media_io_kwargs") or {}).get("video", {}).get("num_frames") != -1:
        seen.frames = min(seen.frames, 32)
    seen.tokens += _video_tokens(seen, part.get("max_pixels", 655_360) if dialect == "qwen" else 1 << 30)


def _data_url(dialect: str, url: str) -> bytes:
    if not url.startswith("data:video/"):
        raise _wrong(dialect, "Failed to download multimodal content")
    if dialect == "qwen":
        if len(url) > _DATA_URI:
            raise _wrong(dialect, "Exceeded limit on max bytes per data-uri item : 10485760")
        if not url.startswith("data:video/mp4;"):
            raise _wrong(dialect, "The file format is illegal and cannot be opened.")
    return _base64(dialect, url.partition(",")[2])


def _fetched(dialect: str, url: str, seen: Seen) -> bytes:
    """What lies there. vLLM and SGLang pass on what their HTTP clients say, with the address in it."""
    try:
        data, mime = fetch(url)
    except Unfetched as error:
        told = {
            "qwen": "Failed to download multimodal content",
            "vllm": f"{error.status}, message='{error.reason}', url='{url}'",
            "sglang": f"{error.status} Client Error: {error.reason} for url: {url}",
        }
        raise _wrong(dialect, told.get(dialect, f"Invalid 'messages': failed to fetch {url}")) from None
    if dialect == "qwen" and not mime.startswith("video/"):
        raise _wrong(dialect, "Failed to download multimodal content")
    seen.fetched = url
    return data


def _take_image(dialect: str, url: str, seen: Seen) -> None:
    if not url.startswith("data:image/jpeg;base64,"):
        raise _wrong(dialect, "Invalid image URL.")
    picture = cv2.imdecode(np.frombuffer(_base64(dialect, url.partition(",")[2]), np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise _wrong(dialect, "Failed to decode the image.")
    seen.size = (picture.shape[1], picture.shape[0])


def _video_tokens(seen: Seen, cap: int) -> int:
    width, height = seen.size
    across, down = round(width / 32), round(height / 32)
    if across * down * 1024 > cap:
        factor = math.sqrt(width * height / cap)
        across, down = int(width / factor / 32), int(height / factor / 32)
    return math.ceil(max(seen.frames, 4) / 2) * max(1, across) * max(1, down) + 2


def _base64(dialect: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise _wrong(dialect, "Illegal base64 data.") from error


def _keys(dialect: str, part: Mapping[str, Any], known: set[str]) -> None:
    if set(part) - known:
        raise _wrong(dialect, f"Extra inputs are not permitted: {sorted(set(part) - known)}")


def _range(dialect: str, name: str, value: Any, least: float, most: float) -> None:
    if not isinstance(value, int | float) or not least <= value <= most:
        raise _wrong(dialect, f"Range of {name} should be [{least}, {most}]")


@cache
def _sdk() -> TypeAdapter[Any]:
    return TypeAdapter(CompletionCreateParamsStreaming)


def _check_by_sdk(dialect: str, body: Mapping[str, Any]) -> None:
    """By OpenAI's own types: parts and fields that they do not know are taken out first. Their lists are lazy, so they are walked."""
    known = {name: copy.deepcopy(value) for name, value in body.items() if name in _SDK_FIELDS}
    for message in known["messages"]:
        if isinstance(message["content"], list):
            message["content"] = [part if part["type"] in ("text", "image_url") else {"type": "text", "text": "(a video)"} for part in message["content"]]
    try:
        for message in list(_sdk().validate_python(known)["messages"]):
            if not isinstance(message["content"], str):
                list(message["content"])
    except ValidationError as error:
        raise _wrong(dialect, str(error)) from error


def _wrong(dialect: str, message: str, code: str = "invalid_parameter_error") -> Refused:
    if dialect == "vllm":
        return Refused(400, {"error": {"message": message, "type": "BadRequestError", "param": None, "code": 400}})
    return Refused(400, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}, "request_id": "r-0"})
