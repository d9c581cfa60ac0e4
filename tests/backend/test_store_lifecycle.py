"""What the bucket removes by itself."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from support.services import Minio, Moto, Store, Versitygw

from skiuo_desktop.backend import lifecycle
from skiuo_desktop.backend.lifecycle import LifecycleRule
from skiuo_desktop.backend.multipart import bucket_call
from skiuo_desktop.backend.store import ObjectStore
from skiuo_desktop.errors import BackendError
from skiuo_desktop.model import BackendTrouble

Opened = Callable[..., ObjectStore]

FOREIGN = (
    b'<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>theirs</ID><Status>Enabled</Status>'
    b"<Filter><And><Prefix>other/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter>"
    b"<Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>"
)


def test_rules_are_set_and_read_back(object_server: Store, opened: Opened) -> None:
    store = opened(object_server)
    assert store.lifecycle() == []
    store.set_lifecycle(7)
    store.set_lifecycle(9)
    rules = store.lifecycle()
    assert [(rule.id, rule.prefix, rule.enabled, rule.days, rule.own) for rule in rules] == [
        ("skiuo-recordings", "recordings/", True, 9, True),
        ("skiuo-clips", "clips/", True, 9, True),
    ]
    store.set_lifecycle(None)
    assert [rule.days for rule in store.lifecycle() if rule.days is not None] == []


def test_rules_of_others_stay_as_they_are(object_server: Store, opened: Opened) -> None:
    store = opened(object_server)
    bucket_call(store._client, "PUT", store.address.bucket, "lifecycle", FOREIGN)
    before = _foreign(store)
    assert before
    store.set_lifecycle(7)
    assert len(store.lifecycle()) == 3
    assert _foreign(store) == before
    store.set_lifecycle(None)
    assert _foreign(store) == before
    assert next(rule.days for rule in store.lifecycle()) == 3


def _foreign(store: ObjectStore) -> list[str]:
    root = lifecycle.read(bucket_call(store._client, "GET", store.address.bucket, "lifecycle"))
    return [ElementTree.tostring(rule, encoding="unicode") for rule in root.findall("Rule") if rule.findtext("ID") == "theirs"]


def test_minio_refuses_a_colder_class_that_it_does_not_have(minio_server: Minio, opened: Opened) -> None:
    store = opened(minio_server)
    store.set_lifecycle(7)
    with pytest.raises(BackendError) as told:
        store.set_lifecycle(30, 10, "COLD")
    assert told.value.trouble is BackendTrouble.REFUSED
    assert "storage class" in str(told.value)
    assert {rule.days for rule in store.lifecycle()} == {7}


def test_a_server_without_rules_says_so(versitygw_server: Versitygw, opened: Opened) -> None:
    store = opened(versitygw_server)
    for call in (store.lifecycle, lambda: store.set_lifecycle(7)):
        with pytest.raises(BackendError, match="no lifecycle rules"):
            call()


def test_unfinished_uploads_go_as_well_where_the_store_takes_it(tmp_path_factory: pytest.TempPathFactory, opened: Opened) -> None:
    """MinIO does not; moto does, as Amazon."""
    with Moto(tmp_path_factory.mktemp("moto")) as server:
        store = opened(server)
        store.set_lifecycle(None, 10, "GLACIER")
        assert {(rule.days, rule.cold_after_days, rule.cold_class, rule.unfinished_days) for rule in store.lifecycle()} == {(None, 10, "GLACIER", 7)}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", []),
        ("<LifecycleConfiguration><Rule><Status>Disabled</Status><Prefix>a/</Prefix></Rule></LifecycleConfiguration>", [LifecycleRule("", "a/", False)]),
        (
            "<LifecycleConfiguration><Rule><ID>x</ID><Status>Enabled</Status><Filter/><Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration>"
            "<Transition><Days>4</Days><StorageClass>COLD</StorageClass></Transition></Rule></LifecycleConfiguration>",
            [LifecycleRule("x", "", True, None, 4, "COLD")],
        ),
    ],
)
def test_rules_are_read_whoever_wrote_them(text: str, rules: list[LifecycleRule]) -> None:
    assert lifecycle.rules(lifecycle.read(text)) == rules
