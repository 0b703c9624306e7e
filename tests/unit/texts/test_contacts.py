"""Contact tokens: one place has one token, however it is spelt; ordinary words and numbers are none."""

import pyarrow as pa
import pytest

from graphscan.texts.contacts import contacts_of, mask_contact
from graphscan.texts.giving import find_contacts


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("加微信：Lucky_88 领券", ["wechat:lucky_88"]),
        ("VX lucky_88", ["wechat:lucky_88"]),
        ("ｗｘ：ｌｕｃｋｙ＿８８", ["wechat:lucky_88"]),
        ("薇\u200b lucky_88哦", ["wechat:lucky_88"]),
        ("wxid_a1b2c3d4e5", ["wechat:wxid_a1b2c3d4e5"]),
        ("扣扣群 123456789", ["qq:123456789"]),
        ("电话 +86 138-1234-5678", ["phone:13812345678"]),
        ("打开 http://xhslink.com/a/Ab3 看", ["short:xhslink.com/a/Ab3"]),
        ("https://item.taobao.com/item.htm?spm=1&id=634", ["product:taobao/634"]),
        ("https://detail.tmall.com/item.htm?id=634", ["product:taobao/634"]),
        ("https://item.jd.com/100012.html", ["product:jd/100012"]),
        ("https://mall.example/item/bb30a05a8f", ["product:mall.example/bb30a05a8f"]),
        ("https://shop123.taobao.com/", ["shop:taobao/123"]),
        ("复制￥AbC12345xyZ￥打开", ["taobao-code:AbC12345xyZ"]),
    ],
)
def test_each_spelling_leads_to_one_token(text: str, tokens: list[str]) -> None:
    assert list(contacts_of(text)) == tokens


@pytest.mark.parametrize(
    "text",
    [
        "",
        "微信支付很方便",
        "微博 weibo 热搜",
        "订单 20260310123456789",
        "价格 13800",
        "https://news.example/2026/03/story",
        "http://[x",
        "vx是什么意思",
        "https://xhslink.com/",
        "身高 165 体重 50",
    ],
)
def test_ordinary_words_numbers_and_news_are_no_contact(text: str) -> None:
    assert contacts_of(text) == ()


def test_the_case_of_a_short_link_matters_and_is_kept() -> None:
    assert contacts_of("t.cn/A6x") != contacts_of("t.cn/a6x")


def test_tokens_come_with_the_row_of_their_text_and_once_each() -> None:
    found = find_contacts(pa.array(["vx: lucky_88，微信 lucky_88，手机13812345678", None, "好看", "wx lucky_88"]))
    assert found.row.tolist() == [0, 0, 3]
    assert found.token.to_pylist() == ["phone:13812345678", "wechat:lucky_88", "wechat:lucky_88"]


def test_a_person_is_shown_masked_and_a_product_in_full() -> None:
    assert mask_contact("wechat:lucky_88") == "wechat:lu…88"
    assert mask_contact("product:taobao/634") == "product:taobao/634"
