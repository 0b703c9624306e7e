"""One method in a process of its own: ``child.py NAME INPUT OUT.npz`` → pairs, or members of clusters.

NAME is a rival of the register (INPUT: a log, .npz) or ``graphscan`` (INPUT: a dataset folder).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np


def graphscan(dataset_path: Path) -> dict[str, np.ndarray]:
    """Account ids and their cluster, as the main job finds them with no setting changed."""
    from graphscan.behaviours.accounts import identified, list_accounts
    from graphscan.behaviours.wordings import find_wordings
    from graphscan.groups.clusters import group
    from graphscan.intake import read_dataset
    from graphscan.pipeline import find_layers
    from graphscan.progress import Silent
    from graphscan.settings import make_settings
    from graphscan.steps import Steps

    dataset, settings = read_dataset(dataset_path), make_settings(threads=1)
    accounts = list_accounts(dataset)
    find_wordings(dataset, accounts)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    clusters = group(layers, accounts, identified(dataset, accounts), settings).clusters
    ids = np.array(accounts.ids.to_pylist(), str)
    return told([ids[c.community.accounts] for c in clusters])


def told(clusters: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Clusters as two arrays: a member, and the number of its cluster."""
    empty = [np.empty(0, np.int64)]
    numbers = [np.full(len(c), n, np.int64) for n, c in enumerate(clusters)]
    return {"member": np.concatenate(clusters or empty), "cluster": np.concatenate(numbers or empty)}


def rival(name: str, log_path: Path) -> dict[str, np.ndarray]:
    """What a re-made rule finds in a log."""
    from rivals.register import RIVALS

    rule = next(r.rule for r in RIVALS if r.name == name)
    log = np.load(log_path)
    found = rule(log["account"], log["object"], log["at_ms"])
    return told(found) if isinstance(found, list) else {"pairs": found}


if __name__ == "__main__":
    method, source, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    np.savez(out, **(graphscan(source) if method == "graphscan" else rival(method, source)))
