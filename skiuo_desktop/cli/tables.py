"""Tables on a terminal, and for whoever reads one from a pipe."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

_WHOLE = 100_000
"""Columns of a line that nobody looks at: a pipe or a file has no width to keep to."""


def table(headings: Sequence[str], breaking: Sequence[str] = ()) -> Table:
    """An empty one. `breaking`: the columns that give way where a terminal is narrow; all others stay in one piece."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        made.add_column(heading, no_wrap=heading not in breaking)
    return made


def show(made: Table) -> None:
    """Prints it: as wide as the terminal, and one line a row where there is none."""
    terminal = Console()
    (terminal if terminal.is_terminal else Console(width=_WHOLE)).print(made)
