"""Substitutes: farms that put one thing in another's place: look-alike letters for letters, fresh accounts for used ones.

In: a stage; ``part.strength`` is how much is replaced (see each function). Out: rows in the world, the farms told as managed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphscan.simulate.clock import DAY_MS, HOUR_MS, SECOND_MS
from graphscan.simulate.farms import SETTLED_DAYS, bought_notes, errands, portrait
from graphscan.simulate.hidings import disguised_mould
from graphscan.simulate.moulds import draw_mould
from graphscan.simulate.parts import Stage
from graphscan.simulate.texts import fill

PLAIN = (
    "评论区购券块后这个没对亲测说试实图过问还邮乐价动天只元到手拿下封顶第次回犹单来交业知道安利"
    "已空瓶修铺家优选杂货工良好物集市见置放在主页自取头像贴面私我复留了点有链接口云栖归鸟银灯听"
)
TWINS = dict(
    zip(
        PLAIN,
        "評論區購劵塊後這個沒對親測説試實圖過問還郵樂價動兲祇沅菿掱拏丅葑頂苐佽囬猶單來茭業倁噵侒莉"
        "巳涳缾俢鋪傢優選雜貨笁悢恏粅雧巿見寘倣茬炷頁洎娶頭潒貼麵俬莪復畱ㄋ點囿鏈椄ロ雲棲歸鳥銀燈聽",
        strict=True,
    )
)
"""A character and one that is read as it: old forms, variants and look-alikes, as spam is written in. No normal form makes the two one."""


def homoglyphs(stage: Stage) -> None:
    """Make a farm that writes its mould with look-alike letters in place of a share ``strength`` of those that have one."""
    disguised_mould(stage, _disguised)


def _disguised(stage: Stage, text: str) -> str:
    hit = stage.rng.random(len(text)) < stage.part.strength
    return "".join(TWINS.get(letter, letter) if h else letter for letter, h in zip(text, hit, strict=True))


def churn(stage: Stage) -> None:
    """Make a farm that throws its accounts away: after ``strength`` days as many fresh ones go on with the same mould."""
    notes, mould = bought_notes(stage), draw_mould(stage.rng)
    begin = stage.world.begin_ms + SETTLED_DAYS * DAY_MS
    turn = ((notes.created - begin) // int(stage.part.strength * DAY_MS)).astype(np.int64)
    for number in np.unique(turn):
        start = begin + int(number * stage.part.strength * DAY_MS)
        fresh = replace(portrait(stage, (start - 10 * HOUR_MS, start - 2 * HOUR_MS)), actions_min=0)
        people = stage.make(stage.part.size, fresh, f" {int(number) + 1}")
        job = errands(stage, len(people), notes.take(np.flatnonzero(turn == number)))
        at = np.minimum(job.at, stage.world.end_ms - SECOND_MS)
        stage.say(people, job.who, job.notes, at, fill(stage.rng, mould, job.notes.topic))
