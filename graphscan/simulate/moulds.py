"""Moulds: the one template that a farm's tool fills again and again, drawn for each farm from a grammar.

In: a farm's dice. Out: a template such as ``"{when}入手，暖禾小铺见置顶{mood}"``. There are a million, so
that two farms of one world do not write from one mould by accident; real farms buy their texts from different writers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

FRAMES: tuple[tuple[str, ...], ...] = (
    ("start", "offer"),
    ("body", "offer"),
    ("proof", "offer"),
    ("price", "offer"),
    ("noun", "price", "offer"),
    ("start", "noun", "offer"),
)
"""Two or three clauses: as long as what ordinary people write below a note, so that length alone tells no farm."""

CLAUSES: Mapping[str, tuple[str, ...]] = {
    "start": (
        "{when}入手",
        "{when}被{who}安利的",
        "犹豫{n}天下单",
        "{who}{when}带回来的",
        "第{n}次回购了",
        "{when}{verb}完才知道",
        "本来只想看看",
        "替{who}来交作业",
    ),
    "body": (
        "{noun}{trait}",
        "这个{noun}{feeling}",
        "{noun}用下来{trait}",
        "{degree}{trait}的{noun}",
        "没想到{trait}",
        "{noun}真心{trait}",
        "这款{noun}让我{feeling}",
        "{verb}{noun}的都懂",
    ),
    "noun": ("{noun}", "这{noun}", "{trait}", "{noun}{trait}"),
    "proof": (
        "亲测{n}天",
        "{who}也说好",
        "对比了{n}家",
        "{place}试过",
        "已经空瓶{n}个",
        "实拍没修图",
        "踩过{n}次坑",
        "评论区都在问",
    ),
    "price": ("{n}块", "到手{n}元", "券后{n}块拿下", "{n}元还包邮", "{n}块的快乐", "只要{n}元", "今天{n}块封顶", "活动价{n}元"),
}  # fmt: skip

SHOP_HEADS, SHOP_TAILS, WHERE = (
    tuple(words.split())
    for words in (
        "暖禾 南枝 阿茉 鹿屿 青柚 白榆 栖木 晚舟 半夏 星槐 云梨 朝露 拾光 听雨 木槿 杏仁 归鸟 野渡 松果 知秋 "
        "芦川 小满 蓝鲸 折纸 灯塔 麦浪 溪石 雾岛 桐荫 橙子 石榴 火柴 琥珀 鹿角 空山 花信 砚台 柠月 海错 银杏",
        "小铺 家的 优选 杂货 工坊 良品 好物 集市",
        "见置顶 放这了 在主页 评论自取 戳头像 贴下面 私我拿 看回复 留好了 点这个 有链接 口令在",
    )
)
"""A shop's name in two parts, and where it is to be had."""


def draw_mould(rng: np.random.Generator) -> str:
    """Return the mould of one farm: a few clauses with slots, and at the end what is sold where."""
    frame = FRAMES[int(rng.integers(0, len(FRAMES)))]
    clauses = [_offer(rng) if name == "offer" else _one(rng, CLAUSES[name]) for name in frame]
    return "，".join(clauses) + "{mood}"


def _offer(rng: np.random.Generator) -> str:
    return "".join(_one(rng, words) for words in (SHOP_HEADS, SHOP_TAILS, WHERE))


def _one(rng: np.random.Generator, words: Sequence[str]) -> str:
    return words[int(rng.integers(0, len(words)))]
