"""What the Gemini API refuses, and what it counts: the rules of the scripted server, held by the official client's own types."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import av
from google.genai import types
from PIL import Image
from pydantic import ValidationError
from support.fetching import Unfetched, fetch

MOST_REQUEST = 20_000_000
MOST_FETCHED = 100_000_000
FILES = "https://generativelanguage.googleapis.com/"
VIDEO = {"mp4", "mpeg", "mov", "avi", "x-flv", "mpg", "webm", "wmv", "3gpp"}
CONTAINERS = {"video/webm": "webm", "video/mp4": "mp4"}
FIELDS = {"contents", "systemInstruction", "generationConfig"}
RESOLUTIONS = {"MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH"}
LEVELS = {"MINIMAL", "LOW", "MEDIUM", "HIGH"}
NO_VIDEO = "Unable to process input video. Please retry or report in https://developers.generativeai.google/guide/troubleshooting"
NO_IMAGE = "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting"


class Refused(Exception):
    """An answer that is an error, in the API's shape."""

    def __init__(self, code: int, status: str, message: str, *details: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.code = code
        self.body = error_body(code, status, message, *details)


def error_body(code: int, status: str, message: str, *details: Mapping[str, Any]) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = list(details)
    return {"error": error}


def error_info(reason: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}


def quota_failure(quota_id: str, value: str = "10") -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaMetric": "requests", "quotaId": quota_id, "quotaValue": value}]}


def retry_info(delay: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


@dataclass
class Tokens:
    """Of a question, by kind."""

    text: int = 0
    video: int = 0
    image: int = 0
    audio: int = 0
    delivery: str = "text"
    media: list[bytes] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.text + self.video + self.image + self.audio

    def details(self, *, without: str = "") -> list[dict[str, Any]]:
        kinds = {"TEXT": self.text, "VIDEO": self.video, "IMAGE": self.image, "AUDIO": self.audio}
        return [{"modality": kind, "tokenCount": count} for kind, count in kinds.items() if count and kind != without]


def invalid(message: str) -> Refused:
    return Refused(400, "INVALID_ARGUMENT", message)


def check_question(body: bytes, model: str, files: Mapping[str, Any]) -> Tokens:
    """Raises Refused for anything that the documentation does not allow. `files`: by URI, each with `.data`, `.mime` and `.state`."""
    if len(body) > MOST_REQUEST:
        raise invalid(f"Request payload size exceeds the limit: {MOST_REQUEST} bytes.")
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise invalid("Invalid JSON payload received.") from error
    asked = camel(asked)
    if unknown := set(asked) - FIELDS:
        raise invalid(f'Invalid JSON payload received. Unknown name "{min(unknown)}": Cannot find field.')
    settings = asked.get("generationConfig", {})
    try:
        types.GenerationConfig.model_validate(settings)
        for content in [*asked["contents"], asked.get("systemInstruction", {"parts": []})]:
            types.Content.model_validate(content)
    except (ValidationError, KeyError) as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error
    check_settings(settings, model)
    tokens = Tokens()
    for content in [*asked["contents"], asked.get("systemInstruction", {"parts": []})]:
        for part in content["parts"]:
            check_part(part, model, settings.get("mediaResolution", ""), files, tokens)
    if not tokens.text:
        raise invalid("* GenerateContentRequest.contents: contents is not specified")
    return tokens


def camel(value: Any) -> Any:
    """Names as the documentation writes them: the API takes the other spelling too, and the official client sends it in places."""
    if isinstance(value, dict):
        return {re.sub(r"_([a-z])", lambda found: found[1].upper(), name): camel(inner) for name, inner in value.items()}
    return [camel(inner) for inner in value] if isinstance(value, list) else value


def check_settings(settings: Mapping[str, Any], model: str) -> None:
    if settings.get("mediaResolution", "MEDIA_RESOLUTION_LOW") not in RESOLUTIONS:
        raise invalid(f"Invalid value at 'generation_config.media_resolution': {settings['mediaResolution']}")
    if not 1 <= settings.get("maxOutputTokens", 1) <= 65_536:
        raise invalid("max_output_tokens must be from 1 to 65536")
    thinking = settings.get("thinkingConfig", {})
    level, budget = thinking.get("thinkingLevel"), thinking.get("thinkingBudget")
    if level is not None and (level not in LEVELS or "gemini-3" not in model):
        raise invalid(f"Thinking level {level} is not supported for this model.")
    if level is not None and budget is not None:
        raise invalid("You can only set one of thinking_budget and thinking_level.")
    if budget == 0 and "pro" in model:
        raise invalid("Budget 0 is invalid. This model only works in thinking mode.")


def check_part(part: Mapping[str, Any], model: str, resolution: str, files: Mapping[str, Any], tokens: Tokens) -> None:
    kinds = set(part) - {"videoMetadata"}
    if len(kinds) != 1 or not kinds <= {"text", "inlineData", "fileData"}:
        raise invalid("* contents.parts: required oneof field 'data' must have one initialized field")
    if "text" in part:
        if "videoMetadata" in part:
            raise invalid("video_metadata belongs to a video")
        tokens.text += math.ceil(len(part["text"]) / 4)
        return
    if "inlineData" in part:
        data, mime = decoded(part["inlineData"].get("data", "")), part["inlineData"].get("mimeType", "")
        tokens.delivery = "inline" if mime.startswith("video/") else "frames"
    else:
        uri, mime = part["fileData"].get("fileUri", ""), part["fileData"].get("mimeType", "")
        tokens.delivery = "files" if uri.startswith(FILES) else "url"
        data, known = uploaded(uri, files) if tokens.delivery == "files" else fetched(uri)
        if mime != known:
            raise invalid(f"Unsupported MIME type: {mime}")
    tokens.media.append(data)
    old = "gemini-3" not in model
    if mime == "image/jpeg":
        if "videoMetadata" in part:
            raise invalid("video_metadata belongs to a video")
        check_jpeg(data)
        tokens.image += (64 if resolution.endswith("LOW") else 256) if old else {"L": 280, "M": 560, "H": 1120}[resolution[17:18] or "H"]
        return
    fps = part.get("videoMetadata", {}).get("fps", 1.0)
    if not 0 < fps <= 24:
        raise invalid("video_metadata.fps must be in the range (0.0, 24.0].")
    if mime.partition("/")[0] != "video" or mime.partition("/")[2] not in VIDEO:
        raise invalid(f"Unsupported MIME type: {mime}")
    seconds, sound = check_video(data, mime)
    each = (64 if resolution.endswith("LOW") else 256) if old else (280 if resolution.endswith("HIGH") else 70)
    tokens.video += math.ceil(seconds * fps) * each
    tokens.audio += math.ceil(seconds * (32 if old else 25)) if sound else 0


def uploaded(uri: str, files: Mapping[str, Any]) -> tuple[bytes, str]:
    file = files.get(uri)
    if file is None:
        name = uri.rpartition("/")[2]
        raise Refused(403, "PERMISSION_DENIED", f"You do not have permission to access the File {name} or it may not exist.")
    if file.state != "ACTIVE":
        raise Refused(400, "FAILED_PRECONDITION", f"The File {file.name} is not in an ACTIVE state and usage is not allowed.")
    return file.data, file.mime


def fetched(url: str) -> tuple[bytes, str]:
    """From any address, at most 100 MB; what does not work is said with the address in it."""
    if not url.startswith(("http://", "https://")):
        raise invalid(f"Invalid or unsupported file uri: {url}")
    try:
        data, mime = fetch(url)
    except Unfetched as error:
        raise invalid(f"Cannot fetch content from the provided URL. Url retrieval failed with {error}: {url}") from None
    if len(data) > MOST_FETCHED:
        raise invalid("The fetched content is too large.")
    return data, mime


def decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)  # both alphabets are taken
    except (binascii.Error, ValueError) as error:
        raise invalid("Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed") from error


def check_jpeg(data: bytes) -> None:
    try:
        with Image.open(BytesIO(data)) as picture:
            picture.load()
            if picture.format != "JPEG":
                raise invalid(NO_IMAGE)
    except (OSError, SyntaxError) as error:
        raise invalid(NO_IMAGE) from error


def check_video(data: bytes, mime: str) -> tuple[float, bool]:
    """(seconds, whether there is sound). Every frame is decoded."""
    try:
        with av.open(BytesIO(data)) as container:
            if not re.search(CONTAINERS.get(mime, ""), container.format.name):
                raise invalid(NO_VIDEO)
            if container.duration is None:
                raise invalid(NO_VIDEO)
            frames = sum(1 for _ in container.decode(video=0))
            seconds, sound = container.duration / 1_000_000, bool(container.streams.audio)
    except (av.FFmpegError, IndexError) as error:
        raise invalid(NO_VIDEO) from error
    if not frames:
        raise invalid(NO_VIDEO)
    return seconds, sound
