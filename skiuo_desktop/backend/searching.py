"""The full-text index on the server: exact phrases of split words (see `library.words`), without an extension.

PostgreSQL's own parser and positions are not asked: its parser would split words again, and a vector keeps no position
beyond 16383 and at most 256 of one word. So `vector` is the plain set of an entry's words, which finds the few candidates
through a GIN index, and the phrase itself is looked for in `words`, where the words stand in order between single spaces.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, cast, func, literal
from sqlalchemy.dialects.postgresql import TSQUERY

from skiuo_desktop.backend.tables import SEARCH
from skiuo_desktop.library.index import BETWEEN
from skiuo_desktop.library.words import Word, shadow

_LONGEST = 128
"""Characters of a word that the set keeps: PostgreSQL takes 2046 bytes, and no index gains by more."""

_MOST_BYTES = 700_000
"""Of all words of a set, with what PostgreSQL adds to each; it refuses a vector of 1 MB."""

_EVERYTHING = BETWEEN.strip()
"""The one word of an entry that has too many: each question asks for it too. Nobody can search for it."""


def vector(words: str) -> str:
    """The set of `words` (as `library.words.shadow` joins them), written as PostgreSQL reads a tsvector."""
    kept = {word[:_LONGEST] for word in words.split() if word != _EVERYTHING}
    if sum(len(word.encode()) + 4 for word in kept) > _MOST_BYTES:
        kept = {_EVERYTHING}
    return " ".join(map(_quoted, kept))


def matching(wanted: Sequence[Word]) -> ColumnElement[bool]:
    """The condition on `SEARCH` for entries that hold the phrase; its last word may be a beginning, as in the library's own search.

    `wanted` has at least one word. Order by `SEARCH.c.moment` and `SEARCH.c.slot`, both descending, for the newest first.
    """
    phrase = " " + shadow(wanted) + (" " if wanted[-1].alone else "")
    return and_(
        SEARCH.c.vector.bool_op("@@")(cast(literal(query(wanted)), TSQUERY)),
        func.strpos(literal(" ").concat(SEARCH.c.words).concat(" "), phrase) > 0,
    )


def query(wanted: Sequence[Word]) -> str:
    """A tsquery for entries that may hold the phrase."""
    exact = {word.text[:_LONGEST] for word in (wanted if wanted[-1].alone else wanted[:-1])}
    terms = [_quoted(word) for word in sorted(exact)]
    if not wanted[-1].alone:
        terms.append(_quoted(wanted[-1].text[:_LONGEST]) + ":*")
    return f"({' & '.join(terms)}) | {_quoted(_EVERYTHING)}"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
