"""Any part of any scenario can be put into real actions: who it is stays known, its places are real, its company is kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from graphscan.errors import SettingsError
from graphscan.simulate.scenarios import BUILDERS
from graphscan.simulate.transplants import busiest_window_s, parse_part, transplant

DAY_S = 86_400.0
COLUMNS = {"account", "object", "at_s", "channel", "population", "cluster", "has_history"}


def real_actions(days: float = 30, rows: int = 20_000) -> pd.DataFrame:
    """Two thousand people on eight hundred objects, the first hundred objects twenty times as popular."""
    rng = np.random.default_rng(3)
    pull = np.where(np.arange(800) < 100, 20.0, 1.0)
    return pd.DataFrame(
        {
            "account": [f"real{k}" for k in rng.integers(2000, size=rows)],
            "object": [f"o{k}" for k in rng.choice(800, rows, p=pull / pull.sum())],
            "at_s": 1.6e9 + rng.random(rows) * days * DAY_S,
        }
    )


def planted(*texts: str, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    actions = real_actions()
    rows = transplant(actions, [parse_part(text, f"{k}") for k, text in enumerate(texts)], seed)
    return actions, rows


def test_the_real_rows_are_left_as_they_were_and_the_planted_are_known() -> None:
    actions, rows = planted("hire-farm:12", "fans:40")
    assert set(rows.columns) == COLUMNS
    pd.testing.assert_frame_equal(rows.iloc[: len(actions)][list(actions.columns)], actions)
    added = rows.iloc[len(actions) :]
    farm = added[added["cluster"] != ""]
    assert farm["account"].nunique() == 12 and set(farm["population"]) == {"hire-farm"}
    assert not set(added["account"]) & set(actions["account"])
    assert added.loc[added["population"] == "fan", "account"].nunique() >= 40
    assert added["at_s"].between(actions["at_s"].min(), actions["at_s"].max()).all()


def test_a_farm_works_at_real_objects_and_its_members_meet_there() -> None:
    actions, rows = planted("hire-farm:12")
    work = rows[rows["cluster"] != ""]
    assert set(work["object"]) <= set(actions["object"])
    times = work.groupby("object")["at_s"].agg(["size", "min", "max"])
    met = times[times["size"] >= 6]
    assert len(met) >= 8 and (met["max"] - met["min"] < 2 * 86_400).mean() > 0.5


def test_notes_of_a_merchant_stay_new_objects_with_the_merchant_as_channel() -> None:
    actions, rows = planted("merchant-farm:15")
    own = rows[(rows["cluster"] != "") & ~rows["object"].isin(actions["object"])]
    assert own["object"].nunique() >= 10 and own["channel"].nunique() == 1


def test_answers_in_a_chat_have_the_chat_as_channel() -> None:
    _, rows = planted("group-chat:50")
    assert rows["channel"].str.startswith("chat:").sum() > 100


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    first, again, other = (planted("aged-farm:20:0.4", seed=seed)[1] for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_any_kind_of_part_can_be_planted(kind: str) -> None:
    _, rows = planted(f"{kind}:20:0.5")
    added = rows[rows["population"] != "background"]
    assert len(added) > 0
    assert kind.endswith("-farm") == bool((added["cluster"] != "").any())


def test_what_cannot_be_planted_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"part no-farm is unknown; allowed: .*hire-farm"):
        transplant(real_actions(), [parse_part("no-farm", "")], 1)
    with pytest.raises(SettingsError, match=r"spans 5\.0 days; a part needs at least 14"):
        transplant(real_actions(days=5), [parse_part("fans", "")], 1)
    with pytest.raises(SettingsError, match=r"part 'fans:many': allowed is KIND"):
        parse_part("fans:many", "")


def test_the_busiest_fourteen_days_begin_at_midnight() -> None:
    at_s = np.concatenate([1.6e9 + np.arange(100) * DAY_S, 1.6e9 + 40 * DAY_S + np.arange(1000) * 900.0])
    begin = busiest_window_s(at_s)
    assert begin % DAY_S == 0
    inside = (at_s >= begin) & (at_s < begin + 14 * DAY_S)
    assert inside.sum() >= 1000
