#!/usr/bin/env python3
"""Sets up a checkout and runs something in it. Standard library only; Python 3.11 or newer.

    python3 dev.py demo [FILE]        sets up what the program needs, then `skiuo demo`
    python3 dev.py run WORDS...       the same for any other command, such as `run gui` or `run sources`
    python3 dev.py test [OPTIONS...]  sets up what the tests need, then lint, types and pytest (OPTIONS go to pytest)
    python3 dev.py test-local [OPTIONS...]  the tests of a model on this computer: torch and transformers (gigabytes) go into `.venv-local`
    python3 dev.py bench [NAME]       one benchmark of `benchmarks/`, or their names
    python3 dev.py packages [--test]  prints the system packages that Debian and Ubuntu need

The libraries go into `.venv` beside this file, at the versions of the lock files, checked by their hashes.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
VENV_LOCAL = HERE / ".venv-local"
RUN_LOCK = HERE / "requirements.lock"
TEST_LOCK = HERE / "requirements-test.lock"
LOCAL_LOCK = HERE / "requirements-local.lock"

SERVERS = HERE / "tests" / "support" / "build_servers.py"

# Tests run beside each other, but for those that record in real time.
SIDE_BY_SIDE = ("tests/analysis", "tests/backend", "tests/cli", "tests/engine", "tests/library", "tests/media", "tests/ui")
ALONE = ("tests/capture",)
# So many may fail beside others and be tried once more alone; more than that is no accident of a busy machine.
TRIED_AGAIN = 5
# pytest's exit status when tests failed, and nothing else was wrong.
TESTS_FAILED = 1

# What Debian and Ubuntu call it, and the library by which its presence is known.
RUN_LIBRARIES = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libgssapi-krb5-2": "libgssapi_krb5.so.2",
    "libpulse0": "libpulse.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxrandr2": "libXrandr.so.2",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libwayland-cursor0": "libwayland-cursor.so.0",
    "libportaudio2": "libportaudio.so.2",
}
# What the tests use beside the program, and the command by which its presence is known.
TEST_PROGRAMS = {
    "ffmpeg": "ffmpeg",
    "mkvtoolnix": "mkvinfo",
    "xvfb": "Xvfb",
    "pulseaudio": "pulseaudio",
    "pulseaudio-utils": "pactl",
    "espeak-ng": "espeak-ng",
    "fontconfig": "fc-match",
    "gnome-keyring": "gnome-keyring-daemon",
    "dbus-x11": "dbus-launch",
    "dbus": "dbus-run-session",
}
# The same for what no command shows.
TEST_FILES = {
    "libasound2-plugins": "/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "python3-gi": "/usr/lib/python3/dist-packages/gi/__init__.py",
    "gir1.2-gst-rtsp-server-1.0": "/usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib",
    "gstreamer1.0-plugins-base": "/usr/lib/*/gstreamer-1.0/libgstvideotestsrc.so",
    "gstreamer1.0-plugins-good": "/usr/lib/*/gstreamer-1.0/libgstrtp.so",
}
# Not asked of anyone, as Debian starts a server with it: installed where that needs no question. Tests of a fail-over are skipped without it.
WELCOME_FILES = {"postgresql": "/usr/lib/postgresql/*/bin/pg_basebackup"}


def missing_packages(test: bool) -> list[str]:
    """System packages that are not there; on other systems than Linux nothing is needed beside Python."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for package, library in RUN_LIBRARIES.items() if not _loads(library)]
    if importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if test:
        missing += [package for package, program in TEST_PROGRAMS.items() if shutil.which(program) is None]
        missing += [package for package, pattern in TEST_FILES.items() if not list(Path("/").glob(pattern[1:]))]
    return missing


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def provide_packages(test: bool) -> None:
    """Installs what is missing where this user may; otherwise says the line that does it."""
    missing = missing_packages(test)
    root = sys.platform.startswith("linux") and os.geteuid() == 0
    if root and test and shutil.which("apt-get"):
        missing += [package for package, pattern in WELCOME_FILES.items() if not list(Path("/").glob(pattern[1:]))]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        print(f"These are missing (by their Debian names): {' '.join(missing)}. Install your system's packages for them.", file=sys.stderr)
        return
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    if not root and (shutil.which("sudo") is None or not sys.stdin.isatty()):
        sys.exit(f"System packages are missing. Install them, then try again:\n  sudo {' '.join(install)}")
    print(f"Installing system packages{'' if root else ' (sudo asks for your password)'}: {' '.join(missing)}", file=sys.stderr)
    for command in (["apt-get", "update", "-q"], install):
        subprocess.run(command if root else ["sudo", *command], check=True, stdout=subprocess.DEVNULL)
    importlib.invalidate_caches()
    missing = missing_packages(test)
    if missing:
        sys.exit(f"Still missing after installing: {' '.join(missing)}")


def provide_servers() -> subprocess.Popen[bytes]:
    """Starts building the object stores that the tests run against. It says what comes of it, and never fails the run."""
    print("· object stores for the tests; the first time they are built from source where Go is: about 5 minutes on two cores", file=sys.stderr, flush=True)
    return subprocess.Popen([sys.executable, str(SERVERS)])


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + (HERE / "pyproject.toml").read_bytes()).hexdigest()


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


