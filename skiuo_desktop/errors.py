"""Every error the program raises on purpose.

SkiuoError                     has one sentence for a person; `exit_status` for the command line
 ├─ UserError                  the person can fix it: shown plainly, never with a traceback
 │   ├─ UsageError             a wrong word on the command line or in a setting          (2)
 │   ├─ NotFoundError          no such recording, model, file                            (3)
 │   ├─ SourceError            a camera, screen, file or address that gives no frames    (4)
 │   ├─ AudioError             a microphone that gives no sound                          (4)
 │   ├─ MediaError             a file that is no video, or is broken                     (5)
 │   ├─ StorageError           disk full, folder not writable, library of a newer program (6)
 │   ├─ LibraryBusyError       another program holds what this one needs                 (7)
 │   ├─ AnalysisError          a model did not answer; carries a `Failure`               (8)
 │   ├─ SecretError            no keyring, no such key                                   (9)
 │   └─ BackendError           the object store or the database server                   (10)
 ├─ BugError                   we did something wrong; asks for a report                 (70)
 └─ Cancelled                  the person said stop: never shown as an error             (130)
"""

from __future__ import annotations

from skiuo_desktop.model import BackendTrouble, Failure, FailureKind, Remark, Usage


class SkiuoError(Exception):
    """Base of all. `str(error)` is one sentence that says what happened and, where there is one, what to do."""

    exit_status = 1
    remark: Remark | None = None
    """What the sentence says (a BackendError: what its `detail` says), where that has a code: `remarks.sentence` says it in other languages."""


class UserError(SkiuoError):
    exit_status = 1


class UsageError(UserError):
    exit_status = 2


class NotFoundError(UserError):
    exit_status = 3


class SourceError(UserError):
    exit_status = 4


class AudioError(UserError):
    exit_status = 4


class MediaError(UserError):
    exit_status = 5


class StorageError(UserError):
    exit_status = 6


class LibraryBusyError(UserError):
    exit_status = 7


class AnalysisError(UserError):
    """A model did not answer. `billed`: what was sent may be charged all the same; `usage`: what it said it counted."""

    exit_status = 8

    def __init__(self, failure: Failure, *, billed: bool = False, usage: Usage | None = None, retry_after_s: float | None = None, again: bool = True) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.billed = billed
        self.usage = usage
        self.retry_after_s = retry_after_s  # the server's own wish
        self.again = again  # False: asking the same again would end the same, whatever the kind

    @classmethod
    def of(cls, kind: FailureKind, message: str, raw: str = "", *, billed: bool = False) -> AnalysisError:
        return cls(Failure(kind, message, raw), billed=billed)


class SecretError(UserError):
    exit_status = 9


class BackendError(UserError):
    """The user's object store or database did not do what it was asked. `detail` is what it said itself, without secrets."""

    exit_status = 10

    def __init__(self, message: str, trouble: BackendTrouble, *, server: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.trouble = trouble
        self.server = server  # host and port
        self.detail = detail


class BugError(SkiuoError):
    exit_status = 70


class Cancelled(SkiuoError):
    exit_status = 130
