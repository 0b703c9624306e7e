"""Template evidence: who wrote from a mould after others is charged, and nobody who does so honestly."""

import numpy as np
import pytest

from graphscan.accounts.conduct import conduct
from graphscan.accounts.evidence import account_evidence
from graphscan.accounts.probability import OWN_FLOOR
from graphscan.accounts.templates import template_use
from graphscan.accounts.weights import weigh
from graphscan.behaviours.accounts import list_accounts
from graphscan.behaviours.wordings import find_wordings

from .told import DAY, HOUR, MINUTE, START, dataset, machine, notes

THINGS = ["面霜", "台灯", "耳机", "冻干", "风衣", "绘本", "跳绳", "蛋挞", "相机", "抓板"]
FEELS = ["值了", "惊喜", "后悔没早买", "挺上头", "很治愈", "踏实", "不踩雷"]
OLD, NEW = START - 900 * DAY, START - 2 * DAY
FARM = [f"f{k}" for k in range(6)]
SOLD = "被同事安利的{a}用下来{b}，南枝小铺链接见置顶"


def own_words(who, k):
    """Fourteen characters that nobody else writes in this order."""
    dice = np.random.default_rng([*map(ord, who), k])
    return "".join(chr(0x4E00 + int(c)) for c in dice.integers(0, 3000, 14))


def sold(who, k, mould=SOLD):
    n = sum(map(ord, who)) + 3 * k
    return mould.format(a=THINGS[n % 10], b=FEELS[n % 7])


def comments(who, texts, at, under=None):
    return [
        {
            "comment_id": f"{who}-{int(at)}-{k}",
            "account_id": who,
            "note_id": under or f"note {who} {at} {k}",
            "created_at": int(at + k * 5 * HOUR),
            "text": text,
        }
        for k, text in enumerate(texts)
    ]


def world(extra=(), new=(), old=(), **tables):
    """Forty established accounts in their own words, a farm of six newcomers, and what the story adds."""
    rows = [
        r for p in range(40) for r in comments(f"p{p}", [own_words(f"p{p}", k) for k in range(5)], START + p * HOUR)
    ]
    for k, member in enumerate(FARM):
        texts = [sold(member, n) for n in range(8)] + [own_words(member, n) for n in range(4)]
        rows += comments(member, texts, START + DAY + k * 20 * MINUTE)
    rows += extra
    known = [*((f"p{p}", OLD) for p in range(40)), *((m, NEW) for m in (*FARM, *new)), *((m, OLD) for m in old)]
    people = [{"account_id": a, "registered_at": at} for a, at in known]
    tables["accounts"] = [*tables.get("accounts", []), *people]
    return dataset(comments=rows, **tables)


def look(data):
    accounts = list_accounts(data)
    found = conduct(data, accounts, templates=template_use(data, accounts))
    return found, accounts.ids.to_pylist().index


def weights(found, at, *who):
    return [float(weigh(found)["template"][at(a)]) for a in who]


@pytest.fixture(scope="module")
def told():
    data = world()
    return (data, *look(data))


def test_the_later_users_of_a_mould_pay_and_the_first_two_do_not(told):
    _, found, at = told
    early, late = weights(found, at, *FARM[:2]), weights(found, at, *FARM[2:])
    assert early == [0.0, 0.0]
    assert min(late) > 0.9
    assert found.template_share[[at(m) for m in FARM]].tolist() == [0, 0, *[pytest.approx(8 / 12)] * 4]
    assert found.template_texts[at("f5")] == 8


def test_copying_alone_stays_below_the_floor_of_own_evidence(told):
    _, found, at = told
    assert max(weights(found, at, *FARM)) < OWN_FLOOR


def test_the_evidence_says_how_many_texts_after_how_many_others_and_not_what_was_written(told):
    data, found, at = told
    (clue,) = [e for e in account_evidence(found, data, np.array([at("f4")])) if e.clue == "template"]
    assert (clue.family, clue.writer, clue.value) == ("A3", "self", pytest.approx(8 / 12))
    assert clue.sentence.startswith("8 of its 12 public texts follow one mould that up to 4 other accounts had used")
    assert len(clue.rows) == 8 and all(r.startswith("comments/f4-") for r in clue.rows)
    assert "链接" not in clue.sentence


def test_a_victim_whose_words_a_farm_copies_pays_nothing_however_often_they_say_it_again():
    first = comments("v", [sold("v", 0)], START + 2 * HOUR)
    again = comments("v", [sold("v", k) for k in range(1, 9)], START + 5 * DAY)
    found, at = look(world([*first, *again], new=["v"]))
    assert weights(found, at, "v") == [0.0]
    assert found.template_texts[at("v")] == 0
    assert min(weights(found, at, *FARM[2:])) > 0.9


def test_a_person_who_used_a_farms_words_once_or_twice_weighs_nothing():
    texts = [sold("v", 0), sold("v", 1), *(own_words("v", k) for k in range(12))]
    found, at = look(world(comments("v", texts, START + 4 * DAY), new=["v"]))
    assert weights(found, at, "v") == [0.0]
    assert found.template_texts[at("v")] == 2


def test_a_newcomer_who_writes_a_squads_slogan_below_one_idol_only_is_explained_by_the_place_and_elsewhere_is_not():
    """A squad that writes a fandom's slogan under strangers' notes too makes a mould of it, and of no fan an accomplice."""
    fan = comments("fan", [sold("fan", k) for k in range(8)], START + 4 * DAY, under="the idol's note")
    roamer = comments("roamer", [sold("roamer", k) for k in range(8)], START + 4 * DAY)
    found, at = look(world([*fan, *roamer], new=["fan", "roamer"]))
    assert weights(found, at, "fan") == [0.0]
    assert weights(found, at, "roamer")[0] > 0.9
    assert found.template_texts[at("fan")] == 1


