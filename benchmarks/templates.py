"""How fast and how completely templates are found: planted moulds among Chinese-like texts.

    python benchmarks/templates.py [--texts 100000] [--seed 1]

Prints one JSON object: texts per second of one core (after compilation), recall (share of the planted texts that are in
the template most of their mould is in), purity (share of texts of templates that belong to its planted mould), organic
texts in any weighing template. Planted: moulds of 5–24 newcomers with a price and a varying word in the slot (short,
20–35 characters) and near-copies of long notes (60–120 characters, up to 8 % of characters changed: some of these are
less than 0.60 alike to all others, and are missed by intent). Organic texts are random runs of 600 characters, so
recall and purity on real text are lower.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
import pyarrow as pa

from graphscan.texts import find_templates

ALPHABET = np.array([chr(0x4E00 + 31 * k) for k in range(600)])
PLANTED_SHARE = 0.2


def words(rng, length):
    weights = 1.0 / np.arange(1, len(ALPHABET) + 1) ** 0.7
    return "".join(rng.choice(ALPHABET, length, p=weights / weights.sum()))


def short_copies(rng, size):
    head, tail = words(rng, 4), words(rng, 9)
    return [f"{head}{words(rng, int(rng.integers(2, 6)))}，{rng.integers(10, 999)}块，{tail}" for _ in range(size)]


def long_copies(rng, size):
    base = np.array(list(words(rng, int(rng.integers(60, 121)))))
    copies = []
    for _ in range(size):
        changed = rng.random(len(base)) < rng.uniform(0, 0.08)
        copies.append("".join(np.where(changed, rng.choice(ALPHABET, len(base)), base)))
    return copies


def world(texts, seed):
    """Texts, their authors, their mould (-1: none), and who has a history; accounts write seven texts each."""
    rng = np.random.default_rng(seed)
    said, mould = [], []
    while len(said) < PLANTED_SHARE * texts:
        made = (short_copies, long_copies)[len(said) % 2](rng, int(rng.integers(5, 25)))
        mould += [mould[-1] + 1 if mould else 0] * len(made)
        said += made
    organic = [words(rng, int(n)) for n in rng.integers(3, 120, texts - len(said))]
    accounts = max(texts // 7, 100)
    newcomers = accounts // 5
    authors = np.concatenate([np.arange(len(said)) % newcomers, rng.integers(newcomers, accounts, len(organic))])
    mould = np.concatenate([mould, np.full(len(organic), -1)])
    return [*said, *organic], authors.astype(np.int32), mould, np.arange(accounts) >= newcomers


def measure(texts, seed):
    said, authors, mould, has_history = world(texts, seed)
    column, at_ms = pa.array(said), np.arange(len(said), dtype=np.int64)
    find_templates(column[:500], authors[:500], at_ms[:500], has_history)  # compiles
    begun = time.process_time()
    found = find_templates(column, authors, at_ms, has_history)
    seconds = time.process_time() - begun
    planted = mould >= 0
    code = found.template_of
    kept = sum(np.bincount(code[(mould == m) & (code >= 0)], minlength=1).max() for m in np.unique(mould[planted]))
    pure = sum(np.bincount(mould[code == k] + 1)[1:].max(initial=0) for k in range(len(found)))
    weighing = np.append(found.weight > 0, False)[code]
    return {
        "texts": len(said),
        "seconds_cpu": round(seconds, 2),
        "texts_per_cpu_second": round(len(said) / seconds),
        "templates": len(found),
        "recall": round(float(kept / planted.sum()), 4),
        "purity": round(float(pure / max((code >= 0).sum(), 1)), 4),
        "organic_in_weighing_templates": int((weighing & ~planted).sum()),
    }


def main():
    parser = argparse.ArgumentParser(description="speed and recall of templates")
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    print(json.dumps(measure(told.texts, told.seed)))


if __name__ == "__main__":
    main()
