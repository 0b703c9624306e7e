"""What the screen leaves out, and that nothing is lost: the same day with it and without, side by side.

    python benchmarks/screen.py [--actions 1000000] [--behaviour note_comment]

The day is :mod:`day_dataset`'s, without words. Prints for each way the pairs weighed, the pairs found and the CPU seconds of the
behaviour, and whether the pairs found, their p-values and q-values are the same. Without the screen ten million actions did not end.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from day_dataset import write_dataset

from graphscan.behaviours import meetings
from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.layer import Layer, scan
from graphscan.behaviours.library import behaviour
from graphscan.intake import Dataset, read_dataset
from graphscan.pipeline import day_cut
from graphscan.settings import make_settings

WAYS = {"without the screen": 1 << 62, "with the screen": -1}
"""Pairs of a log up to which all are weighed."""


def looked_at(dataset: Dataset, name: str, most: int) -> tuple[Layer, float]:
    """The layer of a behaviour and its CPU seconds."""
    meetings.SCREENED_PAIRS = most
    began = time.process_time()
    found = scan(dataset, list_accounts(dataset), behaviour(name), make_settings(), day_cut(dataset))
    if found is None:
        raise SystemExit(f"the day cannot show {name}")
    return found, time.process_time() - began


def same(one: Layer, other: Layer) -> bool:
    """Whether two layers found the same pairs, as surprising."""
    pairs = (np.array_equal(getattr(one.pairs, n), getattr(other.pairs, n)) for n in one.pairs.__dataclass_fields__)
    told = (np.array_equal(getattr(one.surprise, n), getattr(other.surprise, n)) for n in ("p_value", "q_value"))
    return all((*pairs, *told))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actions", type=int, default=1_000_000)
    parser.add_argument("--behaviour", default="note_comment")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_dataset(Path(folder) / "day", given.actions, texts=False)
        dataset = read_dataset(Path(folder) / "day")
    looked_at(dataset, "chat_answered", -1)  # compiles the loops
    layers = {}
    for way, most in WAYS.items():
        layers[way], seconds = looked_at(dataset, given.behaviour, most)
        found = layers[way]
        print(
            f"{way:20} {found.pairs_weighed:12,} weighed {len(found.pairs):8,} found {seconds:8.1f} CPU s", flush=True
        )
    print("the same pairs, p and q" if same(*layers.values()) else "DIFFERENT")


if __name__ == "__main__":
    main()
