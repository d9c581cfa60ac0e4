"""The one style sheet, for those stock widgets that are not painted by hand: text fields, scroll bars, menus, tooltips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor

SHEET = """
QToolTip {{ background: {surface}; color: {text}; border: 1px solid {border}; padding: 4px 8px; }}

QLineEdit, QPlainTextEdit, QTextEdit {{
  background: {surface}; color: {text}; border: 1px solid {control_border}; border-radius: {sm}px; padding: 0 9px;
  selection-background-color: {accent_fill}; selection-color: {accent_fg};
}}
QLineEdit {{ min-height: {field}px; max-height: {field}px; }}
QPlainTextEdit, QTextEdit {{ padding: 6px 6px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {accent}; padding: 0 8px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 5px 5px; }}
QLineEdit:disabled {{ background: transparent; border-color: {border}; color: {text_muted}; }}
QLineEdit[error="true"] {{ border-color: {error}; }}
QLineEdit[bare="true"], QPlainTextEdit[bare="true"], QTextEdit[bare="true"], QTextBrowser[bare="true"] {{ border: none; background: transparent; padding: 0; }}

QScrollArea, QAbstractScrollArea[bare="true"] {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {control_border}; border-radius: 3px; border: none; }}
QScrollBar::handle:vertical {{ margin: 2px 3px; min-height: 32px; }}
QScrollBar::handle:horizontal {{ margin: 3px 2px; min-width: 32px; }}
QScrollBar::handle:hover {{ background: {text_muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QMenu {{ background: {surface}; color: {text}; border: 1px solid {border}; padding: 6px; }}
QMenu::item {{ min-height: 20px; padding: 6px 24px 6px 10px; border-radius: {sm}px; }}
QMenu::item:selected {{ background: {surface_2}; }}
QMenu::item:disabled {{ color: {text_disabled}; }}
QMenu::icon {{ padding-left: 10px; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 6px 4px; }}
"""

COLORS = ("surface", "surface-2", "border", "control-border", "text", "text-muted", "text-disabled", "accent", "accent-fill", "accent-fg", "error")


def stylesheet(color: Callable[[str], QColor], *, radius: int, field: int) -> str:
    """The sheet in the colours of the tokens in force; `radius` of corners and inner height of a `field` in pixels."""
    values = {name.replace("-", "_"): color(name).name() for name in COLORS}
    return SHEET.format(**values, sm=radius, field=field)
