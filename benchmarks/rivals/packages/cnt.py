"""Coordination Network Toolkit, the real package: LOG.npz PAIRS.npz K → pairs with at least K co-replies within 60 seconds.

Runs inside the package's own environment, which has no graphscan. Each action is a reply to its object. Peer's quirk kept: weights count
messages, so repeated messages on one object make an edge.
"""

import sqlite3
import sys
import tempfile
from pathlib import Path

import numpy as np
from coordination_network_toolkit.compute_networks import compute_co_reply_network
from coordination_network_toolkit.preprocess import preprocess_data

WINDOW_S = 60


def main(log_path, pairs_path, least):
    log = np.load(log_path)
    columns = (log["account"].tolist(), log["object"].tolist(), (log["at_ms"] / 1000).tolist())
    with tempfile.TemporaryDirectory() as folder:
        base = str(Path(folder) / "cnt.db")
        rows = (
            (f"m{k}", f"a{account}", "", None, f"o{object_}", "", at_s, [])
            for k, (account, object_, at_s) in enumerate(zip(*columns, strict=True))
        )
        preprocess_data(base, rows)
        compute_co_reply_network(base, WINDOW_S, min_edge_weight=least, n_threads=2)
        with sqlite3.connect(base) as connection:
            found = connection.execute("select user_1, user_2 from co_reply_network where user_1 <> user_2").fetchall()
    pairs = np.array([[int(a[1:]), int(b[1:])] for a, b in found], np.int64).reshape(-1, 2)
    np.savez(pairs_path, pairs=np.unique(np.sort(pairs, axis=1), axis=0))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
