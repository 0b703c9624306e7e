"""Kept rows: what a run keeps of the input, so that it can be read without it."""

import numpy as np
import pyarrow as pa
import pytest

from graphscan.behaviours.references import copy_rows
from graphscan.intake.dataset import Dataset, Quality
from graphscan.tables import NOTES


def notes(**columns):
    n = len(next(iter(columns.values())))
    given = {"note_id": [f"n{k}" for k in range(n)], "account_id": ["a"] * n, "created_at": [0] * n, **columns}
    arrays = [pa.array(given.get(f.name, [None] * n), f.type) for f in NOTES.schema]
    return Dataset({"notes": pa.table(arrays, schema=NOTES.schema)}, Quality())


@pytest.mark.parametrize(
    ("title", "text", "kept"),
    [("t", "x", "t\nx"), ("t", None, "t"), (None, "x", "x"), (None, None, "")],
)
def test_a_note_keeps_title_and_words_whichever_there_are(title, text, kept):
    for n in (1, 3):  # in all notes alike: a column may be null throughout
        rows = copy_rows(notes(title=[title] * n, text=[text] * n), "notes", np.arange(n))
        assert rows["text"].to_pylist() == [kept] * n
