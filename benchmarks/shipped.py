"""What the two real samples of this repository hold each method to: no labels, but known outputs of others.

In: ``data/samples/real_shares`` and ``real_elections``. Out: rows of ``what, expected, found``. Expected are the outputs of the
original CooRTweet 2.1.3 in R, and the pairs on which three independent tools agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from rivals.coortweet import Coordinated, coordinated
from rivals.rules import co_share

SAMPLES = Path(__file__).parents[1] / "data" / "samples"

SHARES: dict[tuple[int, int], tuple[int, int, int, int, int]] = {
    (1, 2): (8, 12, 8, 8, 0),
    (1, 5): (0, 0, 0, 0, 0),
    (10, 2): (447, 525, 170, 442, 4),
    (10, 5): (22, 23, 21, 20, 1),
    (60, 2): (3791, 2110, 502, 3721, 60),
    (60, 5): (1235, 772, 343, 1193, 36),
}
"""Window (s), least participation → rows, accounts, objects, edges, edges above the median weight: the original's outputs."""

SHIFTED = {(10, 2): (446, 523, 170, 441, 4)}
"""Where the sample differs: it has no ids of posts, so every row is a post. With the ids of the package's own data the re-made rule
gives the original's numbers here too; 40 of its 35,125 rows repeat an id."""

ELECTIONS: dict[tuple[str, str], tuple[int, int, int, int]] = {
    ("links", "fb"): (6288, 503, 1645, 754),
    ("links", "tw"): (460, 101, 115, 38),
    ("links", ""): (6760, 616, 1772, 792),
    ("tags", "fb"): (3673, 168, 290, 132),
    ("tags", "tw"): (617, 264, 529, 43),
    ("tags", ""): (4295, 433, 820, 252),
    ("media", "fb"): (2425, 267, 440, 159),
    ("media", "tw"): (33, 20, 15, 5),
    ("media", ""): (2458, 287, 455, 164),
}
"""Column, platform → rows, accounts, edges, edges above the median weight of the original at 60 s and two participations. The
domains, fourth in its outputs, are left out of the sample."""


def codes(values: pd.Series) -> np.ndarray:
    return np.unique(values.to_numpy().astype(str), return_inverse=True)[1]


def milliseconds(values: pd.Series) -> np.ndarray:
    return values.astype("datetime64[ms, UTC]").astype("int64").to_numpy()


def shares_network(window_s: int, least: int) -> Coordinated:
    """The re-made rule on ``real_shares``."""
    rows = pq.read_table(SAMPLES / "real_shares" / "interactions.parquet").to_pandas()
    at_ms = milliseconds(rows["created_at"])
    return coordinated(codes(rows["account_id"]), codes(rows["target_id"]), at_ms, None, window_s * 1000, least)


def elections_network(column: str, platform: str) -> Coordinated:
    """The re-made rule on one column of ``real_elections``; a post with two tags is one post twice."""
    notes = pq.read_table(SAMPLES / "real_elections" / "notes.parquet").to_pandas()
    notes = notes[notes["account_id"].str.startswith(platform)]
    rows = notes[["note_id", "account_id", "created_at", column]].explode(column).dropna()
    parts = (codes(rows["account_id"]), codes(rows[column]), milliseconds(rows["created_at"]), codes(rows["note_id"]))
    return coordinated(*parts)


def coortweet_rows() -> Iterator[dict[str, Any]]:
    """The re-made CooRTweet beside the original's recorded outputs."""
    for (window_s, least), expected in SHARES.items():
        net = shares_network(window_s, least)
        found = (net.rows, net.accounts, net.objects, len(net.edges), len(net.heavy()))
        yield {
            "what": f"shares, {window_s} s, {least} participations",
            "expected": list(expected),
            "found": list(found),
        }
    for (column, platform), wanted in ELECTIONS.items():
        net = elections_network(column, platform)
        found_here = [net.rows, net.accounts, len(net.edges), len(net.heavy())]
        yield {"what": f"elections, {column}, {platform or 'both'}", "expected": list(wanted), "found": found_here}


def pairs_rows() -> Iterator[dict[str, Any]]:
    """Graphscan's meetings beside the pairs on which CooRTweet, CNT and a plain join agree."""
    rows = pq.read_table(SAMPLES / "real_shares" / "interactions.parquet").to_pandas()
    account, object_ = codes(rows["account_id"]).astype(np.int32), codes(rows["target_id"]).astype(np.int32)
    pairs = co_share(account, object_, milliseconds(rows["created_at"]), 2)
    yield {"what": "shares, pairs with two objects within 60 s", "expected": [32], "found": [len(pairs)]}


MEASURES: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {"coortweet": coortweet_rows, "pairs": pairs_rows}
