"""How a row of the library looks, and where in it what can be pressed lies."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPainterPath, QPen, QTextLayout
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from skiuo_desktop.model import Hit
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.copies import Mark
from skiuo_desktop.ui.glyphs import paint_glyph
from skiuo_desktop.ui.icons import paint_icon
from skiuo_desktop.ui.pages import library_words as words
from skiuo_desktop.ui.pages.library_model import ROW, DayRow, Index, LibraryModel, RecordingRow
from skiuo_desktop.ui.pages.library_thumbs import Thumbnails
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.narrative_layout import find_all, make_layout
from skiuo_desktop.ui.widgets.paint import paint_box
from skiuo_desktop.ui.widgets.strip import paint_strip, strip_bars

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
CHECK, GAP, EDGE, TEXT_AT = 20.0, 16.0, 24.0, 52.0
MARK = 14.0
FOUND, MODEL, STATE, PRICE, SIZE = 58.0, 170.0, 172.0, 64.0, 108.0
BEFORE = (32, 8, 0)
"""How many characters of a passage stand at most before what was found in it, tried in this order; the later ones are for narrow lists."""
TITLE_SHARE = 0.68
"""A title is not cut before it takes this much of its line; what stands after it gives way first."""
NO_SIZE_BELOW, NO_MODEL_BELOW = 1128.0, 1028.0
"""Widths of the list (a window of 1200 and 1100 less the rail)."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Left edge and width of each column; width 0: not shown."""

    text: tuple[float, float]
    found: tuple[float, float]
    model: tuple[float, float]
    state: tuple[float, float]
    price: tuple[float, float]
    size: tuple[float, float]


def columns(width: float, *, found: bool) -> Columns:
    """The columns of a list so wide; the text takes what is left."""
    right = width - EDGE
    wanted = (
        ("size", SIZE if width >= NO_SIZE_BELOW else 0.0),
        ("price", PRICE),
        ("state", STATE),
        ("model", MODEL if width >= NO_MODEL_BELOW else 0.0),
        ("found", FOUND if found else 0.0),
    )
    placed: dict[str, tuple[float, float]] = {}
    for name, needed in wanted:
        if needed:
            right -= needed
            placed[name] = (right, needed)
            right -= GAP
        else:
            placed[name] = (right, 0.0)
    return Columns(text=(TEXT_AT, max(right - TEXT_AT, 120)), **placed)


