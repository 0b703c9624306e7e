"""Every way to write a time, and the hours that come twice or never."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from graphscan.errors import SettingsError
from graphscan.intake.clock import Clock
from graphscan.intake.times import read_times
from graphscan.intake.values import Parsed


def parse(*texts: str | None, clock: Clock = Clock(), days: bool = False) -> Parsed:  # noqa: B008
    return read_times(pa.chunked_array([pa.array(texts, pa.string())]), clock, days)


def iso(parsed: Parsed) -> list[str | None]:
    return [None if v is None else v.isoformat(timespec="milliseconds") for v in parsed.values.to_pylist()]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10T06:05:03Z",
        "2026-03-10 06:05:03Z",
        "2026-03-10t06:05:03z",
        "2026-03-10T06:05:03.000000Z",
        "2026-03-10T14:05:03+08:00",
        "2026-03-10T14:05:03+0800",
        "2026-03-10 14:05:03+08",
        "2026-03-10 14:05:03 +08:00",
        "2026-03-10T00:35:03-05:30",
        "2026-03-10 06:05:03 UTC",
        "2026-03-10 06:05:03GMT",
        "2026-03-10 06:05:03",
        "  2026-03-10 06:05:03\n",
        "2026-03-10T06:05:03.0009999999999Z",
    ],
)
def test_one_instant_in_many_spellings(text: str) -> None:
    assert iso(parse(text)) == ["2026-03-10T06:05:03.000+00:00"]


@pytest.mark.parametrize(
    ("text", "millis"),
    [("1", "100"), ("12", "120"), ("1239", "123"), ("9999999", "999"), ("123456789", "123")],
)
def test_fractions_are_cut_to_milliseconds(text: str, millis: str) -> None:
    for point in ".,":
        assert iso(parse(f"2026-03-10T06:05:03{point}{text}Z")) == [f"2026-03-10T06:05:03.{millis}+00:00"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2026-03-10T25:00:00Z",
        "2026-03-10T10:61:00Z",
        "2026-13-10T10:00:00Z",
        "2026-03-10T10:00:00+99:00",
        "10/03/2026 10:00",
        "2026-03-10T",
        "now",
        "2026-03-10T10:00:00Z extra",
        "２０２６-03-10T10:00:00Z",
        "1e9",
    ],
)
def test_what_is_no_time_is_a_fault_among_good_ones(text: str) -> None:
    parsed = parse("2026-03-10T06:05:03Z", text, None)
    assert [v is None for v in parsed.values.to_pylist()] == [False, True, True]
    assert [(f.reason, f.rows.tolist()) for f in parsed.faults] == [("not a time", [False, True, False])]


def test_many_calendar_faults_are_all_found() -> None:
    texts = [f"2026-02-{day:02d}T00:00:00Z" for day in range(1, 32)]
    parsed = parse(*texts)
    assert [v is None for v in parsed.values.to_pylist()] == [False] * 28 + [True] * 3


@pytest.mark.parametrize(
    "text", ["1969-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"]
)
def test_years_that_no_platform_knew_are_faults(text: str) -> None:
    assert [f.reason for f in parse(text).faults] == ["outside the years 1970 to 2100"]


def test_the_first_and_the_last_moment_are_taken() -> None:
    assert not parse("1970-01-01T00:00:00Z", "2100-12-31T23:59:59.999Z").faults


def test_a_day_alone_is_midnight_where_days_are_taken_and_a_fault_elsewhere() -> None:
    shanghai = Clock("Asia/Shanghai")
    assert iso(parse("2026-03-10", clock=shanghai, days=True)) == ["2026-03-09T16:00:00.000+00:00"]
    assert [f.reason for f in parse("2026-03-10").faults] == ["a day without a time of day"]


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        ("1773122703", "s", "2026-03-10T06:05:03.000+00:00"),
        ("1773122703.123", "s", "2026-03-10T06:05:03.123+00:00"),
        ("1773122703.9999999", "s", "2026-03-10T06:05:04.000+00:00"),
        ("1773122703123", "ms", "2026-03-10T06:05:03.123+00:00"),
        ("1773122703123.0", "ms", "2026-03-10T06:05:03.123+00:00"),
    ],
)
def test_numbers_are_times_in_the_unit_given(number: str, unit: str, expected: str) -> None:
    assert iso(parse(number, clock=Clock(epoch_unit=unit))) == [expected]


def test_all_milliseconds_of_a_second_survive_as_fractions_of_seconds() -> None:
    texts = [f"1773122703.{m:03d}" for m in range(1000)]
    parsed = parse(*texts, clock=Clock(epoch_unit="s"))
    assert [v.microsecond // 1000 for v in parsed.values.to_pylist()] == list(range(1000))


def test_a_number_without_a_unit_says_which_option_to_pass() -> None:
    assert [f.reason for f in parse("1773122703").faults] == [
        "a number, and no unit is given: pass --epoch s or --epoch ms"
    ]


def test_milliseconds_told_as_seconds_are_out_of_range() -> None:
    assert [f.reason for f in parse("1773122703123", clock=Clock(epoch_unit="s")).faults] == [
        "outside the years 1970 to 2100"
    ]


def test_not_a_number_is_no_value_and_infinity_is_out_of_range() -> None:
    raw = pa.chunked_array([pa.array([1.0, float("nan"), float("inf"), None])])
    parsed = read_times(raw, Clock(epoch_unit="s"))
    assert iso(parsed) == ["1970-01-01T00:00:01.000+00:00", None, None, None]
    assert [f.rows.tolist() for f in parsed.faults] == [[False, False, True, False]]


def test_an_hour_that_comes_twice_is_read_as_the_first() -> None:
    assert iso(parse("2025-11-02 01:30:00", clock=Clock("America/New_York"))) == ["2025-11-02T05:30:00.000+00:00"]
    assert iso(parse("2025-10-26 02:30:00", clock=Clock("Europe/Berlin"))) == ["2025-10-26T00:30:00.000+00:00"]
    assert iso(parse("2025-10-26 01:30:00", clock=Clock("Europe/Dublin"))) == ["2025-10-26T00:30:00.000+00:00"]


def test_an_hour_that_never_was_is_read_by_the_offset_before_it() -> None:
    read = iso(
        parse(
            "2025-03-09 02:00:00",
            "2025-03-09 02:30:00",
            "2025-03-09 03:30:00",
            clock=Clock("America/New_York"),
        )
    )
    assert read == [
        "2025-03-09T07:00:00.000+00:00",
        "2025-03-09T07:30:00.000+00:00",
        "2025-03-09T07:30:00.000+00:00",
    ]


def test_samoas_lost_day_is_read_by_the_offset_before_it() -> None:
    assert iso(parse("2011-12-30 12:00:00", clock=Clock("Pacific/Apia"))) == ["2011-12-30T22:00:00.000+00:00"]


def test_local_times_agree_with_pythons_own_all_year_round() -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    moments = [datetime(2025, 1 + m, 1 + d, 1, 45) for m in range(12) for d in range(28)]
    read = parse(*(m.isoformat(" ") for m in moments), clock=Clock("Australia/Lord_Howe")).values.to_pylist()
    assert read == [m.replace(tzinfo=zone).astimezone(UTC) for m in moments]


def test_only_times_without_a_zone_are_counted_as_such() -> None:
    assert parse("2026-03-10 06:05:03", "2026-03-10 06:05:03Z", None).zoneless == 1


@pytest.mark.parametrize(("zone", "unit"), [("Mars/Olympus", ""), ("", ""), ("../etc/passwd", ""), ("UTC", "us")])
def test_unknown_zones_and_units_are_refused(zone: str, unit: str) -> None:
    with pytest.raises(SettingsError, match=r"is not known|allowed is"):
        Clock(zone, unit)
