"""The names of objects and what is written beside each."""

from __future__ import annotations

import base64
import json

import pytest

from skiuo_desktop.backend.keys import CLIP, FACTS, MOST_METADATA, RECORDING, THUMBNAIL, ObjectKey, pack_metadata, prefix, unpack_metadata

SHA = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (ObjectKey(RECORDING, "dev-1", "20260101-aB", SHA), f"recordings/dev-1/20260101-aB/{SHA}.webm"),
        (ObjectKey(THUMBNAIL, "dev-1", "r", SHA), f"recordings/dev-1/r/{SHA}.jpg"),
        (ObjectKey(CLIP, "d", "r", SHA, 0, 0, 15000), f"clips/d/r/000000-0-15000-{SHA}.webm"),
        (ObjectKey(CLIP, "d", "r", SHA, 1234567, 99, 100), f"clips/d/r/1234567-99-100-{SHA}.webm"),
    ],
)
def test_a_key_reads_as_it_was_written(key: ObjectKey, text: str) -> None:
    assert str(key) == text
    assert ObjectKey.parse(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"recordings/../r/{SHA}.webm",
        f"recordings/d/../{SHA}.webm",
        f"/recordings/d/r/{SHA}.webm",
        f"recordings/d/r/x/{SHA}.webm",
        f"recordings/d/r/{SHA}.webm\n",
        f"recordings/d/r/{SHA}.exe",
        f"recordings/d/r/{SHA[:-1]}.webm",
        f"recordings/d/r/{SHA.upper()}.webm",
        f"recordings/d\\e/r/{SHA}.webm",
        f"recordings/名/r/{SHA}.webm",
        f"clips/d/r/000000-10-10-{SHA}.webm",
        f"clips/d/r/0000001-0-15000-{SHA}.webm",
        f"clips/d/r/000000-00-15000-{SHA}.webm",
        f"clips/d/r/٠٠٠٠٠٠-0-15000-{SHA}.webm",
        f"clips/d/r/000000-0-15000-{SHA}.jpg",
        f"recordings/{'d' * 65}/r/{SHA}.webm",
    ],
)
def test_what_is_no_key_of_ours_is_nobodys(text: str) -> None:
    assert ObjectKey.parse(text) is None


@pytest.mark.parametrize(
    "parts",
    [
        (RECORDING, "..", "r", SHA),
        (RECORDING, "d/e", "r", SHA),
        (RECORDING, "d", "", SHA),
        (RECORDING, "d", "r", "x"),
        (RECORDING, "d", "r", SHA, 3),
        (CLIP, "d", "r", SHA, -1, 0, 10),
        (CLIP, "d", "r", SHA, 0, 10, 10),
        ("film", "d", "r", SHA),
    ],
)
def test_no_key_is_made_that_would_not_be_read(parts: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="not the parts"):
        ObjectKey(*parts)  # type: ignore[arg-type]


def test_prefixes_lead_nowhere_else() -> None:
    assert prefix(RECORDING) == "recordings/"
    assert prefix(CLIP, "d", "r") == "clips/d/r/"
    with pytest.raises(ValueError, match="identifier"):
        prefix(CLIP, "d/../..")


FACTS_TOLD = {
    "kind": "clip",
    "sha256": SHA,
    "device": {"id": "d-1", "name": "实验台 2 号"},
    "recording": {"id": "r-1", "title": "焊接 ⚙ “第一批”", "started_at": "2026-01-01T00:00:00Z", "fps": 29.97},
    "window": {"index": 3, "start_ms": 30000, "end_ms": 45000},
}


def test_facts_come_back_from_ascii_headers_of_any_case() -> None:
    packed = pack_metadata(FACTS_TOLD)
    assert packed["kind"] == "clip"
    assert packed["sha256"] == SHA
    assert all(value.isascii() and value.isprintable() for value in packed.values())
    assert unpack_metadata({name.title(): value for name, value in packed.items()}) == FACTS_TOLD


def _size(packed: dict[str, str]) -> int:
    return sum(len(name) + len(value) for name, value in packed.items())


def test_a_long_title_is_shortened_before_anything_else() -> None:
    facts = {**FACTS_TOLD, "recording": {**FACTS_TOLD["recording"], "title": "很长的标题" * 2000}}  # type: ignore[dict-item]
    packed = pack_metadata(facts)
    assert _size(packed) <= MOST_METADATA
    told = unpack_metadata(packed)
    assert {**told, "recording": {**told["recording"], "title": ""}} == {**facts, "recording": {**facts["recording"], "title": ""}}  # type: ignore[dict-item]
    assert len(told["recording"]["title"]) > 40
    assert facts["recording"]["title"].startswith(told["recording"]["title"])  # type: ignore[index]


def test_packing_never_fails_and_never_grows_too_long() -> None:
    facts = {"kind": "recording", "sha256": SHA, "ids": [f"{n:08d}" for n in range(1000)], "device": {"id": "d-1"}, "odd": "\ud800", "other": object()}
    packed = pack_metadata(facts)
    assert _size(packed) <= MOST_METADATA
    assert unpack_metadata(packed)["device"] == {"id": "d-1"}
    assert unpack_metadata(packed)["sha256"] == SHA
    assert unpack_metadata(pack_metadata({})) == {}


@pytest.mark.parametrize(
    "text",
    ["%%%", "aGk", "é", *(base64.urlsafe_b64encode(raw).decode() for raw in (b"\xff\xfe", b"[1]", b"[" * 100_000))],
)
def test_metadata_of_others_is_no_danger(text: str) -> None:
    assert unpack_metadata({FACTS: text, "kind": "clip", "other": "x"}) == {"kind": "clip"}


def test_facts_are_plain_json() -> None:
    """Whoever reads the bucket without this program finds them so."""
    text = base64.urlsafe_b64decode(pack_metadata(FACTS_TOLD)[FACTS])
    assert json.loads(text)["device"]["name"] == "实验台 2 号"
