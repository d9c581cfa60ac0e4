"""`skiuo prompts`, as a person uses it."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from skiuo_desktop.engine.prompts import BUILTIN


@pytest.fixture
def editor(skiuo: Any, tmp_path: Path) -> Any:
    """Sets $VISUAL to a program that replaces words in the file it is given."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\n*pairs, name = sys.argv[1:]\npath = pathlib.Path(name)\ntext = path.read_text(encoding='utf-8')\n"
        "for old, new in zip(pairs[::2], pairs[1::2]):\n    assert old in text, old\n    text = text.replace(old, new)\n"
        "path.write_text(text, encoding='utf-8')\nsys.exit(3 if 'FAIL' in text else 0)\n",
        encoding="utf-8",
    )

    def use(*pairs: str) -> None:
        skiuo.environment["VISUAL"] = shlex.join([sys.executable, str(script), *pairs])

    skiuo.environment["TMPDIR"] = str(tmp_path / "edited")
    (tmp_path / "edited").mkdir()
    return use


def test_the_list_names_all_and_marks_the_one_in_use(skiuo: Any) -> None:
    assert [row["name"] for row in skiuo.lines("prompts", "--json")] == list(BUILTIN)
    skiuo.run("prompts", "use", "cooking")
    assert [row["name"] for row in skiuo.lines("prompts", "list", "--json") if row["used"]] == ["cooking"]
    assert skiuo.run("settings", "get", "analysis.prompt").stdout.strip() == "cooking"
    marked = [line for line in skiuo.run("prompts").stdout.splitlines() if line.startswith("*")]
    assert len(marked) == 1 and "cooking" in marked[0] and "version 1" in marked[0]


@pytest.mark.parametrize("words", [("use", "x"), ("set", "x", "--labels", "a")])
def test_a_name_that_is_not_there(skiuo: Any, words: tuple[str, ...]) -> None:
    assert "no prompt named 'x'" in skiuo.run("prompts", *words, status=3).stderr


def test_a_prompt_is_set_shown_previewed_and_reset(skiuo: Any, tmp_path: Path) -> None:
    system, user = tmp_path / "system.txt", tmp_path / "user.txt"
    system.write_text("You count birds.\n", encoding="utf-8")
    user.write_text("{position}\nHow many birds? [bold]as {{n}}[/]\n", encoding="utf-8")
    done = skiuo.run("prompts", "set", "free", "--system-file", str(system), "--user-file", str(user), "--labels", "many, few", "--language", "en")
    assert done.stdout == "free: version 2.\n"
    [row] = skiuo.lines("prompts", "show", "free", "--json")
    assert (row["system"]["en"], row["labels"]["en"], row["version"], row["changed"]) == ("You count birds.", ["many", "few"], 2, True)
    assert row["system"]["zh"].startswith("你"), "the other language stays"
    assert "[bold]as {{n}}[/]" in skiuo.run("prompts", "show", "free", "--language", "en").stdout
    preview = skiuo.run("prompts", "preview", "free", "--language", "en", "--label").stdout
    assert "You count birds." in preview and "[bold]as {n}[/]" in preview and "many, few" in preview and "01:00–01:15" in preview
    [told] = skiuo.lines("prompts", "preview", "free", "--language", "zh", "--json")
    assert (told["template"], told["version"], told["language"]) == ("free", 2, "zh") and "LABEL" not in told["system"]
    assert 50 < told["about_tokens"] < 350
    skiuo.run("prompts", "reset", "free")
    assert skiuo.lines("prompts", "show", "free", "--json")[0]["version"] == 1


def test_a_text_comes_from_standard_input(skiuo: Any) -> None:
    skiuo.run("prompts", "set", "free", "--user-file", "-", "--language", "zh", stdin="数一数鸟。{overlap}\n")
    assert skiuo.lines("prompts", "show", "free", "--json")[0]["user"]["zh"] == "数一数鸟。{overlap}"


