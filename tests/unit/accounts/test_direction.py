"""Who acted later, and why: told stories of squads, of those whom they frame, and of those whose idol they sit on."""

import numpy as np
import pytest

from graphscan.accounts.direction import no_direction
from graphscan.accounts.later_acts import MAX_AFTER
from graphscan.tables import LATER_ACTS

from ...cases.worlds import DAY, HOUR
from .squads import SQUAD, Look, comment, post, squat, town

WORK = range(4, 12)


def test_a_squad_is_charged_and_nothing_explains_it(tmp_path):
    world = town()
    post(world, "shop", WORK)
    squat(world, SQUAD, "shop", WORK)
    look = Look(world, tmp_path / "d", SQUAD)
    for bot in SQUAD:
        later, unexplained, first = look.of(bot)
        assert later == unexplained == len(WORK) - first
    assert sum(look.of(bot)[2] for bot in SQUAD) == len(WORK)
    assert look.later_acts.num_rows == len(WORK) * (len(SQUAD) - 1)
    assert not any(look.later_acts["explained"].to_pylist())


def test_a_later_act_names_those_before_it_nearest_first_and_its_row(tmp_path):
    world = town()
    post(world, "shop", WORK)
    squat(world, SQUAD, "shop", WORK)
    acts = Look(world, tmp_path / "d", SQUAD).later_acts
    assert acts.schema == LATER_ACTS.schema
    first_day = [r for r in acts.to_pylist() if r["object"] == "shop 4"]
    order = [SQUAD[(k + 12) % 7] for k in range(7)]
    last = next(r for r in first_day if r["account_id"] == order[-1])
    assert last["after"] == order[-2::-1]
    assert last["row"].startswith("comments/")
    assert all(len(r["after"]) <= MAX_AFTER for r in acts.to_pylist())


def test_whoever_is_copied_seconds_later_is_charged_with_nothing(tmp_path):
    world = town(old=["victim"])
    for what in range(12):
        at = 9 * HOUR + (3 + what % 9) * DAY + 31 * what
        comment(world, "victim", what, at)
        for k, bot in enumerate(SQUAD):
            comment(world, bot, what, at + 0.1 + k * 0.05)
    look = Look(world, tmp_path / "d", ["victim", *SQUAD])
    assert look.of("victim") == (0, 0, 12)
    assert all(look.of(bot)[1] == 12 for bot in SQUAD)


@pytest.fixture
def squatted(tmp_path):
    """An idol posts daily; a fan of old comments from the first day, a squad sits on the notes from the fifth on."""
    world = town(old=["fan", "passenger"])
    post(world, "idol", range(12))
    for day in range(12):
        world.comment("fan", f"idol {day}", 10 * HOUR + day * DAY + 5)
    for day in WORK:
        world.comment("passenger", f"idol {day}", 10 * HOUR + day * DAY + 6)
    squat(world, SQUAD, "idol", WORK)
    return Look(world, tmp_path / "d", ["fan", "passenger", *SQUAD])


def test_a_fan_whose_idol_is_squatted_is_explained_by_its_own_earlier_visits(squatted):
    later, unexplained, _ = squatted.of("fan")
    assert later == len(WORK) and unexplained == 0


def test_who_came_only_with_the_squad_is_not_explained(squatted):
    assert squatted.of("passenger")[:2] == (len(WORK), len(WORK))


def test_a_follow_from_before_explains_and_one_from_after_does_not(tmp_path):
    world = town(old=["early", "late"])
    post(world, "idol", WORK)
    world.react("early", "follow", "idol", 5, "account")
    world.react("late", "follow", "idol", 11 * HOUR + 4 * DAY, "account")
    squat(world, SQUAD, "idol", WORK)
    for day in WORK:
        for who in ("early", "late"):
            world.comment(who, f"idol {day}", 10 * HOUR + day * DAY + 6)
    look = Look(world, tmp_path / "d", ["early", "late", *SQUAD])
    assert look.of("early")[1] == 0
    assert look.of("late")[1] == len(WORK)


def test_bought_accounts_that_build_an_interest_while_they_work_gain_nothing(tmp_path):
    world = town(old=SQUAD, new=())
    for number in range(5):
        days = (4 + number, 9 + number)
        post(world, f"shop{number}", days)
        squat(world, SQUAD, f"shop{number}", days)
    look = Look(world, tmp_path / "d", SQUAD)
    for bot in SQUAD:
        later, unexplained, _ = look.of(bot)
        assert unexplained == later >= 5


def test_what_the_cluster_touched_as_the_log_began_is_explained_for_old_accounts_only(tmp_path):
    """Nothing can be seen of what was before: whoever had a life before has the benefit of the doubt."""
    world = town(old=["old"])
    post(world, "idol", range(12))
    squat(world, SQUAD, "idol", range(12))
    for day in range(12):
        world.comment("old", f"idol {day}", 10 * HOUR + day * DAY + 6)
    look = Look(world, tmp_path / "d", ["old", *SQUAD])
    assert look.of("old")[:2] == (12, 0)
    assert all(look.of(bot)[1] >= 8 for bot in SQUAD)


def test_an_object_that_everybody_acts_on_is_explained_for_everyone_but_not_by_the_squads_own_crowd(tmp_path):
    world = town()
    post(world, "shop", WORK)
    for p in range(30):
        world.comment(f"p{p:02d}", "shop 4", 10 * HOUR + 4 * DAY + 40 + p * 20)
    squat(world, SQUAD, "shop", WORK)
    acts = Look(world, tmp_path / "d", SQUAD).later_acts.to_pylist()
    assert {r["object"] for r in acts if r["explained"]} == {"shop 4"}


def test_who_acts_at_the_same_instant_is_not_later_but_among_the_first(tmp_path):
    world = town()
    post(world, "shop", WORK)
    squat(world, SQUAD, "shop", WORK, apart=0.0)
    look = Look(world, tmp_path / "d", SQUAD)
    assert all(look.of(bot) == (0, 0, len(WORK)) for bot in SQUAD)


def test_a_comment_and_a_like_on_one_note_are_one_occasion(tmp_path):
    world = town()
    post(world, "shop", WORK)
    squat(world, SQUAD, "shop", WORK)
    for day in WORK:
        for k, bot in enumerate(SQUAD):
            world.react(bot, "like", f"shop {day}", 10 * HOUR + day * DAY + 3 + k * 0.1)
    look = Look(world, tmp_path / "d", SQUAD)
    assert all(look.of(bot)[0] + look.of(bot)[2] == len(WORK) for bot in SQUAD)
    code = look.accounts.ids.to_pylist().index(SQUAD[0])
    assert look.direction.share[code] == pytest.approx(look.of(SQUAD[0])[1] / (2 * len(WORK)))


def test_without_clusters_there_is_nothing_to_say():
    nothing = no_direction(3)
    assert nothing.later.tolist() == [0, 0, 0] and np.isnan(nothing.share).all()