HONEST = {
    "fans with a slogan under their star's notes": "永远相信{a}，永远支持{b}，星河为你亮起",
    "neighbours who sign up below the leader's note": "接龙{a}栋{b}单元，要两份，谢谢团长辛苦啦",
}


@pytest.mark.parametrize("mould", HONEST.values(), ids=HONEST)
def test_newcomers_in_one_place_are_explained_by_the_place(mould):
    crowd = [f"n{k}" for k in range(12)]
    notes_ = notes("star", START + np.arange(6) * DAY, text=None)
    rows = [
        {"comment_id": f"{m}-{d}", "account_id": m, "note_id": f"star-n{d}",
         "created_at": int(START + d * DAY + (k + 1) * MINUTE), "text": sold(m, d, mould)}
        for k, m in enumerate(crowd) for d in range(6)
    ]  # fmt: skip
    data = world(rows, new=crowd, old=["star"], notes=notes_)
    found, at = look(data)
    wordings = find_wordings(data, found.accounts)
    local = wordings.local & (wordings.templates.accounts >= 10)
    assert local.any(), "the crowd's mould is found, and lives in one place"
    assert weights(found, at, *crowd) == [0.0] * 12


def test_a_chain_in_a_group_chat_is_explained_by_the_chat():
    crowd = [f"n{k}" for k in range(12)]
    said = [
        {"message_id": f"{m}-{d}", "account_id": m, "chat_id": "flat",
         "created_at": int(START + d * DAY + k * MINUTE), "text": sold(m, d, "接龙{a}栋{b}单元，要两份，谢谢团长辛苦啦")}
        for k, m in enumerate(crowd) for d in range(6)
    ]  # fmt: skip
    found, at = look(world(new=crowd, chat_messages=said, chats=[{"chat_id": "flat", "kind": "group"}]))
    assert weights(found, at, *crowd) == [0.0] * 12


def test_greetings_share_texts_and_memes_that_established_accounts_also_write_weigh_nothing():
    for mould in (
        "祝所有女生节日快乐，永远自由，永远{b}，做自己的光",
        "我在小红书发现了{a}，{b}，复制本条信息打开应用查看精彩内容",
        "谁懂啊家人们，{a}真的{b}，我直接一个原地起飞",
    ):
        crowd, elders = [f"n{k}" for k in range(10)], [f"o{k}" for k in range(30)]
        rows = [r for k, m in enumerate((*elders, *crowd))
                for r in comments(m, [sold(m, n, mould) for n in range(4)], START + 2 * DAY + k * MINUTE)]  # fmt: skip
        found, at = look(world(rows, new=crowd, old=elders))
        assert weights(found, at, *crowd) == [0.0] * 10


def test_a_brands_verified_accounts_share_no_secret():
    brand = [f"b{k}" for k in range(6)]
    rows = [r for k, m in enumerate(brand)
            for r in comments(m, [sold(m, n, "新品{a}上市{b}到店报暗号第二杯半价") for n in range(8)], START + k * MINUTE)]  # fmt: skip
    people = [{"account_id": m, "registered_at": NEW, "verified": True} for m in brand]
    found, at = look(world(rows, accounts=people))
    assert weights(found, at, *brand) == [0.0] * 6


def test_where_nobody_is_registered_nothing_is_known_and_that_is_said():
    data = dataset(comments=[r for m in FARM for r in comments(m, [sold(m, n) for n in range(8)], START)])
    found, at = look(data)
    assert np.isnan(weigh(found)["template"]).all() and np.isnan(found.template_share).all()
    assert "unknown_template" in {e.clue for e in account_evidence(found, data, np.array([at("f3")]))}


def test_private_words_are_never_charged():
    said = [
        {"message_id": f"{m}-{d}", "account_id": m, "chat_id": f"with {m} {d}",
         "created_at": int(START + d * DAY + k * MINUTE), "text": sold(m, d, "亲在的呢，{a}{b}，加我详聊哦")}
        for k, m in enumerate(FARM) for d in range(6)
    ]  # fmt: skip
    chats = [{"chat_id": f"with {m} {d}", "kind": "private"} for m in FARM for d in range(6)]
    data = world(chat_messages=said, chats=chats)
    wordings = find_wordings(data, list_accounts(data))
    assert {wordings.tables[k] for k in wordings.source} == {"comments"}
    assert len(wordings.row) == data.tables["comments"].num_rows


def test_notes_from_a_mould_are_managed_only_with_a_machines_clock_and_after_three_others():
    rng = np.random.default_rng(3)
    rows = []
    for k in range(8):
        steady = machine(rng, 40) + k * MINUTE
        at = steady if k % 2 else np.sort(rng.uniform(START, START + 20 * HOUR, 40)).astype(np.int64) + k * MINUTE
        rows += [{**n, "text": sold(f"m{k}", i)} for i, n in enumerate(notes(f"m{k}", at))]
    rows += [
        {**n, "text": own_words(f"p{p}", i)}
        for p in range(20)
        for i, n in enumerate(notes(f"p{p}", START + np.arange(3) * DAY))
    ]
    found, at = look(world(notes=rows, new=[f"m{k}" for k in range(8)]))
    use = found.templates
    firsts = sorted(range(8), key=lambda k: min(n["created_at"] for n in rows if n["account_id"] == f"m{k}"))
    share = {k: found.managed_share[at(f"m{k}")] for k in range(8)}
    assert all(np.isnan(share[k]) for k in firsts[:3])
    assert all(share[k] == 1.0 for k in firsts[3:] if k % 2)
    assert all(np.isnan(share[k]) for k in firsts[3:] if not k % 2)
    assert use.notes.sum() == 40 * 5
