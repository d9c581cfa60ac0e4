"""Which clips in the store have done their work: a rule on rows, so that it holds after a restart as well."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from skiuo_desktop.library.objects import CLIP, RENDITION, UploadState, release
from skiuo_desktop.library.part import Part
from skiuo_desktop.library.schema import AnalysisRow, UploadRow
from skiuo_desktop.library.states import OPEN
from skiuo_desktop.model import AnalysisState

_MANY = 200


class Clips(Part):
    def release_spent_clips(self, *, keep: bool, besides: Collection[str] = (), recording_id: str = "") -> int:
        """Lets go of clips of whose windows no analysis is open any more; `keep`: only of renditions, which are made anew when they are needed.

        `besides`: keys that stay, because they are just being sent. `recording_id`: of one recording only. Returns how many were
        released; their objects go as those of any released row.
        """
        with self._database.read() as session:
            if not _spent(session, keep, besides, recording_id):
                return 0
        with self._database.write() as session:
            jobs = _spent(session, keep, besides, recording_id)
            release(session, jobs)
            return len(jobs)


def _spent(session: Session, keep: bool, besides: Collection[str], recording_id: str) -> list[UploadRow]:
    """The oldest first; not more than one short transaction should change."""
    of_window = select(AnalysisRow.id).where(AnalysisRow.window_id == UploadRow.window_id)
    spent = and_(UploadRow.state.in_((UploadState.SENDING, UploadState.STORED)), ~of_window.where(AnalysisRow.state.in_(OPEN)).exists())
    # A rendition that did not arrive whole is of use only to the analysis that is sending it: nobody else can make it.
    left = and_(
        UploadRow.state == UploadState.SENDING, UploadRow.key.endswith(RENDITION), ~of_window.where(AnalysisRow.state == AnalysisState.RUNNING).exists()
    )
    query = select(UploadRow).where(UploadRow.kind == CLIP, or_(spent, left))
    if recording_id:
        query = query.where(UploadRow.recording_id == recording_id)
    if keep:
        query = query.where(UploadRow.key.endswith(RENDITION))
    return [row for row in session.scalars(query.order_by(UploadRow.id).limit(_MANY + len(besides))) if row.key not in besides][:_MANY]
