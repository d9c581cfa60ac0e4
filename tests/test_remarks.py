"""What is said of the user's own servers: every code has both languages, the program says no other, and what is kept of them can be said again."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from skiuo_desktop import failures, remarks
from skiuo_desktop.backend import check_objects, setup, walk
from skiuo_desktop.backend.setup import Expiry
from skiuo_desktop.errors import SecretError, SkiuoError, StorageError
from skiuo_desktop.model import BackendTrouble, Remark

PACKAGE = Path(__file__).parents[1] / "skiuo_desktop"
SAY = {"Remark": 0, "seen": 0, "worth_a_look": 0, "error": 1}
"""Functions that take a code, and where."""
ALIKE = {"words", "said", "both", "link_status", "rate", "version"}
"""Codes with nothing to translate."""
CHINESE = re.compile("[\u4e00-\u9fff]")


def said() -> set[str]:
    """Every code that the sources write."""
    found = {name for trouble in BackendTrouble for name in (trouble.value, f"server_{trouble.value}")} | {*walk._ADVICE.values(), *walk._ADVICE_AT.values()}
    for path in PACKAGE.rglob("*.py"):
        if path.name != "remarks.py":
            text = path.read_text(encoding="utf-8")
            found |= {constant.value for constant in ast.walk(ast.parse(text)) if isinstance(constant, ast.Constant) and constant.value in remarks.CODES}
    return found


def test_every_code_is_in_the_book() -> None:
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name not in SAY or (name == "error" and getattr(getattr(call.func, "value", None), "id", "") != "remarks"):
                continue
            code = call.args[SAY[name]] if len(call.args) > SAY[name] else None
            assert not isinstance(code, ast.Constant) or code.value in remarks.CODES, f"{path.name}: {ast.unparse(call)}"


def test_no_code_is_left_over() -> None:
    certificates = {code for code in remarks.CODES if code.startswith("certificate_") and code != "certificate_by"}
    assert not remarks.CODES.keys() - said() - certificates


@pytest.mark.parametrize("code", sorted(remarks.CODES))
def test_both_languages_say_the_same_facts(code: str) -> None:
    english, chinese = remarks.CODES[code]
    facts = [set(re.findall(r"\{(\w+)\}", text)) for text in (english, chinese)]
    assert facts[1] - {"cause"} <= facts[0] and facts[0] - {"words"} <= facts[1]
    assert bool(CHINESE.search(chinese)) == (code not in ALIKE) and not CHINESE.search(english)


@pytest.mark.parametrize("code", sorted(remarks._ADVICE))
def test_an_advice_is_a_sentence_in_both_languages_and_places(code: str) -> None:
    english, chinese = remarks.CODES[code]
    assert english.endswith((".", "URL`.")) and chinese.endswith("。") and "`" not in chinese
    page = remarks.sentence(Remark(code, {"wanted": "", "minutes": 15}), on_page=True)
    assert page.endswith(".")
    assert "skiuo backend set" not in page and "--" not in page.replace("init --", "")


@pytest.mark.parametrize("code", sorted(remarks._ON_PAGE))
def test_on_the_page_nothing_is_said_that_is_not_known(code: str) -> None:
    for whole, brief in zip(remarks.CODES[code], remarks._ON_PAGE[code], strict=True):
        assert set(re.findall(r"\{(\w+)\}", brief)) <= set(re.findall(r"\{(\w+)\}", whole))
        assert code in remarks._ADVICE or len(brief) <= len(whole)


@pytest.mark.parametrize("trouble", list(BackendTrouble))
def test_every_trouble_has_an_advice(trouble: BackendTrouble) -> None:
    assert walk._ADVICE[trouble] in remarks._ADVICE


@pytest.mark.parametrize("wanted", [Expiry(), Expiry(1), Expiry(7), Expiry(7, 1, "COLD"), Expiry(None, 3, "COLD")])
def test_how_long_video_is_kept_is_said_alike(wanted: Expiry) -> None:
    assert remarks.sentence(check_objects.kept(wanted)) == wanted.told
    assert remarks.sentence(Remark("no_rules")) == setup.NO_RULES


def test_remarks_are_said_inside_one_another() -> None:
    found = Remark("rules_differ", {"found": (check_objects.kept(Expiry(9)), check_objects.kept(Expiry())), "wanted": check_objects.kept(Expiry(1, 3, "COLD"))})
    assert remarks.sentence(found, "zh") == "视频在 9 天后移除；视频长期保留；而您的设置为：视频在 1 天后移除，并在 3 天后转入 COLD"


def test_an_error_carries_its_remark() -> None:
    error = remarks.error(SecretError, "keyring_empty", name="backend-secret-key")
    assert str(error) == "The keyring has no key named 'backend-secret-key'; enter it again."
    assert error.remark is not None and remarks.sentence(error.remark, "zh") == "密钥环中没有名为“backend-secret-key”的密钥，请重新输入。"
    refused = failures.backend_error(BackendTrouble.REFUSED, "db.example:5432", Remark("encoding", {"encoding": "LATIN1"}))
    assert str(refused) == "db.example:5432 refused: the database's encoding is LATIN1, and only UTF8 holds every text"
    assert failures.backend(refused.trouble, refused.server, refused.remark or "", "zh") == (
        "db.example:5432 拒绝了请求：数据库编码为 LATIN1，只有 UTF8 能保存全部文字。"
    )


@pytest.mark.parametrize(
    ("error", "chinese"),
    [
        (failures.backend_error(BackendTrouble.FULL, "minio.lan:9000", "XMinioStorageFull"), "minio.lan:9000 空间已满。请清理空间或提高配额。"),
        (
            failures.backend_error(BackendTrouble.REFUSED, "minio.lan", Remark("no_store_status", {"status": 418})),
            "minio.lan 拒绝了请求：回应不像对象存储（HTTP 418）。",
        ),
        (failures.backend_error(BackendTrouble.REFUSED, "minio.lan", "MalformedXML: no"), "minio.lan 拒绝了请求：MalformedXML: no。"),
        (remarks.error(SecretError, "env_unset", name="A"), "环境变量 A 未设置。"),
        (remarks.error(StorageError, "file_unreadable", name="a.webm", why="No such file"), "无法读取 a.webm：No such file。恢复后会自动发送。"),
    ],
)
def test_what_was_kept_of_an_error_is_said_in_any_language(error: SkiuoError, chinese: str) -> None:
    whole = failures.whole(error)
    assert whole is not None
    kept = remarks.from_json(json.loads(json.dumps(remarks.as_json(whole))))
    assert kept is not None
    assert failures.told(kept, "zh") == chinese and failures.told(kept, "en") == str(error)


def test_remarks_with_others_inside_are_kept() -> None:
    many = Remark("rules_differ", {"found": (check_objects.kept(Expiry(9)), check_objects.kept(Expiry())), "wanted": check_objects.kept(Expiry(1, 3, "COLD"))})
    assert remarks.from_json(json.loads(json.dumps(remarks.as_json(many)))) == many


@pytest.mark.parametrize(
    "kept", [None, {}, "no", {"code": "tomorrow", "facts": {}}, {"code": "words"}, {"code": "words", "facts": {}}, {"code": [], "facts": {}}]
)
def test_what_a_newer_program_kept_is_not_misread(kept: object) -> None:
    assert remarks.from_json(kept) is None


def test_an_error_without_a_code_has_no_remark() -> None:
    assert failures.whole(SecretError("Nobody has said this before.")) is None
