"""Settings: one frozen, validated value, read from a TOML file. All mistakes are told at once.

In: a TOML file, or nothing. Out: :class:`Settings`. Every default carries its reason or source.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphscan.errors import SettingsError
from graphscan.options import faults_in, is_text, is_zone, number, option, read_toml, whole


def _texts(value: Any) -> bool:
    return isinstance(value, tuple | list) and all(isinstance(v, str) for v in value)


@dataclass(frozen=True)
class Settings:
    """Everything a run can be told, flat; see ``docs/settings.md``, which is generated from these lines."""

    timezone: str = option(
        "UTC",
        is_zone,
        "an IANA time zone such as Asia/Shanghai",
        "zone in which a time without an offset is read",
    )
    epoch_unit: str = option(
        "",
        lambda v: v in ("", "s", "ms"),
        '"", "s" or "ms"',
        "unit of times given as numbers; empty: a number is no time",
    )
    seed: int = option(1, whole(0, 2**31 - 1), "a whole number from 0 to 2147483647", "seed of all randomness")
    behaviours: tuple[str, ...] = option(
        (),
        _texts,
        "names of behaviours, or none for all",
        "behaviours to look at; empty means every one with data",
    )
    memory: str = option(
        "8GB",
        lambda v: isinstance(v, str) and _is_size(v),
        "a size such as 2GB or 800MB",
        "the memory that a run works to: what is larger lies on disk or is taken piece by piece; the answers do not depend on it",
    )
    engine: str = option(
        "local",
        lambda v: v in ("local", "spark"),
        '"local" or "spark"',
        "where the meetings stage runs: this machine, or Spark (docs/scale.md); the result is the same",
    )
    threads: int = option(0, whole(0, 1024), "a whole number from 0 to 1024", "threads; 0: one a core")
    min_occasions: int = option(
        2, whole(2, 1000), "a whole number from 2 to 1000", "occasions a pair needs to be tested at all"
    )
    false_discovery_rate: float = option(
        1e-3,
        number(1e-12, 0.2),
        "a number from 1e-12 to 0.2",
        "Benjamini-Hochberg rate over all pairs of accounts, per behaviour: one pair in a thousand found may be chance",
    )
    block_min_accounts: int = option(
        25,
        whole(2, 10**9),
        "a whole number from 2",
        "accounts with a history that an interest block needs; below, acting on the same things is no interest yet",
    )
    block_min_object_accounts: int = option(
        0,
        whole(0, 10**9),
        "0 (12, or 25 where no registration is known) or a whole number from 2",
        "accounts with a history that an object-day needs to inform interest blocks",
    )
    min_cluster_size: int = option(
        5, whole(2, 10**6), "a whole number from 2", "accounts a cluster needs (smallest farm looked for)"
    )
    reclusterings: int = option(
        20,
        whole(5, 1000),
        "a whole number from 5 to 1000",
        "seeded re-clusterings behind membership (G9: 20)",
    )
    tools: str = option(
        "",
        is_text,
        "a path to a TOML file with lists `agent` and `exempt`, or nothing",
        "which clients are agent tools and which are exempt (schedulers, accessibility); empty: the built-in list",
    )
    policy: str = option(
        "",
        is_text,
        "a path to a TOML file as docs/decisions.md describes it, or nothing",
        "the rule by which measures are proposed; empty: the built-in one",
    )
    min_text_chars: int = option(
        20,
        whole(1, 10**6),
        "a whole number from 1",
        "characters a normalised text needs to be an object (METHOD stage 2: shorter ones are everyday words)",
    )
    placeholders: tuple[str, ...] = option(
        (
            "-",
            "--",
            "0",
            "-1",
            "n/a",
            "na",
            "nan",
            "none",
            "null",
            "nil",
            "unknown",
            "undefined",
            "未知",
            "无",
            "默认",
        ),
        _texts,
        "a list of texts",
        "values of link, product, media, tag and client columns that mean nothing and never link accounts",
    )

    def memory_bytes(self) -> int:
        """The memory budget in bytes."""
        return parse_size(self.memory)


def parse_size(text: str) -> int:
    """Return the bytes of a size such as ``8GB``, ``512MiB`` or ``1000000``; ValueError when it is none."""
    units = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
    stripped = text.strip().upper()
    digits = stripped.rstrip("KMGIB ")
    unit = stripped[len(digits) :].strip()
    if unit not in units:
        raise ValueError(f"{text!r} is no size")
    size = int(float(digits) * units[unit])
    if size <= 0:
        raise ValueError(f"{text!r} is no size")
    return size


def _is_size(text: str) -> bool:
    try:
        return parse_size(text) >= 10**7
    except (ValueError, OverflowError):  # the latter for an infinite one
        return False


def make_settings(**given: Any) -> Settings:
    """Return validated settings; values of None are left at their default.

    Raises
    ------
    SettingsError
        Naming every unknown setting and every value that is not allowed, with what is.
    """
    fields = {f.name: f for f in dataclasses.fields(Settings)}
    values: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in given.items() if v is not None
    }
    faults = [
        f"unknown setting {name!r}; allowed: {', '.join(sorted(fields))}" for name in values if name not in fields
    ]
    faults += faults_in(values, fields, "setting")
    if faults:
        raise SettingsError("\n".join(faults))
    return Settings(**values)


def read_settings(path: Path | None, **given: Any) -> Settings:
    """Read a TOML file of settings and lay ``given`` (arguments that are not None) over it.

    Raises
    ------
    SettingsError
        When the file is not there, is not TOML, or holds a mistake.
    """
    loaded = {} if path is None else read_toml(path, "settings file")
    return make_settings(**{**loaded, **{k: v for k, v in given.items() if v is not None}})
