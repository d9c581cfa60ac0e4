"""The user's templates: kept, versioned, shared between programs, and never lost to a broken file."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from skiuo_desktop.analysis.template import Template
from skiuo_desktop.analysis.template_store import BUILTIN, TemplateStore, builtin
from skiuo_desktop.errors import NotFoundError, StorageError, UsageError
from skiuo_desktop.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def asked(template: Template, words: str) -> Template:
    return replace(template, user={**template.user, "en": words})


def test_the_built_in_templates_are_there_without_a_file(home: Home) -> None:
    templates = TemplateStore(home).all()
    assert tuple(template.name for template in templates) == BUILTIN
    assert all(template.builtin and not template.changed and template.version == 1 for template in templates)
    assert not home.prompts.exists(), "reading makes no file"
    with pytest.raises(NotFoundError, match=r"no prompt named 'x'.*activity"):
        TemplateStore(home).get("x")


def test_a_change_is_a_new_version_in_every_program(home: Home) -> None:
    here, there = TemplateStore(home), TemplateStore(home)
    saved = here.save(asked(there.get("cooking"), "What is cooked?"))
    assert (saved.version, saved.builtin, saved.changed) == (2, True, True)
    assert there.get("cooking") == saved == TemplateStore(home).get("cooking")
    assert here.save(saved) == saved, "the same again is no new version"
    assert there.save(asked(saved, "And now?")).version == 3
    assert here.get("cooking").user["en"] == "And now?"
    assert here.get("cooking").user["zh"] == builtin()["cooking"].user["zh"]


def test_a_reset_brings_back_the_first_text_and_a_version_never_means_two_texts(home: Home) -> None:
    store = TemplateStore(home)
    store.save(asked(store.get("free"), "One"))
    store.reset("free")
    assert store.get("free") == builtin()["free"]
    assert TemplateStore(home).save(asked(store.get("free"), "Two")).version == 3
    with pytest.raises(NotFoundError):
        store.reset("nothing")


def test_a_template_of_the_users_own_stands_last_and_a_reset_removes_it(home: Home) -> None:
    store = TemplateStore(home)
    mine = store.save(replace(builtin()["free"], name="pottery", title_en="Pottery", title_zh="陶艺", builtin=False))
    assert (mine.version, mine.builtin, mine.changed) == (1, False, False)
    assert TemplateStore(home).all()[-1] == mine
    store.reset("pottery")
    assert len(store.all()) == len(BUILTIN)


def test_what_cannot_be_asked_is_not_saved(home: Home) -> None:
    store = TemplateStore(home)
    with pytest.raises(UsageError, match="unknown place"):
        store.save(asked(store.get("free"), "{what}"))
    assert not home.prompts.exists()


def test_a_broken_file_is_reported_and_never_written_over(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    store = TemplateStore(home)
    store.save(asked(store.get("free"), "Mine"))
    home.prompts.write_text('{"templates": [{"name": "free"', encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert store.get("free").user["en"] == "Mine", "what was read before counts on"
    assert "prompts.json cannot be read" in caplog.text
    for work in (lambda: store.save(asked(builtin()["free"], "Other")), lambda: TemplateStore(home).all(), lambda: store.reset("free")):
        with pytest.raises(StorageError, match=r"prompts\.json.*Correct the file"):
            work()
    assert home.prompts.read_text(encoding="utf-8") == '{"templates": [{"name": "free"'


def test_a_text_edited_by_hand_into_the_file_is_checked_too(home: Home) -> None:
    store = TemplateStore(home)
    store.save(asked(store.get("free"), "Mine"))
    content = json.loads(home.prompts.read_text(encoding="utf-8"))
    content["templates"][0]["user"]["en"] = "{oops}"
    home.prompts.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StorageError, match="oops"):
        TemplateStore(home).get("free")


def test_programs_that_save_at_the_same_time_lose_nothing(home: Home) -> None:
    stores = [TemplateStore(home) for _ in range(4)]
    threads = [threading.Thread(target=lambda s=store, n=name: s.save(asked(s.get(n), n))) for store, name in zip(stores, BUILTIN, strict=False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [template.changed for template in TemplateStore(home).all()] == [True] * 4 + [False] * 4
