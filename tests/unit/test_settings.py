"""Settings: one value, every mistake told at once."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphscan.errors import SettingsError
from graphscan.settings import Settings, make_settings, parse_size, read_settings

NAMES = [f.name for f in dataclasses.fields(Settings)]


def test_nothing_given_is_the_default():
    assert make_settings() == Settings() == read_settings(None)
    assert make_settings(seed=None) == Settings()


def test_a_file_is_read_and_arguments_lie_over_it(tmp_path):
    file = tmp_path / "scan.toml"
    file.write_text('seed = 5\nbehaviours = ["note_like"]\nmemory = "2GB"\n', encoding="utf-8")
    found = read_settings(file, seed=6, memory=None)
    assert (found.seed, found.behaviours, found.memory_bytes()) == (6, ("note_like",), 2 * 10**9)


def test_every_mistake_is_told_at_once():
    with pytest.raises(SettingsError) as told:
        make_settings(seed=-1, sede=3, memory="lots", false_discovery_rate=2)
    lines = str(told.value).splitlines()
    assert len(lines) == 4
    assert "unknown setting 'sede'; allowed: " in lines[0]
    assert all("allowed is" in line for line in lines[1:])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [object(), b"x", {"a": 1}, [1], -(10**30), float("nan"), float("inf")])
def test_no_value_of_the_wrong_kind_passes(name, value):
    with pytest.raises(SettingsError, match=f"setting {name} = "):
        make_settings(**{name: value})


@pytest.mark.parametrize("name", ["seed", "threads", "min_occasions", "false_discovery_rate", "reclusterings"])
def test_yes_and_no_are_no_numbers(name):
    with pytest.raises(SettingsError, match=name):
        make_settings(**{name: True})


@pytest.mark.parametrize(
    ("text", "size"),
    [("8GB", 8 * 10**9), ("512MiB", 2**29), ("1.5 gb", 15 * 10**8), ("1000000", 10**6), (" 2 KB ", 2000), ("7b", 7)],
)
def test_sizes(text, size):
    assert parse_size(text) == size


@given(st.text(max_size=8) | st.sampled_from(["inf", "nan", "infGB", "-1GB", "0", "1e999", "GB", "1TB", "1 0GB"]))
def test_a_size_is_a_size_or_refused(text):
    try:
        settings = make_settings(memory=text)
    except SettingsError as error:
        assert "a size such as 2GB" in str(error)
    else:
        assert settings.memory_bytes() >= 10**7


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd", "/etc/localtime", "Asia", "UTC\0"])
def test_a_zone_that_is_none_is_refused(zone):
    with pytest.raises(SettingsError, match="IANA time zone"):
        make_settings(timezone=zone)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"seed = ", "not valid TOML"),
        (b"\xff", "not valid TOML"),
        (b"[detection]\nseed = 1", "unknown setting 'detection'"),
    ],
)
def test_a_file_that_is_no_settings_file_is_refused(content, words, tmp_path):
    (tmp_path / "scan.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=words):
        read_settings(tmp_path / "scan.toml")


def test_a_settings_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"no\.toml does not exist"):
        read_settings(tmp_path / "no.toml")


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_settings().seed = 2
