"""The full-text index on the server: exact phrases of split words (see `library.words`), without an extension.

PostgreSQL's own parser and positions are not asked: its parser would split words again, and a vector keeps no position
beyond 16383 and at most 256 of one word. So `vector` is a plain set, of each word with the beginning of the one after it: a phrase of
common words is found by its pairs, which are rare, and a single word is the beginning of its pairs. The phrase itself is
looked for in `words`, where the words stand in order between single spaces.

No index of PostgreSQL's gives the newest entries of a common word first. So the newest entries are read before (`walked`),
and the set is asked only for words that are too rare to be among them often enough (`matching`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, zip_longest

from sqlalchemy import ColumnElement, Subquery, and_, cast, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import TSQUERY

from skiuo_desktop.backend.tables import SEARCH
from skiuo_desktop.library.index import BETWEEN
from skiuo_desktop.library.words import Word, shadow

_LONGEST = 64
"""Characters of a word that the set keeps: PostgreSQL takes 2046 bytes, and no index gains by more."""

_AFTER = 4
"""Characters of the word after it: enough to make a pair rare, and the sets stay small."""

_MOST_BYTES = 700_000
"""Of all pairs of a set, with four that PostgreSQL adds to each; it refuses a vector of 1 MB."""

_EVERYTHING = BETWEEN.strip()
"""The one member of a set that has too many: each question asks for it too. Nobody can search for it."""


def vector(words: str) -> str:
    """The set of `words` (as `library.words.shadow` joins them), written as PostgreSQL reads a tsvector."""
    kept: set[str] = set()
    for told in words.split(_EVERYTHING):
        said = told.split()
        kept.update([f"{word[:_LONGEST]} {after[:_AFTER]}" for word, after in zip_longest(said, said[1:], fillvalue="")])
    if len(" ".join(kept).encode()) + 3 * len(kept) >= _MOST_BYTES:
        kept = {_EVERYTHING}
    if "'" in words or "\\" in words:
        return " ".join(map(_quoted, kept))
    return "'" + "' '".join(kept) + "'" if kept else ""


def walked(devices: Sequence[str], count: int, until: int | None = None) -> Subquery:
    """The newest `count` entries of these devices, of recordings up to the moment `until`. `devices` has at least one."""
    columns = [SEARCH.c[name] for name in ("recording_id", "slot", "window_id", "moment", "words")]
    order = (SEARCH.c.moment.desc(), SEARCH.c.slot.desc())
    each = [
        # Each in order already, so that PostgreSQL merges them as they are read.
        select(*columns).where(SEARCH.c.device_id == device, *([] if until is None else [SEARCH.c.moment <= until])).order_by(*order).limit(count)
        for device in devices
    ]
    together = union_all(*(select(one.subquery()) for one in each)).subquery()
    return select(together).order_by(together.c.moment.desc(), together.c.slot.desc()).limit(count).subquery("walked")


def holds(words: ColumnElement[str], wanted: Sequence[Word]) -> ColumnElement[bool]:
    """The condition on the words of an entry that the phrase stands there; its last word may be a beginning, as in the library's own search.

    `wanted` has at least one word.
    """
    phrase = " " + shadow(wanted) + (" " if wanted[-1].alone else "")
    return func.strpos(literal(" ").concat(words).concat(" "), phrase) > 0


def matching(wanted: Sequence[Word]) -> ColumnElement[bool]:
    """The condition on `SEARCH` for entries that hold the phrase, by the index of sets.

    Order by `SEARCH.c.moment` and `SEARCH.c.slot`, both descending, for the newest first.
    """
    return and_(SEARCH.c.vector.bool_op("@@")(cast(literal(query(wanted)), TSQUERY)), holds(SEARCH.c.words, wanted))


def query(wanted: Sequence[Word]) -> str:
    """A tsquery for entries that may hold the phrase."""
    texts = [word.text for word in wanted]
    pairs = [_pair(word, after) for word, after in pairwise(texts)]
    last = pairs.pop() if pairs else _pair(texts[0], "") if wanted[-1].alone else texts[0][:_LONGEST]
    ends = wanted[-1].alone and len(wanted) > 1
    terms = [*map(_quoted, sorted(set(pairs))), _quoted(last) + ("" if ends else ":*")]
    return f"({' & '.join(terms)}) | {_quoted(_EVERYTHING)}"


def _pair(word: str, after: str) -> str:
    return f"{word[:_LONGEST]} {after[:_AFTER]}"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
