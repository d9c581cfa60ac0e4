"""The helper process: takes one job after the other from its pipe, at low priority and on one core.

It ends when its parent closes the pipe or dies in whatever way, in the middle of a job as well.
"""

from __future__ import annotations

import contextlib
import traceback
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from skiuo_desktop.analysis.child import Dropped, Orphaned, Talk, settle
from skiuo_desktop.analysis.job import Ended, Job, Looked, PictureSize, Read, ReadLine
from skiuo_desktop.errors import AnalysisError, MediaError
from skiuo_desktop.model import Failure, FailureKind

if TYPE_CHECKING:
    from skiuo_desktop.analysis.choosing import Candidate
    from skiuo_desktop.analysis.reading import Reader

PICTURES = 3


def serve(pipe: Connection) -> None:
    """The helper's main function."""
    settle()
    talk = Talk(pipe)
    work: _Work | None = None
    with contextlib.suppress(Orphaned):
        while True:
            job = talk.hear()
            if isinstance(job, Job):  # a DROP here came when its job had ended already
                work = work or _Work(talk)
                talk.say(work.done(job))


class _Work:
    """Jobs, and what is kept from one to the next. Made with the first job: it brings the heavy libraries."""

    def __init__(self, talk: Talk) -> None:
        import cv2

        from skiuo_desktop.analysis.reading import Reader

        cv2.setNumThreads(1)
        self._talk = talk
        self._reader: Reader = Reader()

    def done(self, job: Job) -> Ended:
        """Does the job, saying what becomes known on the way."""
        try:
            self._read(job, self._look(job))
        except Orphaned:
            raise
        except Dropped:
            return Ended()
        except MediaError as error:
            return Ended(Failure(FailureKind.MEDIA, str(error)))
        except AnalysisError as error:
            return Ended(error.failure)
        except Exception:
            return Ended(Failure(FailureKind.INTERNAL, "Skiuo made a mistake while it measured this window. Try again.", traceback.format_exc()))
        return Ended()

    def _look(self, job: Job) -> list[Candidate]:
        import numpy as np

        from skiuo_desktop.analysis.choosing import choose
        from skiuo_desktop.analysis.decoding import SOUND_RATE, Shot, Sound, decoded
        from skiuo_desktop.analysis.hearing import listen
        from skiuo_desktop.analysis.measuring import Measurer

        measurer = Measurer(job.span)
        sound = [np.zeros(0, np.float32)]
        unreadable = 0
        for part in decoded(job.webm, job.clip_start_ms, job.span):
            if isinstance(part, Shot):
                self._talk.go_on()
                measurer.add(part)
            elif isinstance(part, Sound):
                sound.append(part.samples)
            else:
                unreadable += 1
        if measurer.frames == 0:
            raise MediaError("The clip of this window is damaged: no picture in it can be decoded.")
        measures = measurer.finish(unreadable)
        chosen = choose(measurer.candidates, measures["cuts_ms"], PICTURES)
        sizes = tuple(PictureSize(c.time_ms, c.width, c.height, len(c.jpeg)) for c in chosen)
        self._talk.say(Looked(measures, listen(np.concatenate(sound), SOUND_RATE), sizes))
        return chosen

    def _read(self, job: Job, chosen: list[Candidate]) -> None:
        from skiuo_desktop.analysis.choosing import blurred
        from skiuo_desktop.analysis.lines import fresh, merged, same
        from skiuo_desktop.analysis.pictures import from_jpeg

        readings = []
        blurs = []
        for candidate in chosen:
            self._talk.go_on()
            picture = from_jpeg(candidate.jpeg)
            blurs.append(blurred(picture))
            readings.append(self._reader.read(picture))
        lines = [line.text for line in merged([[line for line in reading if line.sure] for reading in readings])]
        unsure = [line.text for reading in readings for line in reading if not line.sure]
        # A known line that is hard to read just now has not gone: it is not told again when it is clear once more.
        still = [text for text in job.known_lines if any(same(text, other) for other in unsure) and not any(same(text, other) for other in lines)]
        raw = tuple(tuple(ReadLine(line.text, round(line.score, 3), _whole(line.box)) for line in reading) for reading in readings)
        self._talk.say(Read(tuple(lines + still), tuple(fresh(lines, job.known_lines)), all(blurs), raw))


def _whole(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return round(left), round(top), round(right), round(bottom)
