#!/usr/bin/env python3
"""Builds the object stores that the tests run against: MinIO and versitygw, both published as source only.

    python3 tests/support/build_servers.py      builds what is missing and says where it is

Needs Go; 3 min for MinIO and 2 min for versitygw on two cores, once: they are kept in the user's cache folder, outside of any checkout, under their versions.
Without Go or a network the tests run against moto, and those that need MinIO itself say so. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What `go install` takes, and the versions that the tests were written against.
SOURCES = {
    "minio": ("github.com/minio/minio", "v0.0.0-20260212201848-7aac2a2c5b7c"),
    "versitygw": ("github.com/versity/versitygw/cmd/versitygw", "v1.8.0"),
}
LONGEST_S = 1200


def cache() -> Path:
    """Where servers are kept."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "skiuo-tests"


def built(name: str) -> Path:
    """Where the server is, or would be."""
    return cache() / f"{name}-{SOURCES[name][1]}{'.exe' if sys.platform == 'win32' else ''}"


def provide() -> None:
    """Builds what is not there yet. Prints one line; never raises for what is missing on this machine: the tests then say what they did without."""
    missing = [name for name in SOURCES if not built(name).is_file() and not given(name)]
    if not missing:
        return
    if shutil.which("go") is None:
        print(f"No Go here: the tests do without {' and '.join(missing)}.", flush=True)
        return
    print(f"Building {' and '.join(missing)} for the tests into {cache()} (once, a few minutes) …", flush=True)
    begun = time.monotonic()
    failed = [f"{name} ({why})" for name in missing if (why := _build(name))]
    took = f"{time.monotonic() - begun:.0f} s"
    print(f"Not built: {', '.join(failed)}; the tests do without." if failed else f"Built in {took}.", flush=True)


def given(name: str) -> str:
    """A server that the person names (SKIUO_TEST_MINIO, SKIUO_TEST_VERSITYGW); empty where none."""
    return os.environ.get(f"SKIUO_TEST_{name.upper()}", "")


def _build(name: str) -> str:
    """Empty when it is there, else the reason in a few words."""
    source, version = SOURCES[name]
    target = built(name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Built beside its place and moved there whole: another run may build or look for the same.
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            environment = {**os.environ, "GOBIN": folder}
            done = subprocess.run(
                ["go", "install", f"{source}@{version}"], env=environment, cwd=folder, capture_output=True, text=True, errors="replace", timeout=LONGEST_S
            )
            if done.returncode != 0:
                return done.stderr.strip().splitlines()[-1][:200] if done.stderr.strip() else f"exit status {done.returncode}"
            next(Path(folder).glob(f"{name}*")).replace(target)
    except subprocess.TimeoutExpired:
        return f"not done after {LONGEST_S} s"
    except (OSError, StopIteration) as error:
        return str(error) or type(error).__name__
    return ""


if __name__ == "__main__":
    provide()
    for name in SOURCES:
        print(f"{name}: {given(name) or (built(name) if built(name).is_file() else 'not here')}")
