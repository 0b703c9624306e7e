"""Tables of the layers: validated pairs, the occasions behind them, and the input rows behind those.

In: layers and the dataset. Out: the run's ``pairs``, ``meetings`` and ``rows`` tables, in canonical order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.behaviours.accounts import Accounts
from graphscan.behaviours.actions import Ints
from graphscan.behaviours.layer import Encounters, Layer
from graphscan.behaviours.references import copy_rows, name_rows
from graphscan.behaviours.wordings import Wordings
from graphscan.intake.dataset import Dataset
from graphscan.tables import ACTION_TABLES, MEETINGS, PAIRS, ROWS, TEMPLATE_USES, TEMPLATES

_LABEL_CHARS = 80  # a long text as an object is shown by its beginning and a hash


def pairs_table(layers: Sequence[Layer], accounts: Accounts) -> pa.Table:
    """Return the validated pairs of all layers, sorted by accounts and behaviour."""
    parts = [_pairs_of(layer, accounts) for layer in layers]
    return _sorted(pa.concat_tables([PAIRS.schema.empty_table(), *parts]), PAIRS.key)


def _pairs_of(layer: Layer, accounts: Accounts) -> pa.Table:
    pairs, window = layer.pairs, layer.surprise.window
    row = np.arange(len(pairs))
    follower = np.stack([pairs.b_first[row, window], pairs.a_first[row, window]], axis=1)
    columns = {
        "account_a": accounts.ids.take(pa.array(pairs.account_a)),
        "account_b": accounts.ids.take(pa.array(pairs.account_b)),
        "behaviour": pa.array([layer.behaviour.name] * len(pairs), pa.string()),
        "meetings": layer.surprise.met,
        "objects": _distinct_objects(layer, layer.encounters),
        "expected": layer.surprise.expected,
        "p_value": layer.surprise.p_value,
        "q_value": layer.surprise.q_value,
        "first_at": _instants(pairs.first_ms[row, window]),
        "last_at": _instants(pairs.last_ms[row, window]),
        "follower": pa.array(list(follower), pa.list_(pa.int64())),
        "window_s": layer.window_of_pair // 1000,
    }
    return _declared(columns, PAIRS.schema)


def _distinct_objects(layer: Layer, met: Encounters) -> Ints:
    seen = np.unique(np.stack([met.pair, layer.actions.object[met.a_action].astype(np.int64)], axis=1), axis=0)
    return np.bincount(seen[:, 0], minlength=len(layer.pairs))


def meetings_table(layers: Sequence[Layer], accounts: Accounts, dataset: Dataset) -> pa.Table:
    """Return every occasion behind every validated pair."""
    parts = [_meetings_of(layer, accounts, dataset) for layer in layers]
    return _sorted(pa.concat_tables([MEETINGS.schema.empty_table(), *parts]), MEETINGS.key)


def _meetings_of(layer: Layer, accounts: Accounts, dataset: Dataset) -> pa.Table:
    met, actions = layer.encounters, layer.actions
    used, place = np.unique(np.concatenate([met.a_action, met.b_action]), return_inverse=True)
    names = row_names(layer, used, dataset)
    half = len(met.pair)
    columns = {
        "account_a": accounts.ids.take(pa.array(layer.pairs.account_a[met.pair])),
        "account_b": accounts.ids.take(pa.array(layer.pairs.account_b[met.pair])),
        "behaviour": pa.array([layer.behaviour.name] * half, pa.string()),
        "object": object_labels(layer, actions.object[met.a_action]),
        "a_at": _instants(actions.at_ms[met.a_action]),
        "b_at": _instants(actions.at_ms[met.b_action]),
        "a_row": names.take(pa.array(place[:half])),
        "b_row": names.take(pa.array(place[half:])),
    }
    return _declared(columns, MEETINGS.schema)


def templates_table(found: Wordings) -> pa.Table:
    """Return the templates that weigh."""
    told = found.templates
    kept = np.flatnonzero(told.weight > 0)
    columns = {
        "template_id": [found.names[k] for k in kept],
        "mould": [told.shown[k] for k in kept],
        "texts": told.texts[kept],
        "accounts": told.accounts[kept],
        "established": found.established[kept],
        "weight": np.round(told.weight[kept], 6),
        "local": found.local[kept],
        "first_at": _instants(told.first_ms[kept]),
        "last_at": _instants(told.last_ms[kept]),
    }
    return _sorted(_declared(columns, TEMPLATES.schema), TEMPLATES.key)


def template_uses_table(found: Wordings, accounts: Accounts) -> pa.Table:
    """Return who wrote from which of them."""
    uses = found.uses
    columns = {
        "account_id": accounts.ids.take(pa.array(uses.account)),
        "template_id": pa.array(found.names, pa.string()).take(pa.array(uses.template)),
        "texts": uses.texts,
        "first_at": _instants(uses.first_ms),
        "before": uses.before,
    }
    return _sorted(_declared(columns, TEMPLATE_USES.schema), TEMPLATE_USES.key)


def rows_table(layers: Sequence[Layer], dataset: Dataset, cited: Collection[str] = (), of: pa.Array = None) -> pa.Table:
    """Return every input row behind a validated pair, and every cited one, once.

    ``cited`` are references; those that no pair has are looked for among the rows of the accounts ``of``.
    """
    wanted: dict[str, list[Ints]] = {name: [] for name in ACTION_TABLES}
    for layer in layers:
        met = layer.encounters
        used = np.unique(np.concatenate([met.a_action, met.b_action]))
        for number, table in enumerate(layer.actions.tables):
            wanted[table].append(layer.actions.row[used[layer.actions.source[used] == number]])
    for table in (*ACTION_TABLES, "accounts"):
        wanted.setdefault(table, []).append(_cited_rows(dataset, table, cited, of))
    parts = [
        copy_rows(dataset, table, np.unique(np.concatenate(rows)))
        for table, rows in wanted.items()
        if table in dataset.tables
    ]
    return _sorted(pa.concat_tables([ROWS.schema.empty_table(), *parts]), ROWS.key)


def _cited_rows(dataset: Dataset, table: str, cited: Collection[str], of: pa.Array) -> Ints:
    wanted = [name for name in cited if name.startswith(f"{table}/")]
    if not wanted or table not in dataset.tables:
        return np.zeros(0, np.int64)
    theirs = pc.is_in(dataset.tables[table]["account_id"], value_set=of)
    rows = np.flatnonzero(theirs.to_numpy())
    names = name_rows(dataset, table, rows)
    found = pc.is_in(names, value_set=pa.array(wanted, pa.string())).to_numpy(zero_copy_only=False)
    return np.asarray(rows[found], np.int64)


def object_labels(layer: Layer, objects: np.ndarray) -> pa.Array:
    """Return the texts of a layer's objects (codes), long ones cut and marked with a hash."""
    used, place = np.unique(objects, return_inverse=True)
    names = [_short(name) for name in layer.actions.objects.take(pa.array(used)).to_pylist()]
    return pa.array(names, pa.string()).take(pa.array(place))


def _short(name: str) -> str:
    if len(name) <= _LABEL_CHARS:
        return name
    return f"{name[:60]}… #{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def row_names(layer: Layer, used: Ints, dataset: Dataset) -> pa.Array:
    """References of the input rows behind the used actions, in their order."""
    names = np.empty(len(used), object)
    for number, table in enumerate(layer.actions.tables):
        chosen = layer.actions.source[used] == number
        if chosen.any():
            found = name_rows(dataset, table, layer.actions.row[used[chosen]])
            names[chosen] = found.to_numpy(zero_copy_only=False)
    return pa.array(names, pa.string())


def _instants(ms: Ints) -> pa.Array:
    return pa.array(ms, pa.int64()).cast(pa.timestamp("ms", tz="UTC"))


def _declared(columns: dict[str, object], schema: pa.Schema) -> pa.Table:
    arrays = [
        value.cast(field.type) if isinstance(value, pa.Array | pa.ChunkedArray) else pa.array(value, field.type)
        for field, value in ((f, columns[f.name]) for f in schema)
    ]
    return pa.table(arrays, schema=schema)


def _sorted(table: pa.Table, key: tuple[str, ...]) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in key]).combine_chunks()
