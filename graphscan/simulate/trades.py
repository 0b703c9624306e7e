"""Honest trades that act like farms: an agency, a newsroom, a flash sale, a prize draw, an app's share button.

In: a stage. Out: rows in the world, told as human, no measure due. What each has in common with a farm is in its first line.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.simulate.attacks import old_registrations
from graphscan.simulate.circles import SCHEDULER, post
from graphscan.simulate.clock import BEGIN_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, awake, delays
from graphscan.simulate.crowds import author_with_notes, daytimes
from graphscan.simulate.doings import every, react, tally, turn_out
from graphscan.simulate.notes import Notes, product_links
from graphscan.simulate.parts import Stage
from graphscan.simulate.people import People, Portrait
from graphscan.simulate.texts import comment_texts, fill


def agency(stage: Stage) -> None:
    """Make an agency's accounts that say so nowhere: human editors post one campaign within an hour, each in own words, one link."""
    rng, campaigns, count = stage.rng, max(2, stage.days() // 3), stage.part.size
    people = stage.make(count, Portrait(slice="agency", network=f"{rng.integers(2**40):012x}"))
    who, which = turn_out(rng, count, campaigns, 0.8)
    begin = daytimes(stage, campaigns, 2 * HOUR_MS)
    at = begin[which] + rng.integers(0, HOUR_MS, len(who))
    kept = at > people.registered[who]
    who, which, at = who[kept], which[kept], at[kept]
    links = pc.take(product_links(rng.integers(10**7, 10**8, campaigns)), pa.array(which))
    post(stage, people, who, at, None, links=_lists(links))
    stage.live(people)


def newsroom(stage: Stage) -> None:
    """Make a newsroom's desks, verified: each breaking story on all desks within two minutes, the agency's words, one link."""
    rng, stories, count = stage.rng, stage.days() * 2, stage.part.size
    people = stage.make(
        count, Portrait(slice="newsroom", verified=True, bio="新闻客户端官方账号，稿件由编辑部统一签发")
    )
    who, which = turn_out(rng, count, stories, 0.9)
    at = daytimes(stage, stories, 2 * HOUR_MS)[which] + rng.integers(0, 2 * MINUTE_MS, len(who))
    kept = at > people.registered[who]
    who, which, at = who[kept], which[kept], at[kept]
    wire = fill(
        rng, "快讯：{place}{noun}{trait}，现场{detail}，记者将持续关注第{n}号消息。", rng.integers(0, 12, stories)
    )
    links = pc.take(product_links(rng.integers(10**7, 10**8, stories)), pa.array(which))
    post(stage, people, who, at, SCHEDULER, text=wire.take(pa.array(which)), links=_lists(links))
    stage.live(people)


def flash_sale(stage: Stage) -> None:
    """Make bargain hunters: the shop opens at eight in the evening, and they are all there within two minutes, one in three new."""
    sales = max(3, stage.days() // 2)
    at = BEGIN_MS + np.arange(sales) * 2 * DAY_MS + 20 * HOUR_MS
    _, notes = author_with_notes(stage, sales, "flash-sale", at, "每晚八点限量秒杀")
    old = stage.make(stage.part.size * 2 // 3, Portrait(slice="flash-sale"))
    _rush(stage, old, notes)
    fresh = (BEGIN_MS, BEGIN_MS + 2 * DAY_MS)
    _rush(stage, stage.make(stage.part.size - len(old), Portrait(slice="flash-sale", registered=fresh), " new"), notes)


def _rush(stage: Stage, people: People, notes: Notes) -> None:
    rng = stage.rng
    who, which = turn_out(rng, len(people), len(notes), 0.7)
    come = notes.created[which] + delays(rng, 50.0, 0.7, len(who))
    text = fill(rng, "抢到了{n}号，谢谢老板{mood}", np.zeros(len(who), np.int64))
    got = rng.random(len(who)) < 0.5
    stage.say(people, who[got], notes.take(which[got]), come[got], text.filter(pa.array(got)))
    react(stage.world, people, who[~got], "like", notes.note[which[~got]], come[~got])
    stage.live(people, tally(who[got], len(people)))


def lottery(stage: Stage) -> None:
    """Make a prize draw, 抽奖: comment the given sentence to win; most come in the last hour before it closes, many new."""
    rng, draws = stage.rng, 4
    _, notes = author_with_notes(stage, draws, "lottery", daytimes(stage, draws, 2 * DAY_MS), "每周抽奖，评论区抽")
    people = stage.make(stage.part.size, Portrait(slice="lottery"))
    who, which = turn_out(rng, len(people), draws, 0.8)
    close = awake(notes.created + DAY_MS)
    late = rng.random(len(who)) < 0.7
    before = np.where(late, rng.integers(SECOND_MS, HOUR_MS, len(who)), rng.integers(HOUR_MS, 20 * HOUR_MS, len(who)))
    text = fill(rng, "参与抽奖，希望是我，好运第{n}次{mood}", np.zeros(len(who), np.int64))
    stage.say(people, who, notes.take(which), close[which] - before, text)
    stage.live(people, tally(who, len(people)))


def share_template(stage: Stage) -> None:
    """Make users of an app's share button: its default sentence, from old accounts of all kinds, at any time."""
    rng, count = stage.rng, stage.part.size
    people = stage.make(count, Portrait(slice="share-template", registered=old_registrations(stage)))
    at = daytimes(stage, count)
    text = fill(rng, "我在听书时光读完了{noun}，今日阅读{n}分钟，一起来打卡吧！", people.topic)
    post(stage, people, np.arange(count), rng.permutation(at), None, text=text)
    stage.live(people, np.zeros(count, np.int64))


def translation(stage: Stage) -> None:
    """Make users of translation and reading aids: one client for all they do, smooth texts, their own times."""
    people = stage.make(stage.part.size, Portrait(role="assisted", slice="translation", client="assist-reader/3.4"))
    who = np.repeat(np.arange(len(people)), 2)
    at = awake(people.first_ms(BEGIN_MS)[who] + stage.rng.integers(HOUR_MS, 5 * DAY_MS, len(who)))
    text = comment_texts(stage.rng, people.topic[who], 0.0)
    post(stage, people, who, at, "assist-reader/3.4", text=text)
    stage.live(people)


def _lists(values: pa.Array) -> pa.ListArray:
    return (
        pa.ListArray.from_arrays(pa.array(np.arange(len(values) + 1, dtype=np.int32)), values)
        if len(values)
        else every(0, "")
    )
