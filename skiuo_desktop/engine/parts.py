"""What the parts of the analyse stage work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from skiuo_desktop.engine.clips import Clips
from skiuo_desktop.engine.cut import CutStage
from skiuo_desktop.engine.judging import Judging
from skiuo_desktop.engine.links import Linking
from skiuo_desktop.engine.money import Purse
from skiuo_desktop.engine.request import Requests
from skiuo_desktop.engine.store import Store
from skiuo_desktop.engine.wishes import Wishes
from skiuo_desktop.events import Event
from skiuo_desktop.model import ModelConfig


@dataclass(frozen=True, slots=True)
class Parts:
    store: Store
    cuts: CutStage
    models: Callable[[], dict[str, ModelConfig]]
    wishes: Wishes
    purse: Purse
    requests: Requests
    judging: Judging
    clips: Clips
    links: Linking
    publish: Callable[[Event], None]
