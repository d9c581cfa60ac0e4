"""The model's process: answers one question after the other from its pipe, at low priority.

It ends when its parent closes the pipe or dies, and after any error: what a library leaves behind in memory then is not known.
"""

from __future__ import annotations

import contextlib
import os
import time
import traceback
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from skiuo_desktop.analysis.child import Dropped, Orphaned, Talk, settle
from skiuo_desktop.analysis.job import Ended
from skiuo_desktop.analysis.transformers_words import Ask, Unusable, Weights
from skiuo_desktop.model import Failure, FailureKind

if TYPE_CHECKING:
    from skiuo_desktop.analysis.transformers_model import LocalModel

MEMORY_WORDS = ("out of memory", "can't allocate memory", "not enough memory")
"""How torch says it where it raises a plain RuntimeError: the CPU's allocator, MPS."""


def serve(pipe: Connection) -> None:
    """The process's main function."""
    settle()
    talk = Talk(pipe)
    model: LocalModel | None = None
    with contextlib.suppress(Orphaned):
        while True:
            ask = talk.hear()
            if not isinstance(ask, Ask):
                continue  # a DROP whose answer had ended already
            try:
                model = model or _loaded(ask.weights)
                model.answer(ask, talk)
            except Dropped:
                talk.say(Ended())
            except Orphaned:
                raise
            except Exception as error:
                talk.say(Ended(_failure(ask.weights, error, loading=model is None), last=True))
                return
            else:
                talk.say(Ended())


def _loaded(weights: Weights) -> LocalModel:
    begun = time.monotonic()
    # Read by the libraries when they are imported.
    os.environ.update({"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "TOKENIZERS_PARALLELISM": "false"})
    if weights.folder:
        os.environ["HF_HUB_OFFLINE"] = "1"
    from skiuo_desktop.analysis.transformers_model import LocalModel

    return LocalModel(weights, begun)


def _failure(weights: Weights, error: Exception, *, loading: bool) -> Failure:
    raw = "".join(traceback.format_exception(error))
    facts = {"server": "transformers", "model": weights.model}
    words = str(error).lower()
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or any(w in words for w in MEMORY_WORDS):
        # The computer's own memory is named by these two; what else runs out is a graphics card's.
        card = not isinstance(error, MemoryError) and "allocate memory" not in words
        message = (
            f"{weights.model} does not fit into memory. Choose a smaller model{f', or `skiuo models change {weights.name} --device cpu`' if card else ''}."
            if loading
            else "The memory is too small for this window. Choose fewer frames a second, smaller pictures or a smaller model."
        )
        return Failure(FailureKind.TOO_LARGE, message, raw, facts)
    if isinstance(error, Unusable):
        return Failure(FailureKind.MODEL_MISSING, str(error), raw, facts)
    if isinstance(error, ImportError):
        return Failure(FailureKind.MODEL_MISSING, "A library that this model needs cannot be loaded. Install skiuo-desktop[local] again.", raw, facts)
    if not loading:
        return Failure(FailureKind.INTERNAL, "The local model failed on this window. Try again; the raw answer has the details.", raw)
    if isinstance(error, OSError) and not weights.folder:
        message = f"The model {weights.model} is not on this computer and cannot be fetched. Check its name and the network, or give its folder."
    else:
        message = f"{weights.model} cannot be loaded. It must be a Qwen-VL or another model that reads pictures, as safetensors, without code of its own."
    return Failure(FailureKind.MODEL_MISSING, message, raw, facts)