class LibraryDelegate(QStyledItemDelegate):
    """Paints LibraryModel's rows. `needle` is what is searched for."""

    def __init__(self, thumbs: Thumbnails, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._thumbs, self._view = thumbs, view
        self.needle = ""
        self.ringed = False
        self.checkable = True
        """Rows have a box in front; not where nothing can be done with several."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = index.data(Qt.ItemDataRole.SizeHintRole)
        return size if isinstance(size, QSize) else QSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, model, rect = index.data(ROW), index.model(), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(rect.topLeft())
        box = QRectF(0, 0, rect.width(), rect.height())
        if isinstance(row, DayRow):
            self._paint_day(painter, box, row)
        elif isinstance(row, RecordingRow) and isinstance(model, LibraryModel):
            state = option.state
            checked = model.is_checked(row.summary.id)
            hovered = bool(state & QStyle.StateFlag.State_MouseOver)
            painter.fillRect(box, theme().color("accent-tint" if checked else "surface-2" if hovered else "surface"))
            self._paint_row(painter, box, row, checked=checked, searching=model.searching, mark=model.mark_of(row.summary))
            painter.fillRect(QRectF(0, box.height() - 1, box.width(), 1), theme().color("border"))
            if self.ringed and index == self._view.currentIndex():
                paint_box(painter, box.adjusted(2, 1, -2, -2), theme().radius("sm"), line=theme().color("accent"), width=2)
        painter.restore()

    def _paint_day(self, painter: QPainter, box: QRectF, row: DayRow) -> None:
        t, line = theme(), QRectF(TEXT_AT, 10, box.width() - TEXT_AT - EDGE, 28)
        painter.setFont(t.font("body", 600))
        painter.setPen(t.color("text"))
        painter.drawText(line, LEFT, row.name)
        x = painter.fontMetrics().horizontalAdvance(row.name) + 8
        painter.setFont(t.font("small"))
        painter.setPen(t.color("text-muted"))
        painter.drawText(line.adjusted(x, 0, 0, 0), LEFT, row.date)
        painter.drawText(line, RIGHT, row.facts)

    def _paint_row(self, painter: QPainter, box: QRectF, row: RecordingRow, *, checked: bool, searching: bool, mark: Mark | None) -> None:
        place = columns(box.width(), found=searching)
        if self.checkable:
            self._paint_check(painter, QRectF(CHECK, box.height() / 2 - 8, 16, 16), checked)
        self._paint_thumb(painter, QRectF(TEXT_AT, (box.height() - 1 - theme().pair("thumbnail").height()) / 2, *theme().pair("thumbnail").toTuple()), row)
        left = TEXT_AT + theme().pair("thumbnail").width() + GAP
        self._paint_words(painter, QRectF(left, 0, place.text[0] + place.text[1] - left, box.height() - 1), row, with_model=not place.model[1])
        t, middle = theme(), box.height() / 2
        if searching:
            painter.setFont(t.font("small", 600))
            painter.setPen(t.color("accent"))
            painter.drawText(QRectF(place.found[0], middle - 10, place.found[1], 20), CENTER, words.hits(len(row.hits)))
        if place.model[1]:
            painter.setFont(t.font("small"))
            painter.setPen(t.color("text"))
            name = painter.fontMetrics().elidedText(words.models(row.summary), Qt.TextElideMode.ElideMiddle, int(place.model[1]))
            painter.drawText(QRectF(place.model[0], middle - 10, place.model[1], 20), LEFT, name)
        self._paint_state(painter, QPointF(place.state[0], middle), row)
        painter.setFont(t.font("body", 500))
        painter.setPen(t.color("text"))
        last = place.size if place.size[1] else place.price
        above = 19 if mark is not None else 10
        painter.drawText(QRectF(place.price[0], middle - (10 if place.size[1] else above), place.price[1], 20), RIGHT, words.price(row.summary.costs))
        if place.size[1]:
            painter.setFont(t.font("small"))
            painter.setPen(t.color("text-muted"))
            painter.drawText(QRectF(place.size[0], middle - above, place.size[1], 20), RIGHT, words.size(row.summary))
        if mark is not None:
            self._paint_mark(painter, QRectF(last[0], middle, last[1], 20), mark, with_words=bool(place.size[1]))

    def _paint_mark(self, painter: QPainter, box: QRectF, mark: Mark, *, with_words: bool) -> None:
        """Where there is no room for its words, they are in the tooltip."""
        right = box.right()
        if with_words:
            painter.setFont(theme().font("caption", 400))
            painter.setPen(theme().color("text-muted"))
            painter.drawText(box, RIGHT, mark.text)
            right -= QFontMetricsF(painter.font()).horizontalAdvance(mark.text) + 5
        paint_icon(painter, mark.icon, QRectF(right - MARK, box.center().y() - MARK / 2, MARK, MARK), "text-muted")

    def _paint_check(self, painter: QPainter, box: QRectF, checked: bool) -> None:
        t = theme()
        if checked:
            paint_box(painter, box, 4, fill=t.color("accent-fill"))
            painter.setPen(QPen(t.color("accent-fg"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline([box.topLeft() + QPointF(4.2, 8.2), box.topLeft() + QPointF(6.9, 10.9), box.topLeft() + QPointF(11.8, 5.4)])
        else:
            paint_box(painter, box, 4, fill=t.color("surface"), line=t.color("control-border"))

    def _paint_thumb(self, painter: QPainter, box: QRectF, row: RecordingRow) -> None:
        t, ratio = theme(), painter.device().devicePixelRatioF()
        picture = self._thumbs.of(row.summary, (box.size() * ratio).toSize())
        path = QPainterPath()
        path.addRoundedRect(box, t.radius("sm"), t.radius("sm"))
        if picture is not None:
            painter.save()
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
            painter.drawPixmap(box, picture, QRectF(picture.rect()))
            painter.restore()
        else:
            painter.fillPath(path, t.color("surface-3"))
            paint_icon(painter, "movie", QRectF(box.center().x() - 10, box.center().y() - 10, 20, 20), "text-muted")
        if row.summary.duration_ms <= 0:
            return
        painter.setFont(t.font("caption", 500))
        text = fmt.stamp(row.summary.duration_ms)
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 10
        chip = QRectF(box.right() - 4 - width, box.bottom() - 4 - 18, width, 18)
        paint_box(painter, chip, 4, fill=t.color("overlay"))
        painter.setPen(t.color("overlay-text"))
        painter.drawText(chip, CENTER, text)

    def _paint_words(self, painter: QPainter, box: QRectF, row: RecordingRow, *, with_model: bool) -> None:
        t, summary = theme(), row.summary
        y = box.center().y() - 33
        facts = words.facts(summary, with_model=with_model)
        painter.setFont(t.font("small"))
        facts_width = QFontMetricsF(painter.font()).horizontalAdvance(facts) + 8
        title_font = t.font("read", 600)
        room = max(box.width() - facts_width, box.width() * TITLE_SHARE)
        title = QFontMetricsF(title_font).elidedText(summary.title, Qt.TextElideMode.ElideMiddle, room)
        title_width = QFontMetricsF(title_font).horizontalAdvance(title)
        line = QRectF(box.left(), y, box.width(), 22)
        painter.setPen(t.color("text-muted"))
        room = box.width() - title_width - 8
        painter.drawText(line.adjusted(title_width + 8, 1, 0, 1), LEFT, QFontMetricsF(painter.font()).elidedText(facts, Qt.TextElideMode.ElideRight, room))
        painter.setFont(title_font)
        painter.setPen(t.color("text"))
        painter.drawText(line, LEFT, title)
        if row.hits:
            self._paint_hit(painter, QPointF(box.left(), y + 25), box.width(), row.hits[0])
        else:
            layout = clamped(summary.excerpt, box.width(), "")
            layout.draw(painter, QPointF(box.left(), y + 25))

    def _paint_hit(self, painter: QPainter, at: QPointF, width: float, hit: Hit) -> None:
        t = theme()
        painter.setPen(t.color("text"))
        lead = 0.0
        if hit.where == "text":
            painter.setFont(t.font("body", 600))
            lead = QFontMetricsF(painter.font()).horizontalAdvance(fmt.stamp(hit.start_ms)) + 8
            painter.setPen(t.color("accent"))
            painter.drawText(QRectF(at.x(), at.y(), lead, t.line("body")), LEFT, fmt.stamp(hit.start_ms))
            painter.setPen(t.color("text"))
        clamped(hit.text, width, self.needle, lead).draw(painter, at)

    def _paint_state(self, painter: QPainter, at: QPointF, row: RecordingRow) -> None:
        t = theme()
        glyph, text, color = words.state(row.summary)
        bars = strip_bars(row.summary.states)
        y = at.y() - 16 if bars else at.y() - 8
        if bars:
            paint_strip(painter, QPointF(at.x(), y), bars)
            y += 15
        paint_glyph(painter, QRectF(at.x(), y + 1, 14, 14), glyph)
        painter.setFont(t.font("small", 500 if color == "error" else None))
        painter.setPen(t.color(color))
        painter.drawText(QRectF(at.x() + 20, y - 1, STATE - 20, 18), LEFT, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(STATE - 20)))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        row = index.data(ROW)
        if event.type() is QEvent.Type.ToolTip and isinstance(row, RecordingRow):
            place, model = columns(view.viewport().width(), found=bool(row.hits)), index.model()
            mark = model.mark_of(row.summary) if isinstance(model, LibraryModel) else None
            if mark is not None and event.pos().x() >= (place.size if place.size[1] else place.price)[0]:
                QToolTip.showText(event.globalPos(), f"{mark.text}\n{mark.tip}", view)
                return True
            shown = row.summary.title if event.pos().x() < place.text[0] + place.text[1] else ""
            QToolTip.showText(event.globalPos(), shown if QFontMetricsF(theme().font("read", 600)).horizontalAdvance(shown) > place.text[1] * 0.5 else "", view)
            return True
        return super().helpEvent(event, view, option, index)


def clamped(text: str, width: float, needle: str, lead: float = 0.0) -> QTextLayout:
    """Two lines of body text, the second one elided; the first begins after `lead` pixels.

    Searched words are marked. Where they would stand after the second line, the text begins shortly before them instead.
    """
    text = text[:600]
    phrase = needle if find_all(text, needle) else next((w for w in needle.split() if find_all(text, w)), "")
    layout = _two_lines(text, width, phrase, lead)
    for before in BEFORE:
        if not phrase or _shows(layout, phrase):
            break
        layout = _two_lines(_beginning_near(text, find_all(text, phrase)[0], before), width, phrase, lead)
    for number in range(2, layout.lineCount()):
        layout.lineAt(number).setPosition(QPointF(0, theme().line("body") * 1000))
    return layout


def _two_lines(text: str, width: float, phrase: str, lead: float) -> QTextLayout:
    metrics = QFontMetricsF(theme().font("body"))
    plain = make_layout(text, width - lead, role="body")
    if plain.lineCount() > 1:
        first = plain.lineAt(0).textLength()
        rest = text[first:]
        if metrics.horizontalAdvance(rest) > width:
            text = text[:first] + metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width - 4)
    return make_layout(text, width, role="body", needle=phrase, lead=lead)


def _shows(layout: QTextLayout, phrase: str) -> bool:
    """Whether the first place of `phrase` ends within the two lines."""
    places = find_all(layout.text(), phrase)
    return bool(places) and layout.lineForTextPosition(places[0] + len(phrase) - 1).lineNumber() < 2


def _beginning_near(text: str, at: int, before: int) -> str:
    """`text` from the first word that begins within `before` characters of `at`."""
    first = max(at - before, 0)
    if first == 0:
        return text
    space = text.find(" ", first - 1, at)
    return "…" + text[space + 1 if space >= 0 else first :].lstrip()
