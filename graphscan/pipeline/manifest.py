"""The manifest of a run, ``run.json``: versions, settings, what was taken and set aside, counts, steps, hashes.

In: what the stages found. Out: :func:`facts_of`, which depends on neither time nor place, and the file.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from graphscan.accounts.profiles import HISTORIES, histories
from graphscan.behaviours.accounts import Accounts, codes_of, places_of
from graphscan.behaviours.actions import Codes
from graphscan.behaviours.layer import Layer
from graphscan.decisions.policy import Policy
from graphscan.groups.clusters import Grouping
from graphscan.intake import Dataset, check_dataset
from graphscan.intake.columns import slices
from graphscan.pipeline.stages import Decided
from graphscan.publishing import sha256_of
from graphscan.settings import Settings
from graphscan.tables import MEASURE_NAMES

MANIFEST = "run.json"
POLICY = "policy.toml"
_LIBRARIES = ("igraph", "leidenalg", "matplotlib", "networkx", "numba", "numpy", "pandas", "pyarrow", "scipy")


def facts_of(
    dataset: Dataset,
    accounts: Accounts,
    layers: Sequence[Layer],
    grouping: Grouping,
    decided: Decided,
    policy: Policy,
    settings: Settings,
) -> dict[str, Any]:
    """Everything the manifest says that does not depend on how long the run took or where it ran."""
    history = np.bincount(histories(accounts), minlength=len(HISTORIES)).tolist()
    clusters = grouping.clusters
    return _as_read_back(
        {
            "graphscan_version": version("graphscan"),
            "libraries": {name: version(name) for name in _LIBRARIES},
            "settings": _plain(settings),
            "seed": settings.seed,
            "policy": _told_policy(policy),
            "proposals": {m: decided.decisions["measure"].to_pylist().count(m) for m in MEASURE_NAMES[1:]},
            "quality": dataset.quality.as_json(),
            "capabilities": check_dataset(
                dataset, partial(_accounts_in, dataset, accounts), partial(places_of, dataset)
            ).lines(),
            "span": {"first_at": _iso(accounts.first_ms), "last_at": _iso(accounts.last_ms)},
            "history": {
                "source": "registered_at" if accounts.registration_known else "none",
                "ends_at": _iso(accounts.history_ends_ms),
                **{f"accounts_{kind}": count for kind, count in zip(HISTORIES, history, strict=True)},
            },
            "behaviours": [_layer_facts(layer) for layer in layers],
            "counts": {
                "accounts": len(accounts),
                "clusters": len(clusters),
                "clustered_accounts": int(sum(len(c.community.accounts) for c in clusters)),
                "communities_of_shared_taste": len(grouping.shared_taste),
                "communities_of_few_occasions": len(grouping.flashes),
                "accounts_of_few_occasions": int(sum(len(c.community.accounts) for c in grouping.flashes)),
                "accounts_of_shared_taste": int(sum(len(c.community.accounts) for c in grouping.shared_taste)),
            },
        }
    )


def _told_policy(policy: Policy) -> dict[str, str]:
    named = {"name": policy.name, "sha256": policy.sha256, "mode": policy.default_mode}
    return {**named, "file": POLICY, "canonical": policy.canonical}


def _as_read_back(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as the manifest gives them back, so that a report made again from the run is the same report."""
    read: dict[str, Any] = json.loads(json.dumps(facts, sort_keys=True))
    return read


def _layer_facts(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.behaviour.name,
        "sentence": layer.behaviour.sentence,
        "windows_s": (layer.windows_ms // 1000).tolist(),
        "actions": len(layer.actions),
        "accounts": _distinct(layer.actions.account),
        "objects": _distinct(layer.actions.object),
        "interest_blocks": [level.n_blocks - 1 for level in layer.opportunity.levels],
        "pairs_tested": layer.surprise.pairs_tested,
        "pairs_met": layer.pairs_met,
        "pairs_validated": len(layer.pairs),
    }


def _accounts_in(dataset: Dataset, accounts: Accounts, tables: Sequence[str]) -> int:
    """How many accounts some tables name."""
    told = [name for name in tables if "account_id" in dataset.tables[name].column_names]
    return _distinct(*(codes_of(dataset, accounts, name) for name in told))


def _distinct(*columns: Codes) -> int:
    """How many codes the columns have together, looked at in pieces: a day's are not held twice."""
    seen = np.zeros(max((int(codes.max(initial=-1)) + 1 for codes in columns), default=0), np.bool_)
    for codes in columns:
        for piece in slices(len(codes)):
            seen[codes[piece]] = True
    return int(seen.sum())


def _plain(settings: Settings) -> dict[str, Any]:
    """Settings that can change a result; threads, memory and engine cannot."""
    values = {k: list(v) if isinstance(v, tuple) else v for k, v in dataclasses.asdict(settings).items()}
    return {k: v for k, v in values.items() if k not in ("threads", "memory", "engine")}


def _iso(ms: int) -> str:
    return str(np.datetime64(ms, "ms")) + "Z"


def write_manifest(work: Path, facts: Mapping[str, Any]) -> None:
    """Write the facts, and the hash of every file that lies in ``work`` by now."""
    files = sorted(p for p in work.rglob("*") if p.is_file())
    outputs = {p.relative_to(work).as_posix(): sha256_of(p) for p in files}
    text = json.dumps({**facts, "outputs": outputs}, ensure_ascii=False, indent=1, sort_keys=True)
    (work / MANIFEST).write_text(text + "\n", encoding="utf-8")
