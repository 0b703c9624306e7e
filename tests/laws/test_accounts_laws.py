"""Laws of each account's own behaviour: the clock's zero, the order of rows, names and strangers change nothing."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.accounts.chance_of_gaps import MIN_GAPS, regularity_p_values
from graphscan.accounts.conduct import conduct
from graphscan.accounts.probability import managed_probability
from graphscan.behaviours.accounts import list_accounts
from graphscan.intake.dataset import Dataset, Quality
from graphscan.tables import input_table

START, DAY = 1_772_323_200_000, 86_400_000
CLIENTS = (None, "app-ios/8.31.0", "openclaw/0.9.4", "scheduler/2.1")


@st.composite
def worlds(draw):
    """Notes and comments of a few accounts, dense enough for every clue to have something to say now and then."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = {"accounts": [], "notes": [], "comments": []}
    for name in draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5, unique=True)):
        n, step = draw(st.integers(0, 150)), draw(st.sampled_from([600_000, 1_800_000, 7_200_000]))
        even = draw(st.booleans())
        gaps = rng.normal(step, step / 20, n) if even else rng.exponential(step, n)
        times = START + np.cumsum(np.maximum(gaps, 1)).astype(np.int64)
        client = draw(st.sampled_from(CLIENTS))
        place = draw(st.sampled_from([None, "net"]))
        rows["accounts"].append(
            {
                "account_id": name,
                "registered_at": START - int(rng.integers(0, 400 * DAY)),
                "client": client,
                "network": place,
            }
        )
        for i, at in enumerate(times):
            row = {"account_id": name, "created_at": int(at), "client": client}
            if i % 2:
                rows["notes"].append({**row, "note_id": f"{name}{i}", "media": [f"m{i % 7}"]})
            else:
                rows["comments"].append({**row, "comment_id": f"{name}{i}", "note_id": f"{name}{i - 1}"})
    return rows


def build(rows, shift=0, rename=str, order=lambda r: r):
    tables = {}
    for name, found in rows.items():
        changed = [_changed(r, shift, rename) for r in order(found)]
        declared = input_table(name)
        columns = [
            pa.chunked_array([pa.array([r.get(c.name) for r in changed], c.arrow_type)]) for c in declared.columns
        ]
        tables[name] = pa.table(columns, schema=declared.schema)
    return Dataset(tables, Quality())


def _changed(row, shift, rename):
    moved = {k: row[k] + shift for k in ("created_at", "registered_at") if k in row}
    return {**row, **moved, "account_id": rename(row["account_id"])}


def answers(data):
    accounts = list_accounts(data)
    found = conduct(data, accounts)
    columns = {
        "regular": found.regularity.p_value,
        "quiet": found.sleep.quiet_share,
        "sleepless": found.sleep.sleepless,
        "beats": found.heartbeat.beats,
        "constant": found.replies.constant,
        "batch": found.registration.p_value,
        "share": found.managed_share,
        "probability": managed_probability(found),
    }
    return {i: {k: v[code] for k, v in columns.items()} for code, i in enumerate(accounts.ids.to_pylist())}


def same(one, other):
    assert one.keys() == other.keys()
    for account, values in one.items():
        for name, value in values.items():
            np.testing.assert_allclose(value, other[account][name], rtol=1e-9, atol=1e-12, err_msg=f"{account} {name}")


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_changes_nothing(rows, random):
    same(answers(build(rows)), answers(build(rows, order=lambda r: random.sample(r, len(r)))))


@given(worlds(), st.integers(-500, 500))
@settings(max_examples=15, deadline=None)
def test_moving_the_clock_by_whole_days_changes_nothing(rows, days):
    same(answers(build(rows)), answers(build(rows, shift=days * DAY)))


@given(worlds(), st.integers(-(10**7), 10**7))
@settings(max_examples=15, deadline=None)
def test_moving_the_clock_by_any_time_leaves_gaps_and_sleep(rows, shift):
    def kept(found):
        return {
            a: {k: v for k, v in values.items() if k in ("regular", "quiet", "share", "batch")}
            for a, values in found.items()
        }

    same(kept(answers(build(rows))), kept(answers(build(rows, shift=shift))))


@given(worlds())
@settings(max_examples=15, deadline=None)
def test_new_names_change_nothing(rows):
    renamed = answers(build(rows, rename=lambda i: f"z{'hgfedcba'.index(i)}"))
    same(answers(build(rows)), {"hgfedcba"[int(i[1:])]: v for i, v in renamed.items()})


@given(worlds())
@settings(max_examples=15, deadline=None)
def test_probabilities_are_probabilities_and_no_data_is_no_probability(rows):
    for values in answers(build(rows)).values():
        assert np.isnan(values["probability"]) or 0 <= values["probability"] <= 1
        assert np.isnan(values["share"]) or 0 <= values["share"] <= 1


@given(worlds(), st.integers(0, 200))
@settings(max_examples=15, deadline=None)
def test_a_stranger_with_an_ordinary_app_changes_no_share_of_managed_notes(rows, at):
    stranger = {"note_id": "new", "account_id": "stranger", "created_at": START + at, "client": "web/5.2"}
    before, after = (answers(build(r)) for r in (rows, {**rows, "notes": [*rows["notes"], stranger]}))
    assert after.pop("stranger")["share"] == 0
    for account, values in before.items():
        np.testing.assert_equal(values["share"], after[account]["share"])


@given(st.integers(MIN_GAPS, 5000), st.lists(st.floats(0, 3), min_size=2, max_size=20))
def test_more_even_gaps_are_less_likely(n, cov):
    ordered = np.sort(np.array(cov))
    p = regularity_p_values(np.full(len(cov), n), ordered)
    assert (np.diff(p) >= 0).all()
    assert ((p > 0) & (p <= 1)).all()
