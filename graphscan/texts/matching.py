"""The matching form of a text: what is compared, never what is shown as the person's words.

In: a text as it came. Out: letters, plus one private character per typed slot (address, price, number, product code,
mention, contact). Two texts that differ only in what fills such slots, in case, width, spaces, marks, emoji, invisible
characters or letters that look alike have the same form. How a text *sounds* is never looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from graphscan.texts.contacts import CONTACT, MAY_HOLD
from graphscan.texts.lookalikes import LOOK_ALIKES

LINK, PRICE, NUMBER, PRODUCT, MENTION, EMOJI, CONTACT_SLOT = (chr(0xE000 + k) for k in range(7))

SLOT_NAMES = {
    LINK: "link",
    PRICE: "price",
    NUMBER: "number",
    PRODUCT: "product code",
    MENTION: "mention",
    EMOJI: "emoji",
    CONTACT_SLOT: "contact",
}
"""What each private character stands for; cities are not told apart from other words, for want of a kept gazetteer."""

_TOPIC_MARK = re.compile(r"\[话题\]#?")
_EMOJI_CODE = re.compile(r"\[[^\[\]\s]{1,8}r\]")  # the platform's own emoji codes, such as [哭惹R], folded
_URL = re.compile(r"https?://[\x21-\x7e]+")
_BARE_URL = re.compile(r"(?<![a-z0-9_.@-])(?:[a-z0-9-]+\.)+(?:com|cn|net|top|shop|xyz|me|tv|cc|im)/[\x21-\x7e]*")
_MENTION = re.compile(r"@[\w.·-]{1,30}")
_PRICE = re.compile(r"[¥$€£]\s*\d[\d,.]*|\d[\d,.]*\s*(?:元|块钱|块|rmb|刀|usd)")
_PRODUCT = re.compile(r"(?<![a-z0-9])(?:[a-z]{1,5}-?\d{3,}[a-z0-9]*|\d{4,}[a-z]{1,5})(?![a-z0-9])")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_DIGIT = re.compile(r"\d")
_STEPS = (
    (re.compile(r"\["), _TOPIC_MARK, ""),
    (re.compile(r"\["), _EMOJI_CODE, EMOJI),
    (re.compile("://"), _URL, LINK),
    (re.compile(r"\./|[a-z]/"), _BARE_URL, LINK),
    (MAY_HOLD, CONTACT, CONTACT_SLOT),
    (re.compile("@"), _MENTION, MENTION),
    (_DIGIT, _PRICE, PRICE),
    (_DIGIT, _PRODUCT, PRODUCT),
    (_DIGIT, _NUMBER, NUMBER),
)
"""What each pattern cannot do without, the pattern, its slot: most short Chinese texts need none of them."""

_EMOJI_RUN = re.compile(f"{EMOJI}+")


def fold(text: str) -> str:
    r"""Return the text in NFKC, case folded, without invisible and private characters: every pattern is read on this.

    >>> fold("ＶＸ：Ab\u200bC")
    'vx:abc'
    """
    return unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold()


class _Table(dict[int, str | None]):
    """A table for :meth:`str.translate` that asks once per character; three times faster than asking at each place."""

    def __init__(self, decide: Callable[[str], str | None]) -> None:
        super().__init__()
        self._decide = decide

    def __missing__(self, point: int) -> str | None:
        self[point] = decided = self._decide(chr(point))
        return decided


def _visible(c: str) -> str | None:
    hidden = unicodedata.category(c) in ("Cf", "Co", "Cc", "Cs") and c != "\n"
    return None if hidden or "\ufe00" <= c <= "\ufe0f" else c


def _plain(c: str) -> str | None:
    return LOOK_ALIKES.get(ord(c), _visible(c))


def _is_emoji(c: str) -> bool:
    """A pictograph (Unicode category So) or a skin tone."""
    return unicodedata.category(c) == "So" or "\U0001f3fb" <= c <= "\U0001f3ff"


def _as_emoji(c: str) -> str:
    return EMOJI if _is_emoji(c) else c


def _no_emoji(c: str) -> str | None:
    return None if _is_emoji(c) else c


def _letter(c: str) -> str | None:
    return c if c != EMOJI and (c in SLOT_NAMES or unicodedata.category(c)[0] == "L") else None


_PLAIN = _Table(_plain)
_EMOJI_TABLE, _NO_EMOJI, _LETTERS = _Table(_as_emoji), _Table(_no_emoji), _Table(_letter)


def with_slots(text: str) -> str:
    """Return the folded text with one private character where an address, price, number … or emoji stood; marks stay."""
    return _EMOJI_RUN.sub(EMOJI, _slotted(fold(text)).translate(_EMOJI_TABLE))


def _slotted(folded: str) -> str:
    for needed, pattern, slot in _STEPS:
        if needed.search(folded):
            folded = pattern.sub(slot, folded)
    return folded


def matching_form(text: str) -> str:
    """Return letters and slots only; emoji are left out first, wherever they stand: noise must not break a word or a price.

    >>> show_form(matching_form("这个 蛋挞值得，101块，点链接👍👍"))
    '这个蛋挞值得⟨price⟩点链接'
    """
    return _slotted(fold(text).translate(_NO_EMOJI)).translate(_LETTERS)


def show_form(form: str) -> str:
    """Return a matching form with its slots named, for a person to read."""
    return "".join(f"⟨{SLOT_NAMES[c]}⟩" if c in SLOT_NAMES else c for c in form)
