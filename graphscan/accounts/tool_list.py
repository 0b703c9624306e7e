"""Which clients are agent tools, which are exempt: a list of patterns, and the kind of each client.

In: a TOML file of patterns (the built-in one by default) and client texts. Out: one kind a text. Which list a tool
stands on is a matter of policy, so it lies in a file and not in code.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import translate
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.errors import SettingsError
from graphscan.options import read_toml

Kinds = npt.NDArray[np.int8]

NO_DATA, ORDINARY, AGENT, EXEMPT = -1, 0, 1, 2
"""Kinds of client. NO_DATA is a missing client: it is worth nothing, for or against."""

_LISTS = ("agent", "exempt")


@dataclass(frozen=True)
class ToolList:
    """Patterns of clients, compared without case; a client that matches both lists is exempt."""

    agent: tuple[str, ...]
    exempt: tuple[str, ...]

    def kind(self, client: str) -> int:
        """Return the kind of one client text that is there.

        >>> ToolList(("openclaw/*",), ("scheduler/*",)).kind("OpenClaw/0.9.4") == AGENT
        True
        """
        name = client.strip().casefold()
        if _matches(self.exempt, name):
            return EXEMPT
        return AGENT if _matches(self.agent, name) else ORDINARY


def _matches(patterns: tuple[str, ...], name: str) -> bool:
    return any(re.fullmatch(translate(p.casefold()), name) for p in patterns)


def default_tools() -> ToolList:
    """Return the list that comes with graphscan: ``graphscan/accounts/data/tools.toml``."""
    text = files("graphscan.accounts").joinpath("data/tools.toml").read_text(encoding="utf-8")
    return _checked(tomllib.loads(text), "the built-in list of tools")


def read_tools(path: Path) -> ToolList:
    """Read a list of tools: a TOML file with the lists ``agent`` and ``exempt``.

    Raises
    ------
    SettingsError
        When the file is not there, is not TOML, or holds anything else than these two lists of patterns.
    """
    return _checked(read_toml(path, "list of tools"), f"list of tools {path}")


def classify(clients: pa.ChunkedArray, tools: ToolList, placeholders: tuple[str, ...] = ()) -> Kinds:
    """Return the kind of each client; blank ones and placeholders are NO_DATA, as missing ones are."""
    nothing = {p.strip().casefold() for p in placeholders} | {""}
    texts = pc.unique(clients).drop_null()
    kinds = [NO_DATA if t.strip().casefold() in nothing else tools.kind(t) for t in texts.to_pylist()]
    places = pc.fill_null(pc.index_in(clients, value_set=texts), len(texts))
    return np.asarray(np.array([*kinds, NO_DATA], np.int8)[places.to_numpy()])


def _checked(loaded: dict[str, Any], what: str) -> ToolList:
    faults = [f"{what}: unknown key {key!r}; allowed: agent, exempt" for key in loaded if key not in _LISTS]
    for name in _LISTS:
        value = loaded.get(name, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip(" *?") for v in value):
            faults.append(f"{what}: {name} = {value!r}: allowed is a list of patterns that name something")
    if faults:
        raise SettingsError("\n".join(faults))
    return ToolList(tuple(loaded.get("agent", [])), tuple(loaded.get("exempt", [])))
