"""Behaviours of one's own: declared beside the run, checked before anything is read."""

import dataclasses
import json

import pytest

import graphscan as gs
from graphscan.behaviours.own import chosen, faults_of, names_and_own
from graphscan.errors import SettingsError

from ...cases.worlds import World, meet, passers_by

MINE = gs.Behaviour(
    "note_touched",
    "same note touched",
    "did anything at all to the same note",
    (gs.Source("comments", "note_id"), gs.Source("interactions", "target_id", "like", "note")),
    "as for comments and likes: the note's own burst is what chance is made of",
    channel="author of note",
)


def mine(**changed):
    return dataclasses.replace(MINE, **changed)


def test_a_good_declaration_has_no_fault():
    assert list(faults_of(MINE)) == []


def test_a_built_in_one_is_not_ones_own():
    assert names_and_own(["note_like", gs.BEHAVIOURS[0]]) == (("note_like", "note_comment"), ())
    names, own = names_and_own([*gs.BEHAVIOURS, MINE])
    assert own == (MINE,) and names[-1] == "note_touched"


def test_ones_own_are_looked_at_besides_those_named():
    assert chosen(("note_touched",), (MINE,)) == (MINE,)
    assert chosen(("note_like", "note_touched"), (MINE,)) == (gs.BEHAVIOURS[1], MINE)
    assert chosen((), ()) == gs.BEHAVIOURS
    with pytest.raises(SettingsError, match="'note_liek' is unknown"):
        chosen(("note_liek", "note_touched"), (MINE,))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "Note Touched"}, "a name is up to 40 of a-z"),
        ({"name": "note_like"}, "taken by a built-in behaviour"),
        ({"popularity": " "}, "say why a viral note does not make strangers a pair"),
        ({"sentence": ""}, "sentence is empty"),
        ({"form": "words"}, "form is 'words'; allowed: as it is, text, link, tags"),
        ({"channel": "street"}, "channel is 'street'"),
        ({"sources": ()}, "it has no source"),
        ({"windows_s": (600, 60)}, "windows_s is"),
        ({"windows_s": ()}, "windows_s is"),
        ({"windows_s": (0,)}, "windows_s is"),
        ({"sources": (gs.Source("labels", "account_id"),)}, "table 'labels' holds no actions"),
        ({"sources": (gs.Source("notes", "colour"),)}, "notes.colour gives no object; allowed: note_id, title"),
        ({"sources": (gs.Source("notes", "account_id"),)}, "notes.account_id gives no object"),
        ({"sources": (gs.Source("notes", "created_at"),)}, "notes.created_at gives no object"),
        ({"sources": (gs.Source("interactions", "target_id", "poke", "note"),)}, "kind is 'poke'; allowed: like"),
        ({"sources": (gs.Source("notes", "title", "like", "note"),)}, "are for interactions; notes has none"),
        ({"sources": (gs.Source("notes", "title"),), "form": "tags"}, "needs a list"),
        ({"sources": (gs.Source("chat_messages", "text"),)}, "it leaves private chats out"),
    ],
)
def test_what_is_wrong_is_told_with_what_is_allowed(changed, told):
    with pytest.raises(SettingsError) as refused:
        names_and_own([mine(**changed)])
    assert told in str(refused.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(SettingsError) as refused:
        names_and_own([mine(title="", popularity=""), "note_like", "note_like"])
    assert len(str(refused.value).splitlines()) == 3


def test_a_wrong_declaration_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(SettingsError, match="popularity is empty"):
        gs.run(tmp_path / "not there", behaviours=[mine(popularity="")])


def one_likes_where_the_other_comments(world, who, what, at):
    if who in ("f1", "p00", "p01", "p02", "p03"):
        world.react(who, "like", f"note {what}", at)
    else:
        world.comment(who, f"note {what}", at)


def test_a_run_finds_what_only_its_own_behaviour_ties(tmp_path):
    world = World()
    meet(world, one_likes_where_the_other_comments)
    passers_by(world, one_likes_where_the_other_comments)
    folder = world.write_to(tmp_path / "dataset")
    run = gs.run(folder, behaviours=[*gs.BEHAVIOURS, MINE], threads=1)
    assert run.pairs[["account_a", "account_b", "behaviour"]].to_numpy().tolist() == [["f1", "f2", "note_touched"]]
    assert run.manifest["own_behaviours"] == [json.loads(json.dumps(dataclasses.asdict(MINE)))]
    assert run.manifest["settings"]["behaviours"][-1] == "note_touched"
    again = gs.run(folder, threads=1)  # also: a second call in one session
    assert again.pairs.empty and "own_behaviours" not in again.manifest
