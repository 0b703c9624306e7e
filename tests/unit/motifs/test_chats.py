"""Chat chorus and funnel: spoken together beyond the chat's own habit; a comment that leads into a private message."""

import numpy as np

from graphscan.motifs.chats import find_funnels

from .told import BEGIN, DAY, HOUR, MEMBERS, MINUTE, STRANGERS, background, comment, dataset, motifs, scene

FOUR = MEMBERS[:4]


def message(who: str, chat: str, at: float, **more: object) -> dict[str, object]:
    return {"account_id": who, "chat_id": chat, "created_at": BEGIN + int(at), **more}


def chat_with(messages: list[dict[str, object]]) -> dict[str, int]:
    chats = [{"chat_id": "g", "kind": "group"}]
    return motifs(scene(dataset(comments=background(), chats=chats, chat_messages=messages), FOUR))


def chatter(seed: int = 2) -> list[dict[str, object]]:
    """Ten strangers and the four members speak now and then."""
    rng = np.random.default_rng(seed)
    return [message(who, "g", rng.integers(10 * DAY)) for who in [*STRANGERS[:10], *FOUR] for _ in range(12)]


def test_members_who_speak_up_together_again_and_again_are_a_chorus() -> None:
    claque = [message(who, "g", day * DAY + 15 * HOUR + 10_000 * k) for day in range(6) for k, who in enumerate(FOUR)]
    assert chat_with([*chatter(), *claque])["chat_chorus"] == 6


def test_answering_an_announcement_with_everybody_is_none() -> None:
    rng = np.random.default_rng(7)
    answers = [
        message(who, "g", day * DAY + 15 * HOUR + rng.integers(3 * MINUTE))
        for day in range(6)
        for who in [*STRANGERS[:10], *FOUR]
    ]
    assert chat_with([*chatter(), *answers]) == {}


def test_a_chat_of_members_alone_says_nothing() -> None:
    claque = [message(who, "g", day * DAY + 10_000 * k) for day in range(6) for k, who in enumerate(FOUR)]
    assert chat_with(claque) == {}


def funnel(delay: float) -> tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]]:
    comments, chats, messages = [], [], []
    for day in range(5):
        for k, who in enumerate(FOUR):
            at = day * DAY + (9 + 2 * k + day % 3) * HOUR
            comments.append(comment(who, f"n{day:02d}", at))
            chats.append({"chat_id": f"p{day}{k}", "kind": "private"})
            messages.append(message(who, f"p{day}{k}", at + delay, links=["https://contact.example/1"]))
    return comments, chats, messages


def told_funnel(delay: float) -> dict[str, int]:
    comments, chats, messages = funnel(delay)
    data = dataset(comments=[*background(), *comments], chats=chats, chat_messages=messages)
    return motifs(scene(data, FOUR))


def test_a_comment_then_a_private_message_with_a_link_is_a_funnel() -> None:
    assert told_funnel(5 * MINUTE) == {"comment_message_link": 20}


def test_private_messages_hours_later_are_none() -> None:
    assert told_funnel(3 * HOUR) == {}


def test_a_message_before_the_comment_or_without_a_link_is_none() -> None:
    comments, chats, messages = funnel(-MINUTE)
    assert find_funnels(scene(dataset(comments=comments, chats=chats, chat_messages=messages), FOUR)) == []
    plain = [{**m, "links": None, "text": "看看", "created_at": m["created_at"] + 2 * MINUTE} for m in messages]
    assert find_funnels(scene(dataset(comments=comments, chats=chats, chat_messages=plain), FOUR)) == []


def test_a_funnel_tells_the_note_and_the_link() -> None:
    comments, chats, messages = funnel(5 * MINUTE)
    first = find_funnels(scene(dataset(comments=comments, chats=chats, chat_messages=messages), FOUR))[0]
    assert first.objects == ("n00", "https://contact.example/1")
    assert first.ended_ms - first.started_ms == 5 * MINUTE
