"""Noise that a reader does not see, or looks past, must not hide who writes from a mould: zero-width signs, look-alikes, emoji."""

import numpy as np
import pyarrow as pa
import pytest

from graphscan.texts.contacts import contacts_of
from graphscan.texts.lookalikes import LOOK_ALIKES
from graphscan.texts.matching import matching_form
from graphscan.texts.templates import find_templates

MOULDS = (
    "被同事安利的{a}，用下来{b}，VIP小铺链接见置顶，只要{n}块",
    "{a} is so good, honestly {b}! grab the same one at LuckyShop for {n} yuan today",
    "纠结{n}天终于入了{a}，{b}，暗号 Lucky Cat 私我拿",
    "闺蜜推荐的{a}居然{b}！！券后{n}元，口令留在评论 Shop Online",
)
THINGS = ["面霜", "台灯", "耳机", "冻干", "风衣", "绘本", "跳绳", "蛋挞"]
FEELS = ["值了", "惊喜", "后悔没早买", "挺上头", "很治愈", "踏实", "不踩雷"]
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u034f\u3164\u00ad"
EMOJI = "😂✨🌿👍🔥💕🏻☀️⭐🎉"
LATIN_TO_ALIKE: dict[str, list[str]] = {}
for point, plain in LOOK_ALIKES.items():
    if plain:
        LATIN_TO_ALIKE.setdefault(plain, []).append(chr(point))
WIDE = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}


def insert(signs: str):
    def noise(text: str, share: float, rng: np.random.Generator) -> str:
        return "".join(c + (rng.choice(list(signs)) if rng.random() < share else "") for c in text)

    return noise


def exchange(text: str, share: float, rng: np.random.Generator) -> str:
    """Letters by letters that look alike, or full-width ones."""
    alike = [[*LATIN_TO_ALIKE.get(c, []), *([WIDE[c]] if c in WIDE else [])] for c in text]
    return "".join(str(rng.choice(a)) if a and rng.random() < share else c for c, a in zip(text, alike, strict=True))


NOISES = {"zero-width": insert(INVISIBLE), "look-alikes": exchange, "emoji": insert(EMOJI)}


def recall(noise, share: float) -> float:
    """Share of the moulds' texts that are in a template, and the right one."""
    rng = np.random.default_rng(7)
    texts, authors, mould = [], [], []
    for m, form in enumerate(MOULDS):
        for k in range(40):
            said = form.format(a=THINGS[(k * 3 + m) % 8], b=FEELS[(k * 5 + m) % 7], n=3 + k)
            texts.append(noise(said, share, rng))
            authors.append(m * 8 + k % 8)
            mould.append(m)
    for p in range(300):
        texts.append("".join(chr(0x4E00 + int(c)) for c in rng.integers(0, 600, int(rng.integers(8, 40)))))
        authors.append(40 + p % 100)
    old = np.arange(140) >= 40
    found = find_templates(pa.array(texts), np.array(authors, np.int32), np.arange(len(texts)), old)
    right = 0
    for m in range(len(MOULDS)):
        codes = found.template_of[np.flatnonzero(np.array(mould) == m)]
        right += int(np.bincount(codes[codes >= 0], minlength=1).max())
    assert not (found.template_of[len(mould) :] >= 0).any()
    return right / len(mould)


@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_noise_of_up_to_three_in_ten_characters_loses_no_more_than_two_in_a_hundred(name: str, share: float) -> None:
    plain = recall(NOISES[name], 0.0)
    assert plain > 0.97
    assert recall(NOISES[name], share) >= plain - 0.02


def test_all_at_once_the_form_is_the_same() -> None:
    rng = np.random.default_rng(1)
    text = MOULDS[0].format(a="面霜", b="值了", n=99)
    for _ in range(50):
        worn = NOISES["emoji"](NOISES["zero-width"](exchange(text, 0.3, rng), 0.2, rng), 0.2, rng)
        assert matching_form(worn) == matching_form(text)


def test_a_contact_in_look_alike_letters_leads_to_the_same_place() -> None:
    assert contacts_of("加微信：Luсkу_88") == contacts_of("加微信：Lucky_88") == ("wechat:lucky_88",)


def test_every_look_alike_stands_for_one_ascii_letter_or_nothing() -> None:
    assert all(
        plain is None or (plain.isascii() and plain.isalpha() and len(plain) == 1) for plain in LOOK_ALIKES.values()
    )
