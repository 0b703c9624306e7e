"""Options: what a file of settings may hold, declared once, and the reading of such a file.

In: a TOML file, checks. Out: plain values, and every mistake in one message each. The settings of a run, a job's file, a policy and a
list of tools are read here.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graphscan.errors import SettingsError

Check = Callable[[Any], bool]


def option(default: Any, check: Check, allowed: str, meaning: str) -> Any:
    """Return a dataclass field with its check, what is allowed, and what it means; the pages are generated from these."""
    return dataclasses.field(default=default, metadata={"check": check, "allowed": allowed, "meaning": meaning})


def whole(low: int, high: int) -> Check:
    """Return a check for a whole number from ``low`` to ``high``; true and false are none."""
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high


def number(low: float, high: float) -> Check:
    """Return a check for a number, whole or not, from ``low`` to ``high``; true and false are none."""
    return lambda v: isinstance(v, int | float) and not isinstance(v, bool) and low <= v <= high


def is_text(value: Any) -> bool:
    """Whether a value is a text, also an empty one."""
    return isinstance(value, str)


def is_zone(value: Any) -> bool:
    """Whether a value names an IANA time zone that this machine knows."""
    try:
        return isinstance(value, str) and ZoneInfo(value) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def faults_in(given: Mapping[str, Any], fields: Mapping[str, dataclasses.Field[Any]], noun: str) -> list[str]:
    """Return a message for each value of a known option that is not allowed, with what is."""
    return [
        f"{noun} {name} = {value!r}: allowed is {fields[name].metadata['allowed']}"
        for name, value in given.items()
        if name in fields and not fields[name].metadata["check"](value)
    ]


def read_toml(path: Path, called: str) -> dict[str, Any]:
    """Return what a TOML file holds; ``called`` names its kind in messages.

    Raises
    ------
    SettingsError
        When the file is not there, cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{called} {path} does not exist") from None
    except OSError as error:
        raise SettingsError(f"{called} {path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{called} {path} is not valid TOML: {error}") from None
