"""Figures as people read them, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from skiuo_desktop.model import Span
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.app import translate_into


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translators = translate_into(qapp, "zh")
    assert len(translators) == 2, "Qt's own dialogs or ours would stay English"
    yield
    for translator in translators:
        qapp.removeTranslator(translator)
    QLocale.setDefault(QLocale(QLocale.Language.English))


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


def plain(text: str) -> str:
    return text.replace(fmt.NBSP, " ")


def test_moments_and_spans() -> None:
    assert fmt.clock(252_900) == "00:04:12"
    assert fmt.clock(-5) == "00:00:00"
    assert [fmt.stamp(ms) for ms in (0, 252_000, 3_600_000, 36_000_000)] == ["00:00", "04:12", "1:00:00", "10:00:00"]
    assert plain(fmt.span(Span(220_000, 235_000))) == "03:40 – 03:55"
    assert plain(fmt.span(Span(9_990, 20_020))) == "00:10 – 00:20"


def test_lengths() -> None:
    lengths = (0, 15_400, 60_000, 125_000, 3_600_000, 11_760_000)
    assert [plain(fmt.duration(ms)) for ms in lengths] == ["0 s", "15 s", "1 min", "2 min 5 s", "1 h", "3 h 16 min"]
    assert plain(fmt.seconds(6_940)) == "6.9 s"
    assert [fmt.seconds_plain(ms) for ms in (15_000, 7_500)] == ["15", "7.5"]


def test_amounts() -> None:
    sizes = (0, 999, 1_000, 313_000, 999_600, 78_800_000, 99_960_000, 2_000_000_000, 5_800_000_000, 3 * 10**12)
    assert [plain(fmt.size(count)) for count in sizes] == ["0 B", "999 B", "1 kB", "313 kB", "1.0 MB", "78.8 MB", "100 MB", "2 GB", "5.8 GB", "3 TB"]
    assert plain(fmt.rate(313_000)) == "313 kB/s"
    assert [fmt.price(amount) for amount in (0, 0.0001, 0.0078, 0.01, 0.42, 0.9996, 1.43)] == [
        "free", "<$0.001", "$0.008", "$0.010", "$0.420", "$1.00", "$1.43"
    ]  # fmt: skip
    assert [fmt.money(amount) for amount in (0, 0.004, 0.08, 1.43, 20)] == ["free", "$0.0040", "$0.08", "$1.43", "$20.00"]
    assert fmt.money(0.5, "CNY") == "¥0.50"
    assert fmt.number(9_224) == "9,224"
    assert [plain(fmt.decibels(db)) for db in (-18.4, 0, -120)] == ["−18 dB", "0 dB", "−∞ dB"]


def test_days() -> None:
    now = datetime(2025, 11, 24, 12, 0, tzinfo=UTC).astimezone()
    assert fmt.day(now, now) == "Today"
    assert fmt.day(now - timedelta(days=1), now) == "Yesterday"
    assert fmt.day(now - timedelta(days=7), now) == "Monday 17 November"
    assert fmt.day(now - timedelta(days=365), now) == "24 November 2024"


def test_chinese(chinese: None) -> None:
    now = datetime(2025, 11, 24, 12, 0, tzinfo=UTC).astimezone()
    assert plain(fmt.seconds(6_900)) == "6.9 秒"
    assert plain(fmt.duration(11_760_000)) == "3 小时 16 分"
    assert fmt.money(0) == "免费"
    assert fmt.day(now, now) == "今天"
    assert fmt.day(now - timedelta(days=7), now) == "11月17日 星期一"
