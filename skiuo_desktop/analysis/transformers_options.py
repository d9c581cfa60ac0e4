"""The options of the `transformers` provider, and what must be there before its process is worth starting."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skiuo_desktop.analysis.transformers_words import Weights
from skiuo_desktop.errors import AnalysisError, UsageError
from skiuo_desktop.model import Failure, FailureKind, ModelConfig

LIBRARIES = ("torch", "torchvision", "transformers", "accelerate")
DTYPES = ("auto", "float32", "bfloat16", "float16")
FPS = 1.0
"""One picture a second shows what a person's hands do, and is what a computer without a graphics card can bear."""
MAX_PIXELS = 262_144
"""682 x 384 of a wide picture: 256 tokens for each two frames of a Qwen3-VL (32 x 32 pixels a token), about 2,000 for 15 seconds."""
LEAST_PIXELS = 4_096

_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d+)?")
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")


@dataclass(frozen=True, slots=True)
class Options:
    weights: Weights
    fps: float
    max_pixels: int

    def as_json(self) -> dict[str, Any]:
        return {"device": self.weights.device, "dtype": self.weights.dtype, "fps": self.fps, "max_pixels": self.max_pixels}


def parsed(config: ModelConfig) -> Options:
    """The options of `config`, those not given at their defaults. Raises UsageError."""
    given = config.options
    device, dtype = str(given.get("device", "auto")), str(given.get("dtype", "auto"))
    if not _DEVICE.fullmatch(device):
        raise UsageError(f"The option device of the model {config.name} is {device!r}; it can be auto, cpu, cuda, cuda:1 or mps.")
    if dtype not in DTYPES:
        raise UsageError(f"The option dtype of the model {config.name} is {dtype!r}; it can be {', '.join(DTYPES)}.")
    fps = _number(config.name, given, "fps", FPS, (0.1, 10.0))
    max_pixels = int(_number(config.name, given, "max_pixels", MAX_PIXELS, (LEAST_PIXELS, 16_777_216)))
    folder = Path(config.model).expanduser()
    there = bool(config.model) and folder.is_dir()
    return Options(Weights(str(folder.resolve()) if there else config.model, there, device, dtype, config.name), fps, max_pixels)


def _number(model: str, given: Mapping[str, Any], option: str, default: float, between: tuple[float, float]) -> float:
    least, most = between
    value = given.get(option, default)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not least <= number <= most:
        raise UsageError(f"The option {option} of the model {model} is {value!r}; it can be a number from {least:g} to {most:g}.")
    return number


def check(weights: Weights) -> None:
    """Raises AnalysisError (MODEL_MISSING) where the libraries are not installed, or the model is no folder and cannot be a name on the hub."""
    missing = [library for library in LIBRARIES if importlib.util.find_spec(library) is None]
    if missing:
        _fail(weights, "A model on this computer needs libraries that are not installed. Install skiuo-desktop[local].", f"missing: {', '.join(missing)}")
    if not weights.folder and not _HUB_NAME.fullmatch(weights.model):
        _fail(weights, f"There is no folder {weights.model!r}. Give the folder of a Qwen-VL, or its name on the hub such as Qwen/Qwen3-VL-2B-Instruct.")


def _fail(weights: Weights, message: str, raw: str = "") -> None:
    raise AnalysisError(Failure(FailureKind.MODEL_MISSING, message, raw, {"server": "transformers", "model": weights.model}), again=False)
