"""Moulds on the page: words escaped, only graphscan's own slots drawn, counts of members and of established accounts."""

import pyarrow as pa
import pytest

from graphscan.reports.explain import explain
from graphscan.reports.frames import Frames
from graphscan.reports.moulds import MOST_MOULDS, moulds_of, pieces_of
from graphscan.reports.page import page
from graphscan.tables import TEMPLATE_USES, TEMPLATES

from . import story

EVIL = "买<script>alert(1)</script>{{ 7*7 }}\u202e…值得⟨price⟩"


def template(name, mould, **values):
    usual = {"texts": 40, "accounts": 9, "established": 2, "weight": 0.5, "local": False}
    return {"template_id": name, "mould": mould, "first_at": story.at(), "last_at": story.at(3), **usual, **values}


def use(account, name, texts, before):
    return {"account_id": account, "template_id": name, "texts": texts, "first_at": story.at(), "before": before}


@pytest.fixture(scope="module")
def told():
    """The story's run, whose first cluster's members write from two moulds, one of them local: (frames, cluster, members)."""
    tables = story.run_tables()
    cluster = tables["clusters"]["cluster_id"].to_pylist()[0]
    rows = tables["members"].to_pylist()
    members = sorted(m["account_id"] for m in rows if m["cluster_id"] == cluster)
    uses = [use(a, "tevil", 4, k) for k, a in enumerate(members)]
    uses += [use(members[0], "tplace", 3, 0), use(members[1], "tplace", 3, 1), use(members[0], "tone", 9, 5)]
    moulds = [
        template("tevil", EVIL),
        template("tplace", "接龙⟨number⟩号楼", local=True),
        template("tone", "只有一个人写的模子"),
    ]
    tables["templates"] = pa.Table.from_pylist(moulds, schema=TEMPLATES.schema)
    tables["template_uses"] = pa.Table.from_pylist(uses, schema=TEMPLATE_USES.schema)
    return Frames(tables, story.MANIFEST), cluster, members


def test_a_mould_is_cut_into_letters_and_slots():
    assert [(p.text, p.slot) for p in pieces_of("…这个⟨price⟩")] == [("", "varies"), ("这个", ""), ("", "price")]
    assert [p.text for p in pieces_of("没有空")] == ["没有空"]


def test_the_most_used_come_first_and_a_single_members_own_is_left_out(told):
    frames, _, members = told
    shown, left_out = moulds_of(frames, members, 2)
    assert [m.template for m in shown] == ["tevil", "tplace"]
    assert left_out == 0
    assert (shown[0].members, shown[0].member_texts) == (str(len(members)), str(4 * len(members)))
    assert shown[0].later == str(4 * (len(members) - 2))
    assert (shown[0].accounts, shown[0].established) == ("9", "2")


def test_words_are_escaped_and_slots_marked(told):
    frames, _, _ = told
    html = page(frames, {})
    assert "<script>alert" not in html and "49" not in html.split("买")[1][:80]
    assert "⟨U+202E⟩" in html.split("买&lt;script")[1][:120]
    assert '值得<span class="slot">price</span>' in html
    assert '<span class="slot varies">…</span>' in html
    assert "so it is nobody" in html


def test_explain_tells_them_of_a_cluster_and_of_an_account(told):
    frames, cluster, members = told
    group = str(explain(frames, f"cluster:{cluster}"))
    assert "Template tevil: “买<script>" in group and "\u202e" not in group
    assert "Template tplace" in group and "Template tone" not in group
    assert "Nearly all of it stands in one place" in group
    alone = str(explain(frames, f"account:{members[0]}"))
    assert "Template tone" in alone


def test_there_is_an_end_to_the_list(told):
    _, _, members = told
    n = MOST_MOULDS + 3
    tables = story.run_tables()
    moulds = [template(f"t{k:02d}", f"第{k}个模子") for k in range(n)]
    uses = [use(a, f"t{k:02d}", 2, 0) for k in range(n) for a in members[:2]]
    tables["templates"] = pa.Table.from_pylist(moulds, schema=TEMPLATES.schema)
    tables["template_uses"] = pa.Table.from_pylist(uses, schema=TEMPLATE_USES.schema)
    shown, left_out = moulds_of(Frames(tables, story.MANIFEST), members, 2)
    assert (len(shown), left_out) == (MOST_MOULDS, 3)