def test_what_cannot_be_saved_is_refused(skiuo: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("ok\n{oops}", encoding="utf-8")
    assert "unknown place {oops} in line 2" in skiuo.run("prompts", "set", "free", "--user-file", str(wrong), status=2).stderr
    wrong.write_bytes(b"\xff\xfe\xff")
    assert "no text in UTF-8" in skiuo.run("prompts", "set", "free", "--user-file", str(wrong), status=2).stderr
    assert "Nothing to change" in skiuo.run("prompts", "set", "free", status=2).stderr
    assert skiuo.lines("prompts", "show", "free", "--json")[0]["version"] == 1


def test_an_edit_changes_one_language(skiuo: Any, editor: Any, tmp_path: Path) -> None:
    editor("two to four sentences", "one sentence", "something new, nothing new", "new，old")
    assert skiuo.run("prompts", "edit", "free", "--language", "en").stdout == "free: version 2.\n"
    [row] = skiuo.lines("prompts", "show", "free", "--json")
    assert "in one sentence;" in row["user"]["en"] and row["labels"]["en"] == ["new", "old"]
    assert "两到四句话" in row["user"]["zh"]
    editor()
    assert skiuo.run("prompts", "edit", "free").stdout == "Nothing changed.\n"
    assert not list((tmp_path / "edited").iterdir()), "no file is left behind"


@pytest.mark.parametrize(("pair", "said"), [(("{overlap}", "{overlapp}"), "unknown place {overlapp}"), (("=== user ===", "user"), "must each be there once")])
def test_an_edit_that_cannot_be_saved_keeps_the_persons_text(skiuo: Any, editor: Any, tmp_path: Path, pair: tuple[str, str], said: str) -> None:
    editor(*pair)
    error = skiuo.run("prompts", "edit", "free", "--language", "en", status=2).stderr
    [kept] = (tmp_path / "edited").iterdir()
    assert said in error and str(kept) in error and pair[1] in kept.read_text(encoding="utf-8")
    assert not (skiuo.home / "prompts.json").exists()


def test_without_an_editor_or_with_one_that_fails_nothing_changes(skiuo: Any, editor: Any, tmp_path: Path) -> None:
    for name in ("VISUAL", "EDITOR"):
        skiuo.environment.pop(name, None)
    assert "Set VISUAL or EDITOR" in skiuo.run("prompts", "edit", "free", status=2).stderr
    skiuo.environment["EDITOR"] = str(tmp_path / "no-such-editor")
    assert "cannot be started" in skiuo.run("prompts", "edit", "free", status=2).stderr
    editor("=== user ===", "=== user ===\nFAIL")
    assert "ended with status 3: nothing was changed" in skiuo.run("prompts", "edit", "free", status=2).stderr
    assert not list((tmp_path / "edited").iterdir()) and not (skiuo.home / "prompts.json").exists()


def test_a_template_of_ones_own_that_is_in_use_is_not_removed(skiuo: Any) -> None:
    own = {**skiuo.lines("prompts", "show", "free", "--json")[0], "name": "birds", "title_en": "Birds", "title_zh": "鸟"}
    skiuo.home.mkdir(exist_ok=True)
    (skiuo.home / "prompts.json").write_text(json.dumps({"version": 1, "templates": [own]}), encoding="utf-8")
    skiuo.run("prompts", "use", "birds")
    assert "Use another prompt first" in skiuo.run("prompts", "reset", "birds", status=2).stderr
    skiuo.run("prompts", "use", "free")
    skiuo.run("prompts", "reset", "birds")
    assert len(skiuo.lines("prompts", "--json")) == len(BUILTIN)


def test_a_broken_file_is_reported(skiuo: Any) -> None:
    skiuo.home.mkdir(exist_ok=True)
    (skiuo.home / "prompts.json").write_text("{", encoding="utf-8")
    assert "Correct the file" in skiuo.run("prompts", status=6).stderr
