"""The life of the helper process: it dies, hangs, idles, is orphaned, and never takes an analysis or the program with it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from analysis import stuck_worker
from analysis.drawn_clips import answer, ask, question, screen, until, webm, with_disc

from skiuo_desktop.analysis import helper
from skiuo_desktop.analysis.helper import SILENT_S, Helper
from skiuo_desktop.analysis.offline import OfflineProvider
from skiuo_desktop.analysis.provider import Sent
from skiuo_desktop.errors import AnalysisError
from skiuo_desktop.model import OFFLINE, FailureKind, ModelConfig

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")

TESTS = Path(__file__).parents[1]
PAGE = screen("pytest: 3 failed, 42 passed")


def gone(pid: int) -> bool:
    """Not even a zombie is left."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def ended(pid: int) -> bool:
    """Of an orphan, which nobody collects but the system's first process: a zombie has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return gone(pid)


@pytest.fixture(scope="module")
def clip() -> bytes:
    return webm([with_disc(PAGE, n) for n in range(30)])


@pytest.fixture
def provider() -> Iterator[OfflineProvider]:
    made = OfflineProvider(ModelConfig(OFFLINE, OFFLINE))
    yield made
    asyncio.run(made.close())


def pid_of(provider: OfflineProvider) -> int:
    pid = provider._helper.pid
    assert pid is not None
    return pid


async def struck(provider: OfflineProvider, clip: bytes, blow: Callable[[int], object]) -> AnalysisError:
    """The failure of an analysis whose helper is struck when it has measured and begins to read."""
    with pytest.raises(AnalysisError) as caught:
        async for event in provider.analyse(question(clip, 0, 3_000)):
            if isinstance(event, Sent):
                blow(pid_of(provider))
    return caught.value


@pytest.mark.parametrize(("number", "kind"), [(signal.SIGKILL, FailureKind.INTERRUPTED), (signal.SIGSEGV, FailureKind.INTERNAL)])
def test_a_helper_that_dies_fails_that_analysis_only(provider: OfflineProvider, clip: bytes, number: signal.Signals, kind: FailureKind) -> None:
    pids: list[int] = []

    def blow(pid: int) -> None:
        pids.append(pid)
        os.kill(pid, number)

    error = asyncio.run(struck(provider, clip, blow))
    assert error.failure.kind is kind
    assert not error.billed
    assert str(-number) in error.failure.raw
    assert gone(pids[0])
    assert "failed" in ask(provider, question(clip, 0, 3_000)).text
    assert pid_of(provider) != pids[0]


def test_a_helper_that_was_ended_between_two_analyses_is_started_again(provider: OfflineProvider, clip: bytes) -> None:
    ask(provider, question(clip, 0, 3_000))
    pid = pid_of(provider)
    process = provider._helper._process
    assert process is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not process.is_alive(), "the helper to die")
    assert "failed" in ask(provider, question(clip, 0, 3_000)).text
    assert gone(pid)


def test_a_helper_that_hangs_is_ended(clip: bytes) -> None:
    helper = Helper()
    provider = OfflineProvider(ModelConfig(OFFLINE, OFFLINE), helper)
    ask(provider, question(clip, 0, 3_000))
    pid = pid_of(provider)

    def stop(pid: int) -> None:
        # Only from here on is silence short: a helper that starts on a busy machine may need longer.
        helper._silent_s = 3
        os.kill(pid, signal.SIGSTOP)

    error = asyncio.run(struck(provider, clip, stop))
    assert error.failure.kind is FailureKind.TIMEOUT
    assert gone(pid)
    helper._silent_s = SILENT_S
    assert "failed" in ask(provider, question(clip, 0, 3_000)).text
    asyncio.run(provider.close())


def test_an_idle_helper_gives_its_memory_back(clip: bytes) -> None:
    provider = OfflineProvider(ModelConfig(OFFLINE, OFFLINE), Helper(idle_s=0.2))
    ask(provider, question(clip, 0, 3_000))
    until(lambda: provider._helper.pid is None, "the idle helper to end")
    assert "failed" in ask(provider, question(clip, 0, 3_000)).text
    asyncio.run(provider.close())


def test_nothing_is_left_after_close(clip: bytes) -> None:
    threads = set(threading.enumerate())
    provider = OfflineProvider(ModelConfig(OFFLINE, OFFLINE))
    ask(provider, question(clip, 0, 3_000))
    pid = pid_of(provider)
    asyncio.run(provider.close())
    assert gone(pid)
    until(lambda: not set(threading.enumerate()) - threads, "the threads to end")


def test_nothing_is_started_after_close(provider: OfflineProvider, clip: bytes) -> None:
    asyncio.run(provider.close())
    asyncio.run(provider.close())
    with pytest.raises(AnalysisError) as caught:
        ask(provider, question(clip, 0, 3_000))
    assert caught.value.failure.kind is FailureKind.INTERRUPTED
    assert provider._helper.pid is None


def test_a_bug_in_the_helper_fails_that_analysis_with_its_traceback(provider: OfflineProvider, clip: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper, "serve", stuck_worker.serve_failing)
    pids = []
    for _ in range(2):
        with pytest.raises(AnalysisError) as caught:
            ask(provider, question(clip, 0, 3_000))
        assert caught.value.failure.kind is FailureKind.INTERNAL
        assert "a library with a bug" in caught.value.failure.raw
        assert "Traceback" not in caught.value.failure.message
        pids.append(pid_of(provider))
    assert pids[0] == pids[1], "the process goes on"


@pytest.mark.parametrize("stopped", [False, True])
def test_close_in_the_middle_of_an_analysis(provider: OfflineProvider, clip: bytes, stopped: bool) -> None:
    """Also of one whose process does not even read its pipe any more."""

    async def closed_in_the_middle() -> tuple[AnalysisError, int]:
        running = asyncio.Event()

        async def asked() -> None:
            async for event in provider.analyse(question(clip, 0, 3_000)):
                if isinstance(event, Sent):
                    running.set()

        task = asyncio.create_task(asked())
        await running.wait()
        pid = pid_of(provider)
        if stopped:
            os.kill(pid, signal.SIGSTOP)
        await provider.close()
        with pytest.raises(AnalysisError) as caught:
            await task
        return caught.value, pid

    error, pid = asyncio.run(closed_in_the_middle())
    assert error.failure.kind is FailureKind.INTERRUPTED
    assert gone(pid)


def test_a_clip_sent_to_a_stopped_helper_does_not_block_close(provider: OfflineProvider, clip: bytes) -> None:
    async def closed() -> int:
        await answer(provider, question(clip, 0, 3_000))
        pid = pid_of(provider)
        os.kill(pid, signal.SIGSTOP)
        task = asyncio.create_task(answer(provider, question(bytes(8_000_000), 0, 3_000)))  # more than a pipe holds
        await asyncio.to_thread(until, provider._helper._lock.locked, "the clip to be on its way")
        await provider.close()
        with pytest.raises(AnalysisError):
            await task
        return pid

    assert gone(asyncio.run(closed()))


PROGRAM = textwrap.dedent("""
    import asyncio, os, signal, sys
    from pathlib import Path
    from analysis import stuck_worker
    from analysis.drawn_clips import question, until
    from skiuo_desktop.analysis import helper
    from skiuo_desktop.analysis.offline import OfflineProvider
    from skiuo_desktop.analysis.provider import Sent, TextDelta
    from skiuo_desktop.model import ModelConfig

    def say_pid(provider):
        until(lambda: provider._helper.pid, "the helper to start")
        print("helper", provider._helper.pid, flush=True)

    async def main():
        provider = OfflineProvider(ModelConfig("offline", "offline"))
        clip = Path(sys.argv[1]).read_bytes()
        rounds = int(sys.argv[2])
        if sys.argv[3] == "stuck":
            helper.serve = stuck_worker.serve
            asyncio.get_running_loop().run_in_executor(None, say_pid, provider)
        for _ in range(rounds):
            text = ""
            async for event in provider.analyse(question(clip, 0, 3_000)):
                if isinstance(event, Sent):
                    print("helper", provider._helper.pid, flush=True)
                elif isinstance(event, TextDelta):
                    text += event.text
            print("text", text, flush=True)
        if sys.argv[3] == "wait":
            await asyncio.sleep(600)
        await provider.close()

    if __name__ == "__main__":
        if sys.argv[3] == "ctrl-c":
            signal.signal(signal.SIGINT, lambda *_: None)
        print("begins", flush=True)
        asyncio.run(main())
    """)


@pytest.fixture
def program(tmp_path: Path, clip: bytes) -> Callable[..., subprocess.Popen[str]]:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "clip.webm").write_bytes(clip)

    def start(rounds: int, then: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(tmp_path / "program.py"), str(tmp_path / "clip.webm"), str(rounds), then],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])},
        )

    return start


def line(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    read = process.stdout.readline().strip()
    if not read.startswith(word):
        process.kill()
        pytest.fail(f"wanted a line {word!r}, not {read!r}; {process.communicate()[1]}")
    return read.removeprefix(word).strip()


@pytest.mark.parametrize("then", ["wait", "stuck"])
def test_the_helper_goes_when_the_program_is_killed(program: Callable[..., subprocess.Popen[str]], then: str) -> None:
    """While it is idle, and in the middle of work that it would not leave by itself."""
    process = program(1, then)
    line(process, "begins")
    pid = int(line(process, "helper"))
    if then == "wait":
        line(process, "text")
    process.kill()
    process.communicate(timeout=60)
    try:
        until(lambda: ended(pid), "the orphaned helper to end", 10)
    finally:
        if not gone(pid):
            os.kill(pid, signal.SIGKILL)


def test_ctrl_c_leaves_the_helper_alone_and_nothing_is_printed(program: Callable[..., subprocess.Popen[str]]) -> None:
    """The program decides what Ctrl-C means: its first one stops a recording, the analyses go on."""
    process = program(2, "ctrl-c")
    line(process, "begins")
    for _ in range(20):  # while the helper starts
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    first = line(process, "helper")
    os.killpg(process.pid, signal.SIGINT)
    assert "failed" in line(process, "text")
    assert line(process, "helper") == first
    line(process, "text")
    rest, errors = process.communicate(timeout=60)
    assert (rest, errors, process.returncode) == ("", "", 0)
