"""The key of a model: where it is, a new one, or none."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from skiuo_desktop.model import ModelInfo
from skiuo_desktop.ui.pages import settings_model_words as words
from skiuo_desktop.ui.pages.settings_secret import KeptRow, KeyEntry


class KeyRow(KeptRow):
    """What is known of a model's key, with Replace… and Forget; or the entry of a new one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Key"), parent, KeyEntry())
        self.save_button.setText(self.tr("Save key"))

    def show_model(self, info: ModelInfo, *, name: str, needed: bool, anew: bool) -> None:
        """`name` is what a new key is kept under; `anew`: another model than before, so nothing half written counts."""
        self.keeper = name
        sign, told = words.key_state(info)
        there = bool(info.config.key_ref)
        if not there and not needed:
            told = self.tr("None needed")
        self._show(sign, told, sign if sign in ("ok", "error") else "text-muted", there=there, set_it=self.tr("Set a key…"))
        if anew:
            self._close()
            if needed and not there:
                self._open(may_cancel=False)
