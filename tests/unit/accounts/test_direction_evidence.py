"""What is told of acting later: what explains it first, what does not with its rows, roles in a sentence each."""

import numpy as np
import pyarrow as pa

from graphscan.accounts.direction import no_direction
from graphscan.accounts.direction_evidence import ROLE_CLUES, direction_evidence
from graphscan.accounts.roles import Roles, no_roles
from graphscan.tables import LATER_ACTS

from ...cases.worlds import DAY, HOUR
from .squads import SQUAD, Look, post, squat, town

NOTHING = LATER_ACTS.schema.empty_table()


def told(look, name):
    code = look.accounts.ids.to_pylist().index(name)
    roles = no_roles(len(look.accounts))
    return list(direction_evidence(look.accounts, look.direction, roles, look.later_acts, np.array([code])))


def test_a_fan_is_told_what_explains_it_and_a_bot_what_does_not(tmp_path):
    world = town(old=["fan"])
    post(world, "idol", range(12))
    for day in range(12):
        world.comment("fan", f"idol {day}", 10 * HOUR + day * DAY + 5)
    squat(world, SQUAD, "idol", range(4, 12))
    look = Look(world, tmp_path / "d", ["fan", *SQUAD])
    (fan,) = told(look, "fan")
    assert (fan.clue, fan.family, fan.value, fan.rows) == ("against_own_choice", "context", 8.0, ())
    (bot,) = told(look, "bot3")
    assert (bot.clue, bot.family, bot.writer) == ("later_unexplained", "B1", "self")
    assert bot.value == look.of("bot3")[1] == len(bot.rows)
    assert all(row.startswith("comments/") for row in bot.rows)


def test_every_role_has_a_clue_and_is_told_once():
    class Accounts:
        ids = pa.array(["a"])

    roles = Roles(*(np.ones(1, np.bool_) for _ in range(5)))
    found = list(direction_evidence(Accounts, no_direction(1), roles, NOTHING, np.array([0])))
    assert [e.clue for e in found] == [clue for clue, _, _ in ROLE_CLUES.values()]
    assert {e.subject for e in found} == {"account:a"}
