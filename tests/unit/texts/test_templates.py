"""Templates: the mould of a farm is found and weighs; what everybody writes is found and weighs nothing."""

import numpy as np
import pyarrow as pa

from graphscan.texts.templates import Templates, find_templates

N = 60
OLD = np.arange(N) >= 20  # accounts 0–19 are newcomers
NOUNS = ["蛋挞", "小龙虾", "桂花拉糕", "冰粉", "煲仔饭", "豆花", "牛肉面", "生煎"]
FEELINGS = ["值得", "比预期好", "不踩雷", "又爱又恨", "很治愈", "满意", "挺上头"]
EVERYDAY = [
    "今天下班路上看到一只特别胖的橘猫",
    "请问这家店周末需要提前排队预约吗",
    "第一次尝试自己在家烤面包居然成功了",
    "搬家以后终于有了一张属于自己的书桌",
    "女儿说想学游泳可是她又非常怕水呀",
    "这本小说的结尾让我一个晚上没睡着觉",
]


def found(texts: list[str | None], authors: list[int], old: np.ndarray = OLD) -> Templates:
    at_ms = np.arange(len(texts), dtype=np.int64)
    return find_templates(pa.array(texts, pa.string()), np.array(authors, np.int32), at_ms, old)


def with_strangers(texts: list[str | None], authors: list[int]) -> tuple[list[str | None], list[int]]:
    others = [f"{text}{chr(0x4E00 + 37 * k)}" for k, text in enumerate(EVERYDAY)]
    return [*texts, *others], [*authors, *range(40, 40 + len(others))]


def moulded(n: int) -> list[str | None]:
    return [f"这个{NOUNS[k % 8]}{FEELINGS[k % 7]}，{100 + 7 * k}块，点链接" for k in range(n)]


def test_a_short_mould_with_slots_is_one_template_of_its_writers() -> None:
    result = found(*with_strangers(moulded(12), [k % 6 for k in range(12)]))
    assert len(result) == 1
    assert result.template_of.tolist() == [0] * 12 + [-1] * 6
    assert result.accounts.tolist() == [6]
    assert result.weight[0] > 0.3  # twelve writers: idf is small
    assert "⟨price⟩点链接" in result.shown[0]
    assert "…" in result.shown[0]
    assert (result.first_ms[0], result.last_ms[0]) == (0, 11)


def test_a_long_text_with_a_word_changed_here_and_there_is_one_template() -> None:
    base = "周末去了一家新开的店，环境安静，老板热情，推荐大家试试他家的招牌甜品，真的会想再来"
    texts: list[str | None] = [
        base,
        base.replace("周末", "昨天"),
        base.replace("甜品", "热饮"),
        base + "！！",
    ]
    result = found(*with_strangers(texts, [0, 1, 2, 3]))
    assert result.template_of.tolist() == [0, 0, 0, 0] + [-1] * 6
    assert result.saving[0] > 0.5


def test_what_established_accounts_also_write_weighs_nothing() -> None:
    greeting: list[str | None] = ["女神节快乐，永远自由，永远热烈，做自己的光"] * 20
    result = found(*with_strangers(greeting, list(range(18, 38))))
    assert result.accounts.tolist() == [20]
    assert result.weight.tolist() == [0.0]


def test_where_no_registration_is_known_no_template_weighs() -> None:
    result = found(*with_strangers(moulded(12), [k % 6 for k in range(12)]), np.ones(N, np.bool_))
    assert (result.weight == 0).all()


def test_short_everyday_words_have_no_template_however_often_copied() -> None:
    assert len(found(["收到", "收到！", "已关注", "太可爱了"] * 5, [k % 10 for k in range(20)])) == 0


def test_one_account_repeating_itself_is_no_template() -> None:
    assert len(found(*with_strangers(moulded(12), [0] * 12))) == 0


def test_two_accounts_are_no_template_and_three_are() -> None:
    copy: list[str | None] = ["周末去了一家新开的小店环境安静老板热情"] * 6
    assert len(found(*with_strangers(copy, [0, 1] * 3))) == 0
    assert len(found(*with_strangers(copy, [0, 1, 2] * 2))) == 1


def test_two_moulds_of_one_farm_stay_two() -> None:
    other = [f"用了{k + 3}天，{NOUNS[k % 8]}{FEELINGS[k % 7]}，同款在这" for k in range(12)]
    texts, authors = with_strangers([*moulded(12), *other], [k % 6 for k in range(24)])
    result = found(texts, authors)
    assert len(result) == 2
    assert set(result.template_of[:12]) != set(result.template_of[12:24])


def test_blank_and_missing_texts_join_nothing() -> None:
    result = found([None, "", "  ", "😂😂😂", "！！！"] * 4, [k % 10 for k in range(20)])
    assert len(result) == 0
    assert (result.template_of == -1).all()


def test_no_text_at_all_gives_no_template() -> None:
    result = found([], [])
    assert len(result) == 0
    assert len(result.template_of) == 0


def test_more_interest_blocks_weigh_less() -> None:
    texts, authors = with_strangers(moulded(12), [k % 6 for k in range(12)])
    columns = (pa.array(texts), np.array(authors, np.int32), np.arange(len(texts), dtype=np.int64), OLD)
    one = find_templates(*columns, blocks=np.zeros(N, np.int32))
    many = find_templates(*columns, blocks=np.arange(N, dtype=np.int32))
    assert many.weight[0] < one.weight[0]
