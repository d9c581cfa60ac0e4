"""Where an object store may be."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from skiuo_desktop.backend.address import StoreAddress, is_public
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.model import BackendTrouble


def _address(endpoint: str, **more: Any) -> StoreAddress:
    return StoreAddress(**{"endpoint": endpoint, "bucket": "skiuo", "access_key": "A", "secret_key": "topsecret", **more})


@pytest.mark.parametrize(
    ("endpoint", "normal", "host"),
    [
        ("https://MinIO.example:9000", "https://minio.example:9000", "minio.example:9000"),
        ("https://minio.example:443/", "https://minio.example", "minio.example"),
        (" https://[2001:db8::1]:9000 ", "https://[2001:db8::1]:9000", "[2001:db8::1]:9000"),
    ],
)
def test_an_address_has_one_form(endpoint: str, normal: str, host: str) -> None:
    address = _address(endpoint)
    assert (address.endpoint, address.host) == (normal, host)


@pytest.mark.parametrize(
    "endpoint",
    [
        *("", "minio.example", "ftp://minio.example", "https://", "https://minio.example/bucket", "https://minio.example?x=1"),
        *("https://u:pw@minio.example", "https://h:99999", "https://mi nio.example"),
    ],
)
def test_what_is_no_endpoint_is_refused_without_repeating_a_password(endpoint: str) -> None:
    with pytest.raises(UsageError) as told:
        _address(endpoint)
    assert "pw" not in str(told.value)


@pytest.mark.parametrize("bucket", ["", "ab", "Upper", "a_b", "-ab", "a..b", "x" * 64, "a/b"])
def test_names_of_buckets(bucket: str) -> None:
    with pytest.raises(UsageError, match="bucket"):
        _address("https://minio.example", bucket=bucket)


def test_plain_http_is_refused_unless_the_host_is_named() -> None:
    for endpoint in ("http://minio.example:9000", "http://127.0.0.1:9000", "http://localhost"):
        with pytest.raises(BackendError) as told:
            _address(endpoint, allow_http=("other.example",))
        assert told.value.trouble is BackendTrouble.PLAIN
        assert told.value.server in endpoint
    assert _address("http://127.0.0.1:9000", allow_http=("127.0.0.1",)).endpoint == "http://127.0.0.1:9000"
    with pytest.raises(BackendError):
        _address("https://minio.example", public_endpoint="http://public.example")


def test_keys_are_needed_and_not_shown() -> None:
    assert "topsecret" not in repr(_address("https://minio.example"))
    with pytest.raises(UsageError):
        _address("https://minio.example", secret_key="")


@pytest.mark.parametrize(
    "endpoint",
    [
        *("http://93.184.215.14", "https://127.0.0.1", "https://10.1.2.3", "https://192.168.1.5:9000", "https://172.16.0.1", "https://169.254.1.1"),
        *("https://100.64.3.2", "https://[::1]", "https://[fe80::1]", "https://[fd00::1]", "https://[::ffff:10.0.0.1]", "https://nas"),
        *("https://nas.local", "https://db.internal", "https://0.0.0.0", "https://224.0.0.1"),
    ],
)
def test_addresses_that_no_cloud_reaches(endpoint: str) -> None:
    public, reason = is_public(endpoint)
    assert not public
    assert reason.endswith(".")


def test_a_name_is_public_where_all_its_addresses_are(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"s3.example": ["93.184.215.14"], "split.example": ["93.184.215.14", "10.0.0.1"]}

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror("no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert is_public("https://s3.example:9000") == (True, "")
    assert is_public("https://93.184.215.14") == (True, "")
    assert is_public("https://split.example") == (False, "split.example is at 10.0.0.1, an address that is not reached from the internet.")
    assert is_public("https://gone.example") == (False, "The name gone.example is not known.")
