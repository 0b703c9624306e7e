"""Reading JSON lines a block at once gives what reading them one by one gives: the same rows, the same refusals."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import example, given
from hypothesis import strategies as st

from graphscan.errors import InputError
from graphscan.intake import jsonl_rows, read_dataset

AT = "2026-03-10T10:00:00Z"
GOOD = f'{{"note_id": "good", "account_id": "a", "created_at": "{AT}"}}'

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["\ud800", "\0", "[]", '["x"]']),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(["note_id", "account_id", "created_at", "title", "text", "tags", "links", "public", "x", "é"])
objects = st.dictionaries(keys, values, max_size=6).map(
    lambda told: {"note_id": "n", "account_id": "a", "created_at": AT, **told}
)
right = st.builds(lambda told, ascii_: json.dumps(told, ensure_ascii=ascii_), objects, st.booleans())
LINES = (
    "",
    " ",
    "\r",
    "{",
    "}",
    "[1]",
    "null",
    GOOD + GOOD,
    GOOD + ",",
    " " + GOOD,
    GOOD + " ",
    GOOD[:-1],
    '"public": 1}',
)
TWICE = ('{"note_id": "n", "note_id": "m"}', '{"x": {"y": 1, "y": 2}}', GOOD + "\r", '{"x":\n1}')
ODD = (
    '{"x": NaN}',
    '{"x": [-Infinity]}',
    '{"note_id": 1e400}',
    "// no",
    '{"x": 01}',
    '{"x": ' + "[" * 600 + "]" * 600 + "}",
)
broken = st.sampled_from((*LINES, *TWICE, *ODD))
lines = st.lists(st.one_of(right, st.just(GOOD), broken), max_size=6)


def read(block: bytes):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "notes.jsonl").write_bytes(block)
        try:
            found = read_dataset(Path(folder))
        except InputError as error:
            return str(error)
        return found.quality, found.tables


@given(lines)
@example([GOOD, '{"note_id": "\\u006e", "account_id": 7, "created_at": "' + AT + '", "public": "yes"}'])
@example([GOOD, '{"note_id": "n", "account_id": "a", "created_at": "' + AT + '", "tags": ["x", null]}'])
def test_a_block_is_read_as_its_lines_are(told):
    block = "\n".join(told).encode("utf-8", "surrogatepass")
    at_once = read(block)
    with mock.patch.object(jsonl_rows, "read_block", lambda block, table: None):
        one_by_one = read(block)
    assert at_once == one_by_one
