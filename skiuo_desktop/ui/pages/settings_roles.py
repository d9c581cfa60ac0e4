"""Which models are asked and which stand in, as switches and an order: what a person sets, and what the settings say.

Two settings carry it: the models asked about each window, and those that stand in when one fails. A switch that is on
means one of the two; the order in the list says which. The offline measurer is last and stands in for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from skiuo_desktop.model import OFFLINE, ModelInfo

FIRST, ALL = "first", "all"


@dataclass(frozen=True, slots=True)
class Roles:
    """`asked` and `stand_in` in the order in which they count; `order` is the list from its top."""

    order: tuple[str, ...]
    asked: tuple[str, ...]
    stand_in: tuple[str, ...]
    mode: str = FIRST  # "first": one is asked, the rest stand in; "all": all that are on are asked

    @property
    def on(self) -> tuple[str, ...]:
        return tuple(name for name in self.order if name in self.asked or name in self.stand_in)

    def switched(self, name: str, on: bool) -> Roles:
        """With one switch pressed."""
        if self.mode == FIRST:
            wanted = tuple(n for n in self.order if (n in self.on or n == name) and (n != name or on))
            return replace(self, asked=wanted[:1], stand_in=wanted[1:])
        asked, stand_in = tuple(n for n in self.asked if n != name), tuple(n for n in self.stand_in if n != name)
        if on and name == OFFLINE and asked:
            stand_in = (*stand_in, name)
        elif on:
            asked = tuple(n for n in self.order if n in asked or n == name)
        elif not asked:
            asked, stand_in = stand_in[:1], stand_in[1:]
        return replace(self, asked=asked, stand_in=stand_in)._offline_last()

    def with_mode(self, mode: str) -> Roles:
        """The same switches, asked one after the other or all at once."""
        on = self.on
        if mode == FIRST:
            return replace(self, asked=on[:1], stand_in=on[1:], mode=mode)
        asked = tuple(n for n in on if n != OFFLINE) or on
        return replace(self, asked=asked, stand_in=tuple(n for n in on if n not in asked), mode=mode)

    def reordered(self, order: Sequence[str]) -> Roles:
        """With another order of the list."""
        moved = replace(self, order=tuple(order))
        if self.mode == FIRST:
            return moved.with_mode(FIRST)
        rank = {name: place for place, name in enumerate(order)}
        return replace(
            moved, asked=tuple(sorted(self.asked, key=lambda n: rank.get(n, 0))), stand_in=tuple(sorted(self.stand_in, key=lambda n: rank.get(n, 0)))
        )

    def _offline_last(self) -> Roles:
        """Measured text beside a model's adds nothing: with others asked, the offline measurer only stands in."""
        if OFFLINE in self.asked and len(self.asked) > 1:
            return replace(self, asked=tuple(n for n in self.asked if n != OFFLINE), stand_in=(*self.stand_in, OFFLINE))
        return self


def roles_of(infos: Sequence[ModelInfo], mode: str = "") -> Roles:
    """What the engine says. `mode` is what the person chose here before: with one model on, both look the same."""
    asked = tuple(info.config.name for info in infos if info.active)
    standing = sorted((info for info in infos if info.fallback is not None and not info.active), key=lambda info: info.fallback or 0)
    told = ALL if len(asked) > 1 or (mode == ALL and len(asked) == 1) else FIRST
    return Roles(tuple(info.config.name for info in infos), asked, tuple(info.config.name for info in standing), told)
