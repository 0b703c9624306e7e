"""A slice of the quality table, measured again: graphscan is not worse than the stored docs/quality.json by two points.

The slice is one mix on one seed, graphscan and one rival; the whole table is ``benchmarks/quality.py``.
"""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import injection  # noqa: E402
import quality_tables  # noqa: E402

from graphscan.simulate.injection import inject  # noqa: E402

MIX, SEED, DROP, RIVAL = "one merchant each", 0, 0.02, "co-share, k ≥ 2"


@pytest.fixture(scope="module")
def stored():
    """The stored rows."""
    return json.loads((ROOT / "docs" / "quality.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def again():
    """Rows of the slice, measured now."""
    rows = inject(injection.read_background(), injection.MIXES[MIX], SEED)
    return {row["method"]: row for row in injection.measure(rows, (injection.OURS, RIVAL), None)}


def stored_row(stored, method):
    found = [
        r for r in stored if r["part"] == "injection" and (r["mix"], r["seed"], r["method"]) == (MIX, SEED, method)
    ]
    assert len(found) == 1, "docs/quality.json lacks the slice: run benchmarks/quality.py --write README.md"
    return found[0]


@pytest.mark.parametrize("figure", ["recall", "precision"])
def test_graphscan_has_not_lost_two_points(stored, again, figure):
    assert again[injection.OURS][figure] >= stored_row(stored, injection.OURS)[figure] - DROP


def test_a_rivals_figures_are_what_was_stored(stored, again):
    for figure in ("recall", "precision", "jaccard", "flagged"):
        assert again[RIVAL][figure] == stored_row(stored, RIVAL)[figure]


def test_the_page_and_the_readmes_table_are_made_of_the_stored_rows(stored):
    assert (ROOT / "docs" / "quality.md").read_text(encoding="utf-8") == quality_tables.page(stored)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    between = readme.split(quality_tables.BEGIN)[1].split(quality_tables.END)[0]
    assert between.strip() == quality_tables.front_table(stored).strip()


def test_no_honest_account_of_the_stored_table_was_flagged_by_graphscan_with_registrations(stored):
    rows = [r for r in stored if r["part"] == "injection" and r["method"] == injection.OURS]
    assert rows and all(
        r["flagged"][slice_][0] == 0 for r in rows for slice_ in quality_tables.HONEST if slice_ in r["flagged"]
    )
