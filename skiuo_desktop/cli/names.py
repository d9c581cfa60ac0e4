"""Whether the models and prompts that values name are there, checked before anything is opened or saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skiuo_desktop import settings as s
from skiuo_desktop.home import Home

_OF_MODELS = (s.ACTIVE_MODELS.key, s.FALLBACK.key, s.JUDGE.key, s.CHEAPER.key)


def check(home: Home, values: Mapping[str, Any]) -> None:
    """`values`: setting keys and parsed values. Raises NotFoundError for a name of a model or prompt that nothing has."""
    from skiuo_desktop.engine.models import ModelBook
    from skiuo_desktop.engine.prompts import TemplateStore

    for key, value in values.items():
        if key in _OF_MODELS:
            ModelBook(home).check_names(value if isinstance(value, tuple) else filter(None, [value]))
        elif key == s.PROMPT.key:
            TemplateStore(home).get(value)
