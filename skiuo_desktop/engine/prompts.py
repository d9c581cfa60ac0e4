"""Prompts for the front ends: the templates, what can stand in them, and how one reads when it is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skiuo_desktop.analysis.prompts import BUILTIN, LANGUAGES, PLACES, Template, TemplateStore, about_tokens, check, preview

if TYPE_CHECKING:
    from skiuo_desktop.analysis.provider import Prompt

__all__ = ["BUILTIN", "LANGUAGES", "PLACES", "Prompt", "Template", "TemplateStore", "about_tokens", "check", "preview"]
