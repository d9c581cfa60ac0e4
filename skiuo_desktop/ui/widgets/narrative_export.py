"""The narrative as a file or on the clipboard: plain text, or Markdown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.model import OFFLINE, Recording, Window, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.widgets import narrative_words as words

translate = QCoreApplication.translate


def as_text(recording: Recording) -> str:
    """Title, facts, then each window's time and text."""
    parts = [recording.title, _facts(recording)]
    if recording.notes:
        parts.append(recording.notes)
    parts += [f"{fmt.span(window.span)}\n{said}" for window, said in _passages(recording)]
    return "\n\n".join(parts) + "\n"


def as_markdown(recording: Recording) -> str:
    """The same with headings, so that it reads well where Markdown is shown."""
    parts = [f"# {_escaped(recording.title)}", _facts(recording)]
    if recording.tags:
        parts.append(" ".join(f"`{tag}`" for tag in recording.tags))
    if recording.notes:
        parts.append("\n".join(f"> {line}" for line in recording.notes.splitlines()))
    if recording.markers:
        heading = translate("Export", "Markers")
        parts.append(f"## {heading}\n\n" + "\n".join(f"- {_escaped(words.marker(marker))}" for marker in recording.markers))
    parts += [f"## {fmt.span(window.span)}\n\n{_escaped(said)}" for window, said in _passages(recording)]
    return "\n\n".join(parts) + "\n"


def _facts(recording: Recording) -> str:
    return " · ".join((fmt.date_time(recording.started_at), fmt.duration(recording.duration_ms), recording.source_label))


def _passages(recording: Recording) -> list[tuple[Window, str]]:
    """The windows about which something is said, with that."""
    told = ((window, _said(window, elsewhere=bool(recording.device))) for window in recording.windows)
    return [(window, said) for window, said in told if said]


def _said(window: Window, *, elsewhere: bool) -> str:
    """A window's text with the name of who said it; what went wrong where there is none."""
    analysis = window.chosen
    if analysis is not None and analysis.text.strip():
        by = words.offline_heading(elsewhere=elsewhere) if analysis.model == OFFLINE else analysis.model
        return f"{analysis.text.strip()}\n({by})"
    if window.state is WindowState.FAILED and analysis is not None and analysis.failure is not None:
        return f"({words.state(window.state)}: {' '.join(words.failure(analysis.failure)).strip()})"
    return ""


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is: a line that would begin a heading, list or quote does not."""
    lines = []
    for line in text.splitlines():
        lines.append(f"\\{line}" if line[:1] in "#>-+*=" or line[:1] == "`" else line)
    return "\n".join(lines).replace("<", "&lt;")