PYTHON = python_of(VENV)


def provide_venv(lock: Path, *, enough: tuple[Path, ...] = (), venv: Path = VENV) -> None:
    """A virtual environment with the versions of `lock`; nothing is done when it is already so, or as `enough` says."""
    stamp = venv / "lock.sha256"
    python = python_of(venv)
    if python.exists() and stamp.exists() and stamp.read_text() in [_fingerprint(known) for known in (lock, *enough)]:
        return
    print(f"Setting up {venv.name} (once, a few minutes) …", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install"]
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
    subprocess.run([*pip, "--no-deps", "-e", str(HERE)], check=True)
    stamp.write_text(_fingerprint(lock))


def run_tests(options: list[str]) -> int:
    # Beside pip and mypy, which use one core each.
    servers = provide_servers()
    try:
        provide_packages(test=True)
        provide_venv(TEST_LOCK)
        checks = [["ruff", "check", "."], ["ruff", "format", "--check", "-q", "."], ["mypy"]]
        for check in checks if not options else []:
            print("·", *check, file=sys.stderr, flush=True)
            if subprocess.run([str(PYTHON), "-m", *check], cwd=HERE).returncode != 0:
                return 1
        servers.wait()
    finally:
        servers.terminate()
    if options:
        return _pytest(*options)
    print("· pytest, without tests/local (a model on this computer): `python3 dev.py test-local` runs those", file=sys.stderr, flush=True)
    left = sorted(str(path.relative_to(HERE)) for path in (HERE / "tests").glob("test_*.py"))
    status, accidents = run_beside_each_other([*left, *SIDE_BY_SIDE])
    status = max(status, _pytest(*ALONE))
    for name in accidents:
        print(f"WARNING: failed beside others, passed alone: {name}", file=sys.stderr, flush=True)
    return status


def run_beside_each_other(paths: list[str]) -> tuple[int, list[str]]:
    """pytest with several workers. A few that fail there are run once more, alone and in one process: the run passes when they pass there.

    Returns the exit status and what failed at first and passed then.
    """
    cache = ".pytest_cache/beside"
    shutil.rmtree(HERE / cache, ignore_errors=True)
    status = _pytest("-n", str(min(8, (os.cpu_count() or 1) + 1)), "--dist", "worksteal", "-o", f"cache_dir={cache}", *paths)
    failed = _failed(HERE / cache)
    if status != TESTS_FAILED or not 0 < len(failed) <= TRIED_AGAIN:
        return status, []
    print(f"· {len(failed)} failed beside others; alone:", *failed, sep="\n    ", file=sys.stderr, flush=True)
    status = _pytest(*failed)
    return status, failed if status == 0 else []


def _failed(cache: Path) -> list[str]:
    """What pytest keeps for `--last-failed`: the names of tests, of crashed ones too, or of files that could not be read."""
    try:
        names = json.loads((cache / "v" / "cache" / "lastfailed").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return sorted(names)


def _pytest(*words: str) -> int:
    """The exit status; a signal that ended it is a failure as well, and its number is negative."""
    return abs(subprocess.run([str(PYTHON), "-m", "pytest", *words], cwd=HERE).returncode)


def run_local_tests(options: list[str]) -> int:
    """Those marked `local`. Their libraries are too many for each checkout: on Linux torch brings NVIDIA's with it, about 5 GB."""
    provide_packages(test=True)
    print("torch and transformers go into .venv-local: on Linux about 3 GB to fetch, 7 GB on disk.", file=sys.stderr, flush=True)
    provide_venv(LOCAL_LOCK, venv=VENV_LOCAL)
    return subprocess.run([str(python_of(VENV_LOCAL)), "-m", "pytest", "-m", "local", "tests/local", *options], cwd=HERE).returncode


def run_benchmark(options: list[str]) -> int:
    names = sorted(path.stem for path in (HERE / "benchmarks").glob("[a-z]*.py"))
    if not options or options[0] not in names:
        print("benchmarks:", *names)
        return 2
    provide_packages(test=True)
    provide_venv(TEST_LOCK)
    return subprocess.run([str(PYTHON), str(HERE / "benchmarks" / f"{options[0]}.py"), *options[1:]]).returncode


def main() -> int:
    if sys.version_info < (3, 11):
        sys.exit(f"Skiuo needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    words = sys.argv[1:]
    match words:
        case ["test", *options]:
            return run_tests(options)
        case ["test-local", *options]:
            return run_local_tests(options)
        case ["bench", *options]:
            return run_benchmark(options)
        case ["packages", *options]:
            names = [*RUN_LIBRARIES, "python3-venv", *([*TEST_PROGRAMS, *TEST_FILES] if "--test" in options else [])]
            print(" ".join(names))
            return 0
        case ["demo", *_] | ["run", *_]:
            provide_packages(test=False)
            # What the tests need holds all that the program needs.
            provide_venv(RUN_LOCK, enough=(TEST_LOCK,))
            command = words if words[0] == "demo" else words[1:]
            return subprocess.run([str(PYTHON), "-m", "skiuo_desktop.cli.main", *command]).returncode
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
