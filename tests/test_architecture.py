"""The import rules of docs/architecture.md, each a named test."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "skiuo_desktop"
BASE = {"model", "errors", "events", "failures", "remarks", "jsonfile", "settings", "secrets", "home"}
ROOMS = {"capture", "media", "library", "backend", "analysis", "diagnostics"}
QT = {"PySide6", "shiboken6"}


def modules(*places: str) -> list[Path]:
    found: list[Path] = []
    for place in places:
        path = PACKAGE / place
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")] if path.with_suffix(".py").exists() else []
    return found


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide which room is entered"
            yield node.module or ""
            if node.module == "skiuo_desktop":
                yield from (f"skiuo_desktop.{name.name}" for name in node.names)


def own(path: Path) -> set[str]:
    """The rooms and base modules of this product that a file imports."""
    names = {name.split(".")[1] for name in imports(path) if name.startswith("skiuo_desktop.")}
    return {name for name in names if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").exists()}


def foreign(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path) if name and not name.startswith("skiuo_desktop") and name.split(".")[0] not in sys.stdlib_module_names}


def test_the_words_need_nothing_but_the_standard_library() -> None:
    for path in modules("model", "errors", "events", "remarks", "failures", "jsonfile"):
        assert not foreign(path), f"{path.name} imports {foreign(path)}"
        assert own(path) <= {"model", "errors", "events", "remarks"}, f"{path.name} imports {own(path)}"


def test_settings_and_secrets_stand_on_the_words_and_their_own_libraries() -> None:
    for path in modules("settings", "secrets", "home"):
        assert own(path) <= {"model", "errors", "events", "remarks", "jsonfile"}, f"{path.name} imports {own(path)}"
        assert foreign(path) <= {"filelock", "keyring", "platformdirs"}, f"{path.name} imports {foreign(path)}"


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_rooms_stand_beside_each_other(room: str) -> None:
    allowed = BASE | {room} | ({"library"} if room == "backend" else set())
    for path in modules(room):
        assert own(path) <= allowed, f"{path} reaches into {own(path) - allowed}"


def test_only_the_window_imports_qt() -> None:
    for path in modules(*BASE, *ROOMS, "engine", "cli"):
        assert not foreign(path) & QT, f"{path} imports Qt"


def test_the_engine_needs_no_screen_and_no_command_line() -> None:
    for path in modules("engine"):
        assert not own(path) & {"ui", "cli"}, f"{path} imports {own(path)}"


@pytest.mark.parametrize("front", ["cli", "ui"])
def test_front_ends_reach_the_rooms_through_the_engine(front: str) -> None:
    allowed = BASE | {"engine", front}
    for path in modules(front):
        # `skiuo` without a command opens the window: the one door between the two front ends.
        extra = {"ui"} if path == PACKAGE / "cli" / "main.py" else set()
        assert own(path) <= allowed | extra, f"{path} reaches past the engine into {own(path) - allowed - extra}"


def test_nothing_heavy_is_imported_before_the_first_window() -> None:
    """The window is painted before cv2, av and the others are loaded (docs/architecture.md, Numbers)."""
    code = "import sys, skiuo_desktop.cli.main, skiuo_desktop.ui.app; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout.split()
    heavy = {"cv2", "av", "sqlalchemy", "onnxruntime", "rapidocr", "sounddevice", "httpx", "minio", "numpy", "PIL"}
    assert not heavy & set(loaded), f"loaded too early: {sorted(heavy & set(loaded))}"
