"""Finding the clusters of a span, in files of every make-up."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from media.media_parts import structure
from media.media_tampered import parts_of, repeated, streamed

from skiuo_desktop.media import ebml
from skiuo_desktop.media.clusters import Cluster, ClusterIndex
from skiuo_desktop.media.footage import Footage
from skiuo_desktop.media.header import FileBytes, read_header


def all_clusters(index: ClusterIndex) -> list[Cluster]:
    first = index.first()
    return [loaded.cluster for loaded in index.from_here(first)] if first is not None else []


@pytest.fixture(params=["finished", "unfinished", "open clusters"])
def variant(request: pytest.FixtureRequest, talking: Path, unfinished: Path, tmp_path: Path) -> Path:
    if request.param == "open clusters":
        path = tmp_path / "browser.webm"
        path.write_bytes(streamed(talking, open_clusters=True))
        return path
    return talking if request.param == "finished" else unfinished


def test_clusters_are_those_that_mkvinfo_sees(talking: Path) -> None:
    with Footage(talking) as footage:
        assert [c.time for c in all_clusters(footage.index)] == structure(talking).clusters


def test_bisection_finds_what_walking_finds(variant: Path) -> None:
    with Footage(variant) as footage:
        index, clusters = footage.index, all_clusters(footage.index)
        assert len(clusters) > 20
        for time in [*range(0, clusters[-1].time + 2000, 137), *(c.time for c in clusters), *(c.time - 1 for c in clusters)]:
            assert index.at_or_before(time) == [c for c in clusters if c.time <= time or c is clusters[0]][-1]


def test_clusters_are_found_backwards_too(variant: Path) -> None:
    with Footage(variant) as footage:
        clusters = all_clusters(footage.index)
        found, cluster = [], footage.index.last()
        while cluster is not None:
            found.append(cluster)
            cluster = footage.index.before(cluster.start)
        assert found[::-1] == clusters


class CountedBytes(FileBytes):
    count = 0

    def read(self, start: int, length: int) -> bytes:
        part = super().read(start, length)
        self.count += len(part)
        return part


def bytes_read(path: Path, start_ms: int) -> int:
    with CountedBytes(path) as file:
        footage = Footage(path)
        footage.file.close()
        footage.file, footage.index = file, ClusterIndex(file, read_header(file))
        file.count = 0
        stretch = footage.stretch(start_ms, start_ms + 15_000)
        assert len(stretch.data) < file.count
        return file.count


def test_a_window_costs_the_same_in_a_recording_a_hundred_times_as_long(talking: Path, tmp_path: Path) -> None:
    short, long = tmp_path / "short.webm", tmp_path / "long.webm"
    short.write_bytes(b"".join(repeated(talking, 1, 46_000)))
    with long.open("wb") as file:
        file.writelines(repeated(talking, 100, 46_000))
    in_short = bytes_read(short, 20_000)
    for turn in (0, 50, 99):
        assert bytes_read(long, turn * 46_000 + 20_000) < 2.2 * in_short


def test_the_id_of_a_cluster_inside_a_picture_is_not_taken_for_one(unfinished: Path, tmp_path: Path) -> None:
    """Every 97 bytes of every picture say "here begins a cluster", some even with a timestamp behind it."""
    head, parts = parts_of(unfinished)
    bare = ebml.CLUSTER.to_bytes(4, "big")
    fakes = [bare, bare + b"\x81\xe7\x81", ebml.head_bytes(ebml.CLUSTER, 50) + b"\xe7\x81\x05\x17"]
    chance = random.Random(6)
    path = tmp_path / "fakes.webm"
    made, starts = bytearray(), []
    for part in parts:
        payload = bytearray(part.payload)
        if part.id == ebml.CLUSTER:
            starts.append(len(made))
            for element in ebml.children(part.payload):
                for at in range(element.data + 10, (element.end or 0) - 30, 97):
                    fake = chance.choice(fakes)
                    payload[at : at + len(fake)] = fake
        made += ebml.head_bytes(part.id, len(payload)) + payload
    front = head + ebml.head_bytes(ebml.SEGMENT, None)
    path.write_bytes(front + made)
    with Footage(path) as footage:
        assert [c.start - len(front) for c in all_clusters(footage.index)] == starts
        clusters = all_clusters(footage.index)
        for time in range(0, 22_000, 371):
            assert footage.index.at_or_before(time) == [c for c in clusters if c.time <= time or c is clusters[0]][-1]


@pytest.mark.parametrize("claimed", [0, 1, 2**20, 2**40, 2**56 - 2])
def test_a_size_that_cannot_be_true_hides_nothing(claimed: int, unfinished: Path, tmp_path: Path) -> None:
    """The third cluster claims a wrong size: its blocks, and all other clusters, are found all the same."""
    head, parts = parts_of(unfinished)
    clusters = 0
    made = head + ebml.head_bytes(ebml.SEGMENT, None)
    for part in parts:
        clusters += part.id == ebml.CLUSTER
        lies = part.id == ebml.CLUSTER and clusters == 3
        made += ebml.head_bytes(part.id, claimed if lies else len(part.payload)) + part.payload
    path = tmp_path / "liar.webm"
    path.write_bytes(made)
    with Footage(path) as liar, Footage(unfinished) as honest:
        blocks = [[b.data for part in f.index.from_here(f.index.first()) for b in part.blocks] for f in (liar, honest)]
        assert blocks[0] == blocks[1]


def test_elements_of_hostile_sizes_are_refused() -> None:
    assert ebml.read_element(b"", 0) is None
    assert ebml.read_element(b"\x00\x00\x00\x00\x00\x00", 0) is None, "an id has four bytes at most"
    assert ebml.read_element(b"\xec\x00\x00\x00", 0) is None, "a size has eight bytes at most"
    assert ebml.read_element(b"\x1a\x45\xdf", 0) is None, "cut off"
    assert list(ebml.children(b"\xec\x85abc")) == [], "reaches beyond the bytes"
    everything = ebml.element_bytes(ebml.VOID, b"abc") * 3
    assert [e.data for e in ebml.children(everything)] == [9, 21, 33]
