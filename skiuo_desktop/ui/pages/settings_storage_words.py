"""What a rule about the video on this computer removes, and what it leaves, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.model import RetentionPreview
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme

translate = QCoreApplication.translate


def in_force(preview: RetentionPreview) -> str:
    """`This rule removes 12 videos, 4.2 GB` — by itself, soon."""
    count = len(preview.recordings)
    if not count:
        return translate("Storage", "Nothing is to be removed now")
    size = fmt.size(preview.bytes)
    if count == 1:
        return translate("Storage", "The rule is about to remove 1 video, {0}").format(size)
    return translate("Storage", "The rule is about to remove {0} videos, {1}").format(fmt.number(count), size)


def removes(preview: RetentionPreview) -> str:
    """How many videos go for good, and which the oldest is."""
    count, size = len(preview.recordings), fmt.size(preview.bytes)
    oldest = min(preview.recordings, key=lambda each: each.started_at)
    if count == 1:
        first = translate("Storage", "The video of “{0}” goes from this computer for good, {1}.").format(oldest.title, size)
    else:
        first = translate("Storage", "{0} videos go from this computer for good, {1}; the oldest is “{2}”.").format(fmt.number(count), size, oldest.title)
    stays = translate("Storage", "Texts, markers and thumbnails stay.")
    return f"{first}{'' if theme().language == 'zh' else ' '}{stays}"


def kept(preview: RetentionPreview) -> str:
    """What the rule would like to remove and must not; and a clock that cannot be right."""
    said = []
    if preview.kept == 1:
        said.append(translate("Storage", "1 more video stays: it is neither described nor in your object store."))
    elif preview.kept:
        said.append(translate("Storage", "{0} more videos stay: they are neither described nor in your object store.").format(fmt.number(preview.kept)))
    if preview.doubted is not None:
        when = fmt.date_time(preview.doubted)
        said.append(
            translate("Storage", "A recording was made on {0}, which is later than this computer's clock: nothing is removed for its age.").format(when)
        )
    return " ".join(said)


def freed(count: int) -> str:
    return translate("Storage", "{0} freed").format(fmt.size(count)) if count else translate("Storage", "Nothing was removed")
