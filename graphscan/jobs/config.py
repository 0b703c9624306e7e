"""What a job is told: one frozen, validated value, read from ``job.toml``. All mistakes are told at once.

In: a TOML file. Out: :class:`JobConfig`. Relative paths are read from the file's own folder, so that cron's working folder does not matter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphscan.errors import SettingsError
from graphscan.options import faults_in, is_text, is_zone, option, read_toml, whole
from graphscan.settings import Settings, make_settings, read_settings

SETTING_FILES = ("tools", "policy")
"""Settings that name a file, whose content decides what is found."""

LEDGER_MODES = ("live", "shadow", "canary", "holdout")


def _paths(value: Any) -> bool:
    several = value if isinstance(value, list | tuple) else [value]
    return bool(several) and all(isinstance(v, str) and v for v in several)


@dataclass(frozen=True)
class JobConfig:
    """Everything a job can be told; see ``docs/jobs.md``, which is generated from these lines."""

    dataset: tuple[str, ...] = option(
        (), _paths, "a folder, or a list of folders", "the dataset that grows: any files, or hive partitions `date=…`"
    )
    state: str = option(
        "", lambda v: is_text(v) and v != "", "a folder", "where the job keeps days, passes and the lock"
    )
    window_days: int = option(
        30, whole(1, 3650), "a whole number from 1 to 3650", "days that each pass looks at, its own day the last"
    )
    day_timezone: str = option(
        "UTC", is_zone, "an IANA time zone such as Asia/Shanghai", "zone that says when a day begins"
    )
    settings: str | Mapping[str, Any] = option(
        "",
        lambda v: isinstance(v, str | dict),
        "a path to a settings file, or a table [settings]",
        "settings of every run (docs/settings.md)",
    )
    keep_runs: int = option(
        30, whole(2, 10_000), "a whole number from 2 to 10000", "passes kept; two are needed to say what changed"
    )
    retention_days: int = option(
        180,
        whole(1, 36_500),
        "a whole number from 1, and not less than window_days",
        "days after which rows and runs are purged",
    )
    canary: bool = option(
        True, lambda v: isinstance(v, bool), "true or false", "plant a farm in a shadow copy and tell its recall"
    )
    neo4j_uri: str = option(
        "", is_text, "an address such as bolt://localhost:7687, or nothing", "Neo4j to load each pass into"
    )
    neo4j_user: str = option("neo4j", is_text, "a user's name", "who loads")
    neo4j_password_file: str = option("", is_text, "a file of mode 0600", "its password; else NEO4J_PASSWORD")
    neo4j_database: str = option("neo4j", is_text, "a database's name", "the database")
    ledger: str = option("", is_text, "a path, or nothing", "ledger that each pass's decisions are proposed to")
    ledger_key_file: str = option(
        "", is_text, "a file of mode 0600", "the ledger's key; else GRAPHSCAN_LEDGER_KEY, else a chain without key"
    )
    ledger_mode: str = option(
        "shadow", lambda v: v in LEDGER_MODES, f"one of {', '.join(LEDGER_MODES)}", "how they are proposed"
    )
    pseudonym_key_file: str = option(
        "", is_text, "a file of mode 0600 with at least 32 bytes", "key of pseudonyms; empty: ids are kept as they are"
    )
    folder: Path = dataclasses.field(default=Path(), metadata={})

    def path(self, name: str) -> Path:
        """Return a path as it was given, from the folder of ``job.toml``."""
        return (self.folder / name).resolve()

    @property
    def datasets(self) -> tuple[Path, ...]:
        """The dataset folders."""
        return tuple(self.path(name) for name in self.dataset)

    @property
    def run_settings(self) -> Settings:
        """The settings of every run; paths in them are read from the job's folder too."""
        given = self.settings
        told = (
            make_settings(**given) if isinstance(given, Mapping) else read_settings(self.path(given) if given else None)
        )
        named: dict[str, Any] = {
            name: str(self.path(value)) for name in SETTING_FILES if (value := getattr(told, name))
        }
        return dataclasses.replace(told, **named)


OPTIONS = tuple(f for f in dataclasses.fields(JobConfig) if f.metadata)
"""Every option, in the order of the documentation."""


def read_job(path: Path) -> JobConfig:
    """Read and check a ``job.toml``.

    Raises
    ------
    SettingsError
        When the file is missing or no TOML; else naming every mistake in it and in the settings it names.
    """
    loaded = read_toml(path, "job file")
    given: dict[str, Any] = {
        name: (value,) if name == "dataset" and isinstance(value, str) else value for name, value in loaded.items()
    }
    if isinstance(given.get("dataset"), list):
        given["dataset"] = tuple(given["dataset"])
    faults = _faults(given)
    known = {name: given[name] for name in given if name in {f.name for f in OPTIONS}}
    config = JobConfig(**known, folder=path.resolve().parent)
    faults += _faults_between(config) if not faults else []
    if faults:
        raise SettingsError(f"{path}:\n" + "\n".join(faults))
    return config


def _faults(given: Mapping[str, Any]) -> list[str]:
    options = {f.name: f for f in OPTIONS}
    faults = [f"unknown option {n!r}; allowed: {', '.join(options)}" for n in given if n not in options]
    faults += [
        f"option {name} is missing: {options[name].metadata['meaning']}"
        for name in ("dataset", "state")
        if name not in given
    ]
    faults += faults_in(given, options, "option")
    if isinstance(given.get("settings"), dict):
        faults += _told_by(lambda: make_settings(**given["settings"]))
    return faults


def _faults_between(config: JobConfig) -> list[str]:
    faults = []
    if config.retention_days < config.window_days:
        faults.append(
            f"option retention_days = {config.retention_days}: allowed is window_days ({config.window_days}) or more"
        )
    if isinstance(config.settings, str) and config.settings:
        faults += _told_by(lambda: config.run_settings)
    state = config.path(config.state)
    faults += [
        f"option state = {config.state!r} lies in the dataset {folder}, or the dataset in it; name a folder apart"
        for folder in config.datasets
        if state.is_relative_to(folder) or folder.is_relative_to(state)
    ]
    return faults


def _told_by(make: Callable[[], object]) -> list[str]:
    try:
        make()
    except SettingsError as error:
        return str(error).splitlines()
    return []
