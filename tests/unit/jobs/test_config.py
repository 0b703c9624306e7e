"""A job's file: every mistake is told at once, and nothing is begun."""

import re
from pathlib import Path

import pytest

from graphscan.errors import SettingsError
from graphscan.jobs.config import OPTIONS, read_job


def told(tmp_path, text):
    (tmp_path / "job.toml").write_text(text)
    return read_job(tmp_path / "job.toml")


def test_a_plain_job_reads_from_its_own_folder(tmp_path):
    config = told(tmp_path, 'dataset = "platform"\nstate = "state"\n[settings]\nseed = 7\n')
    assert config.datasets == (tmp_path / "platform",)
    assert config.path(config.state) == tmp_path / "state"
    assert config.run_settings.seed == 7


def test_settings_may_lie_in_a_file_of_their_own(tmp_path):
    (tmp_path / "scan.toml").write_text("min_cluster_size = 8\n")
    config = told(tmp_path, 'dataset = ["a", "b"]\nstate = "s"\nsettings = "scan.toml"\n')
    assert config.run_settings.min_cluster_size == 8 and len(config.datasets) == 2


def test_every_mistake_is_told_at_once(tmp_path):
    with pytest.raises(SettingsError) as error:
        told(tmp_path, 'stat = "s"\nwindow_days = 0\nday_timezone = "Mars"\nkeep_runs = true\n[settings]\nsed = 1\n')
    lines = str(error.value)
    for part in ("'stat'", "dataset is missing", "state is missing", "window_days = 0", "'Mars'", "keep_runs", "'sed'"):
        assert part in lines


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('dataset = "a"\nstate = "a/state"', "lies in the dataset"),
        ('dataset = "s/a"\nstate = "s"', "lies in the dataset"),
        ('dataset = "a"\nstate = "s"\nwindow_days = 60\nretention_days = 30', "retention_days = 30"),
        ('dataset = "a"\nstate = "s"\nsettings = "none.toml"', "does not exist"),
        ('dataset = "a"\nstate = "s"\nledger_mode = "loud"', "one of live, shadow"),
        ("dataset = [", "not valid TOML"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path, text, part):
    with pytest.raises(SettingsError, match=part):
        told(tmp_path, text)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SettingsError, match="does not exist"):
        read_job(tmp_path / "none.toml")


def test_the_job_shown_in_the_documentation_has_no_mistake(tmp_path):
    page = Path(__file__).parents[3] / "docs" / "jobs.md"
    (shown,) = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    assert told(tmp_path, shown).window_days == 30


def test_every_option_says_what_it_means():
    assert all(o.metadata["meaning"] and o.metadata["allowed"] for o in OPTIONS)
