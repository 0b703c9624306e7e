"""A whole day of a content platform as a dataset folder, for the speed and the memory of ``graphscan run``.

Who acts when on what is :mod:`day_log`'s (the hottest note takes over 1 % of all actions, planted groups of 5–500). Of its
actions 78 % are comments, 17 % likes, 2 % messages in group chats and 3 % notes, of which only a note's first is kept. Two
thirds of the comments, every note and every message have a text, put together of phrases, some more frequent than others.
Accounts have registration times; those of the planted groups are not told apart.

    python benchmarks/day_dataset.py FOLDER --actions 70000000 [--without-texts]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from day_log import write_day

MIDNIGHT_MS = 1_773_100_800_000
ROWS = 1 << 20
KINDS = {"comments": 0.78, "interactions": 0.17, "notes": 0.03, "chat_messages": 0.02}
YEAR_MS = 365 * 86_400_000


def write_dataset(out: Path, n_actions: int, seed: int = 1, *, texts: bool = True) -> None:
    """Write the tables of a day into the folder ``out``; the same rows for the same size and seed, with their texts or without."""
    out.mkdir(parents=True)
    day = out / "_day.parquet"  # names with an underscore are no part of a dataset
    write_day(day, n_actions)
    rng = np.random.default_rng(seed)
    phrases = _phrases(rng)
    writers = {kind: _Parts(out / kind) for kind in KINDS}
    posted = np.zeros(max(n_actions // 10, 1000), np.bool_)
    done = 0
    for batch in pq.ParquetFile(day).iter_batches(ROWS):
        kind = rng.choice(len(KINDS), len(batch), p=list(KINDS.values()))
        for number, (name, write) in enumerate(writers.items()):
            rows = batch.filter(pa.array(kind == number))
            if name == "notes":
                rows = _once(rows, posted)
            made = TABLES[name](rng, rows, done, phrases)
            write(made if texts else made.drop_columns([c for c in made.column_names if c == "text"]))
        done += len(batch)
    day.unlink()
    for writer in writers.values():
        writer.close()
    _write_accounts(out, rng, max(n_actions // 7, 100))
    _write_chats(out)


def _once(rows: pa.RecordBatch, posted: np.ndarray) -> pa.RecordBatch:
    """The first row of each note that is not posted yet, which it then is."""
    notes, first = np.unique(rows["object"].to_numpy(), return_index=True)
    fresh = np.sort(first[~posted[notes]])
    posted[notes] = True
    return rows.take(pa.array(fresh))


class _Parts:
    """Writes a table's rows into one file of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, None

    def __call__(self, rows: pa.Table) -> None:
        if self._file is None:
            self._folder.mkdir()
            self._file = pq.ParquetWriter(self._folder / "day.parquet", rows.schema, compression="zstd")
        self._file.write_table(rows)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _phrases(rng: np.random.Generator) -> pa.Array:
    letters = np.array([chr(0x4E00 + i) for i in range(3000)])
    weights = 1 / (np.arange(3000) + 20)
    drawn = rng.choice(letters, (50_000, 9), p=weights / weights.sum())
    lengths = rng.integers(2, 10, 50_000)
    return pa.array(["".join(row[:n]) for row, n in zip(drawn, lengths, strict=True)])


def _texts(rng: np.random.Generator, phrases: pa.Array, n: int, parts: int) -> pa.Array:
    def some() -> pa.Array:
        return phrases.take(pa.array((len(phrases) * rng.random(n) ** 2).astype(np.int64)))

    return pc.binary_join_element_wise(*(some() for _ in range(parts)), "，")


def _ids(letter: str, codes: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(letter, pc.cast(codes, pa.string()), "")


def _times(rows: pa.RecordBatch) -> pa.Array:
    return pc.add(rows["at_ms"], MIDNIGHT_MS).cast(pa.timestamp("ms", "UTC"))


def _numbers(rows: pa.RecordBatch, done: int) -> pa.Array:
    return pa.array(np.arange(done, done + len(rows)))


def _comments(rng: np.random.Generator, rows: pa.RecordBatch, done: int, phrases: pa.Array) -> pa.Table:
    texts = _texts(rng, phrases, len(rows), 3)
    return pa.table(
        {
            "comment_id": _ids("c", _numbers(rows, done)),
            "note_id": _ids("n", rows["object"]),
            "account_id": _ids("a", rows["account"]),
            "created_at": _times(rows),
            "text": pc.if_else(pa.array(rng.random(len(rows)) < 2 / 3), texts, pa.scalar(None, pa.string())),
        }
    )


def _likes(rng: np.random.Generator, rows: pa.RecordBatch, done: int, phrases: pa.Array) -> pa.Table:
    return pa.table(
        {
            "account_id": _ids("a", rows["account"]),
            "kind": pa.array(["like"] * len(rows)),
            "target_kind": pa.array(["note"] * len(rows)),
            "target_id": _ids("n", rows["object"]),
            "created_at": _times(rows),
        }
    )


def _notes(rng: np.random.Generator, rows: pa.RecordBatch, done: int, phrases: pa.Array) -> pa.Table:
    return pa.table(
        {
            "note_id": _ids("n", rows["object"]),
            "account_id": _ids("a", rows["account"]),
            "created_at": _times(rows),
            "text": _texts(rng, phrases, len(rows), 9),
        }
    )


def _messages(rng: np.random.Generator, rows: pa.RecordBatch, done: int, phrases: pa.Array) -> pa.Table:
    return pa.table(
        {
            "message_id": _ids("g", _numbers(rows, done)),
            "chat_id": _ids("k", pc.bit_wise_and(rows["account"], 0xFFF)),
            "account_id": _ids("a", rows["account"]),
            "created_at": _times(rows),
            "text": _texts(rng, phrases, len(rows), 2),
        }
    )


TABLES = {"comments": _comments, "interactions": _likes, "notes": _notes, "chat_messages": _messages}


def _write_accounts(out: Path, rng: np.random.Generator, n: int) -> None:
    registered = MIDNIGHT_MS - (rng.random(n) ** 2 * 5 * YEAR_MS).astype(np.int64)
    table = {
        "account_id": _ids("a", pa.array(np.arange(n))),
        "registered_at": pa.array(registered).cast(pa.timestamp("ms", "UTC")),
    }
    pq.write_table(pa.table(table), out / "accounts.parquet", compression="zstd")


def _write_chats(out: Path) -> None:
    table = {"chat_id": _ids("k", pa.array(np.arange(0x1000))), "kind": pa.array(["group"] * 0x1000)}
    pq.write_table(pa.table(table), out / "chats.parquet", compression="zstd")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--actions", type=int, default=1_000_000)
    parser.add_argument("--without-texts", action="store_true")
    given = parser.parse_args()
    write_dataset(given.out, given.actions, texts=not given.without_texts)


if __name__ == "__main__":
    main()
