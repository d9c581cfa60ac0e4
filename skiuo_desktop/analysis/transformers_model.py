"""A vision language model in memory: the only module that imports torch and transformers. It runs in the model's process.

No code from a model's folder is run, and only safetensors weights are read: the older format can run code when it is loaded.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor, TextStreamer
from transformers.utils import logging

from skiuo_desktop.analysis.child import Talk
from skiuo_desktop.analysis.transformers_thoughts import CLOSE, OPEN, Thoughts
from skiuo_desktop.analysis.transformers_words import Ask, Began, Done, Loaded, Said, Unusable, Weights


class LocalModel:
    """Raises Unusable, and whatever the libraries raise. `begun`: when loading began, libraries included (`time.monotonic`)."""

    def __init__(self, weights: Weights, begun: float) -> None:
        logging.set_verbosity_error()
        device = _device(weights)
        if device == "cpu":
            torch.set_num_threads(max(1, _cores() - 1))  # one core is left to what records
        self._processor, self._model = _from_files(weights, device)
        self._model.eval()
        self._go_on: Callable[[], None] = lambda: None
        for module in self._model.modules():
            if isinstance(module, torch.nn.ModuleList):
                for layer in module:
                    # Reading a window takes a computer without a graphics card minutes: it is left at the next layer, not at its end.
                    layer.register_forward_pre_hook(lambda *_: self._go_on())
        self._loaded = Loaded(
            round((time.monotonic() - begun) * 1000),
            str(self._model.device),
            str(self._model.dtype).removeprefix("torch."),
            getattr(self._model.config, "_commit_hash", None) or "",
        )

    def answer(self, ask: Ask, talk: Talk) -> None:
        """Says Loaded, Began, Said… and Done. Raises Dropped where the answer is not wanted any more."""
        talk.say(self._loaded)
        self._loaded = Loaded(0, self._loaded.device, self._loaded.dtype, self._loaded.version)
        self._go_on = talk.go_on
        talk.go_on()
        prompt, inputs, seen_as = self._inputs(ask)
        tokens_in = int(inputs["input_ids"].shape[-1])
        talk.say(Began(tokens_in, seen_as))
        spoken = _Spoken(self._tokenizer, talk, thinking=prompt.rstrip().endswith(OPEN))
        start = time.monotonic()
        with torch.inference_mode():
            out = self._model.generate(
                **inputs.to(self._model.device),
                max_new_tokens=ask.longest,
                streamer=spoken.streamer,
                stopping_criteria=[self._wanted],
            )
        took_ms = round((time.monotonic() - start) * 1000)
        made = out[0, tokens_in:].tolist()
        ends = self._model.generation_config.eos_token_id
        stopped = bool(made) and made[-1] in (ends if isinstance(ends, list) else [ends])
        talk.say(Done(len(made), spoken.thinking_tokens(), "stop" if stopped else "length", took_ms, spoken.whole))

    @property
    def _tokenizer(self) -> Any:
        return getattr(self._processor, "tokenizer", self._processor)

    def _wanted(self, input_ids: Any, _scores: Any, **_: Any) -> Any:
        """A stopping criterion that never stops by itself: what ends an answer early is Dropped."""
        self._go_on()
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)

    def _inputs(self, ask: Ask) -> tuple[str, Any, str]:
        """The prompt as the template writes it, the processor's tensors, and what the frames were given as."""
        pictures = [Image.open(BytesIO(jpeg)).convert("RGB") for _, jpeg in ask.frames]
        as_video = len(pictures) > 1 and getattr(self._processor, "video_processor", None) is not None
        parts: list[dict[str, str]] = [{"type": "video"}] if as_video else [{"type": "image"} for _ in pictures]
        conversation = [{"role": "user", "content": [*parts, {"type": "text", "text": self._plain(ask.text)}]}]
        if ask.system:
            conversation.insert(0, {"role": "system", "content": [{"type": "text", "text": self._plain(ask.system)}]})
        template = self._processor.chat_template or self._tokenizer.chat_template or ""
        # Only templates that know the word are told: others take it for an option of the processor.
        options = {"enable_thinking": False} if "enable_thinking" in str(template) else {}
        prompt = self._processor.apply_chat_template(conversation, tokenize=False, add_generation_prompt=True, **options)
        media: dict[str, Any] = {}
        if as_video:
            media = {
                "videos": [np.stack([np.asarray(picture) for picture in pictures])],
                "video_metadata": [_metadata(ask, pictures[0])],
                "do_sample_frames": False,
            }
        elif pictures:
            media = {"images": pictures}
        inputs = self._processor(text=[prompt], return_tensors="pt", **media)
        return prompt, inputs, "video" if as_video else "images" if pictures else "text"

    def _plain(self, text: str) -> str:
        """The text without the tokenizer's marks: a narrative that contains `<|im_end|>` may not end the question."""
        for mark in self._tokenizer.get_added_vocab():
            if mark in text:
                text = text.replace(mark, f"{mark[0]} {mark[1:]}")
        return text


class _Spoken:
    """Sends text on as the tokens arrive."""

    def __init__(self, tokenizer: Any, talk: Talk, *, thinking: bool) -> None:
        self.whole = ""
        self._talk = talk
        self._thoughts = Thoughts(open_already=thinking)
        self.streamer = TextStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
        self.streamer.on_finalized_text = self._hear

    def _hear(self, text: str, stream_end: bool = False) -> None:
        self.whole += text
        shown = self._thoughts.add(text)
        if stream_end:
            shown += self._thoughts.finish()
        if shown:
            self._talk.say(Said(shown))

    def thinking_tokens(self) -> int:
        """Counted once more from the text: a streamer gives several tokens at a time."""
        if not self._thoughts.thought:
            return 0
        before, mark, _ = self.whole.partition(CLOSE)
        return len(self.streamer.tokenizer(before + mark, add_special_tokens=False)["input_ids"])


def _metadata(ask: Ask, picture: Image.Image) -> dict[str, Any]:
    """Qwen3-VL writes each picture's time into the prompt: a clock of 1,000 a second says it to the millisecond."""
    times = [time_ms for time_ms, _ in ask.frames]
    length_ms = times[-1] - times[0] + round(1000 / ask.fps)
    return {
        "fps": 1000.0,
        "frames_indices": times,
        "total_num_frames": length_ms,
        "duration": length_ms / 1000,
        "width": picture.width,
        "height": picture.height,
    }


def _device(weights: Weights) -> str:
    kind = weights.device.partition(":")[0]
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if kind == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if there[name])
    if not there[kind]:
        raise Unusable(f"This computer has no {kind} device that torch can use. `skiuo models change {weights.name} --device auto` lets it choose.")
    return weights.device


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _from_files(weights: Weights, device: str) -> tuple[Any, Any]:
    """What is on this computer already is not asked for again; only a name on the hub is ever fetched."""
    try:
        return _from_pretrained(weights, device, local_files_only=True)
    except OSError:
        if weights.folder:
            raise
    return _from_pretrained(weights, device, local_files_only=False)


def _from_pretrained(weights: Weights, device: str, *, local_files_only: bool) -> tuple[Any, Any]:
    safe = {"trust_remote_code": False, "local_files_only": local_files_only}
    # "auto" with graphics cards: spread over them and main memory as it fits.
    place = "auto" if weights.device == "auto" and device == "cuda" else {"": device}
    processor = AutoProcessor.from_pretrained(weights.model, **safe)
    model = AutoModelForImageTextToText.from_pretrained(weights.model, dtype=weights.dtype, device_map=place, use_safetensors=True, **safe)
    return processor, model
