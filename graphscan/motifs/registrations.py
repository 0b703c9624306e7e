"""Registration flash: members registered within an hour, on one network or device, or with one app.

In: a scene. Out: occurrences, and a p-value against other accounts that are as new. A school club does the same: this
never stands alone. Source: METHOD stage 4, M6; the null deals labels among accounts with the same history, since a
cluster of newcomers is no surprise among newcomers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.accounts import UNKNOWN_MS
from graphscan.behaviours.actions import HOUR_MS, Codes
from graphscan.intake.wide import whole
from graphscan.motifs.chance import SURROGATES, value_tail
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.scene import Scene
from graphscan.motifs.world import World

LEAST_ACCOUNTS = 3
CELLS = ("device", "network", "client")
_NOTHING = ("", "-", "0", "null", "none", "unknown", "未知")


def find_registration_flashes(scene: Scene) -> list[Occurrence]:
    """Return every longest run of at least three members of one cell, each registered within an hour of the one before."""
    seen: dict[tuple[int, ...], Occurrence] = {}
    registered = scene.world.accounts.registered_ms
    for name, value, accounts in _runs(scene.world, scene.members):
        key = tuple(sorted(accounts.tolist()))
        at_ms = registered[accounts]
        seen.setdefault(key, Occurrence(tuple(accounts.tolist()), (f"{name}:{value}",), int(at_ms[0]), int(at_ms[-1])))
    return list(seen.values())


def chance_of_registration_flashes(scene: Scene, found: Sequence[Occurrence], rng: np.random.Generator) -> float:
    """The p-value of so many members in such runs, when members are dealt anew among accounts with the same history."""
    if not found:
        return 1.0
    world = scene.world
    known = np.flatnonzero(world.accounts.registered_ms != UNKNOWN_MS).astype(np.int32)
    old = world.accounts.has_history
    pools = [(known[old[known] == kind], int((old[scene.members] == kind).sum())) for kind in (False, True)]
    drawn = [_in_runs(world, np.concatenate([_some_of(pool, n, rng) for pool, n in pools])) for _ in range(SURROGATES)]
    return value_tail(float(_in_runs(world, scene.members)), np.array(drawn, np.float64))


def _some_of(pool: Codes, n: int, rng: np.random.Generator) -> Codes:
    """Up to ``n`` different ones of a pool."""
    return rng.choice(pool, min(n, len(pool)), replace=False, shuffle=False)


def _in_runs(world: World, accounts: Codes) -> int:
    """Accounts that are in any run."""
    return len({int(a) for _, _, run in _runs(world, accounts) for a in run})


def _runs(world: World, accounts: Codes) -> Iterator[tuple[str, str, Codes]]:
    """Each run: the kind of its cell, the cell's value, its accounts by registration."""
    registered = world.accounts.registered_ms[accounts]
    accounts, registered = accounts[registered != UNKNOWN_MS], registered[registered != UNKNOWN_MS]
    for name in CELLS:
        values, cell = _cells(world, name)
        code = cell[accounts]
        order = np.lexsort((accounts, registered, code))
        order = order[code[order] >= 0]
        breaks = np.flatnonzero((np.diff(registered[order]) > HOUR_MS) | (np.diff(code[order]) != 0)) + 1
        for run in np.split(order, breaks):
            if len(run) >= LEAST_ACCOUNTS:
                yield name, str(values[int(code[run[0]])].as_py()), accounts[run]


def _cells(world: World, name: str) -> tuple[pa.Array, Codes]:
    """The values of one kind of cell, and each account's as a code, -1 for none; made once per world."""
    if name not in world.remembered:
        world.remembered[name] = _read_cells(world, name)
    values, code = world.remembered[name]
    return values, code


def _read_cells(world: World, name: str) -> tuple[pa.Array, Codes]:
    code = np.full(len(world.accounts), -1, np.int32)
    if "accounts" not in world.dataset.tables:
        return pa.array([], pa.string()), code
    table = world.dataset.tables["accounts"]
    column = whole(table[name])
    nothing = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=pa.array(_NOTHING))
    encoded = pc.if_else(nothing, pa.scalar(None, column.type), column).dictionary_encode()
    told = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    code[world.accounts.codes(table["account_id"])] = told
    return encoded.dictionary, code
