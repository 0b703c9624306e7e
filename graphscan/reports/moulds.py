"""Moulds: the templates that a group's members wrote from, cut into words and slots for a page or a terminal.

In: the run's frames and account ids. Out: :class:`Mould`, plain values. What accounts wrote stays data: the page escapes each
piece, and only pieces that graphscan itself put there are drawn as slots.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from graphscan.reports.frames import Frames
from graphscan.reports.words import count, number, visible

MOST_MOULDS = 8
"""Templates of one cluster told on its page; templates.parquet has them all."""

_SLOT = re.compile("⟨([^⟨⟩]*)⟩|(…)")


@dataclass(frozen=True)
class Piece:
    """A run of letters, a typed slot (``slot`` names it), or a place where words vary (``slot`` is "varies")."""

    text: str
    slot: str


@dataclass(frozen=True)
class Mould:
    """One template: its pieces, and how much it is used, by the members and by anybody; counts as text, ready to show."""

    template: str
    pieces: tuple[Piece, ...]
    members: str
    member_texts: str
    later: str
    accounts: str
    established: str
    texts: str
    weight: str
    local: bool

    def sentence(self) -> str:
        """The template in one sentence."""
        place = " Nearly all of it stands in one place, so it is nobody's own evidence." if self.local else ""
        return (
            f"Template {self.template}: “{self.text()}”; {self.members} of them wrote {self.member_texts} texts from it, "
            f"{self.later} after at least two others had; of the {self.accounts} accounts that use it at all, "
            f"{self.established} are established.{place}"
        )

    def text(self) -> str:
        """The mould on one line, slots in brackets."""
        return visible("".join(p.text or ("…" if p.slot == "varies" else f"⟨{p.slot}⟩") for p in self.pieces))


def pieces_of(mould: str) -> tuple[Piece, ...]:
    """Cut a mould into letters and slots.

    >>> [p.slot or p.text for p in pieces_of("这个…值得⟨price⟩")]
    ['这个', 'varies', '值得', 'price']
    """
    found, done = [], 0
    for slot in _SLOT.finditer(mould):
        found.append(Piece(mould[done : slot.start()], ""))
        found.append(Piece("", slot.group(1) or "varies"))
        done = slot.end()
    found.append(Piece(mould[done:], ""))
    return tuple(p for p in found if p.text or p.slot)


def moulds_of(frames: Frames, accounts: Collection[str], least: int = 1) -> tuple[tuple[Mould, ...], int]:
    """Return the templates that at least ``least`` of these accounts wrote from, most used first, and how many were left out."""
    uses = frames.where("template_uses", account_id=accounts)
    if uses.empty:
        return (), 0
    told = frames.where("templates", template_id=set(uses["template_id"]))
    uses = uses.assign(later=uses["texts"].where(uses["before"] >= 2, 0))
    joined = uses.groupby("template_id", sort=True).agg(
        users=("account_id", "size"), said=("texts", "sum"), later=("later", "sum")
    )
    rows = joined.merge(told, left_index=True, right_on="template_id", validate="one_to_one")
    rows = rows[rows["users"] >= least]
    rows = rows.sort_values(["users", "said", "template_id"], ascending=[False, False, True])
    shown = tuple(
        Mould(
            str(r["template_id"]),
            pieces_of(str(r["mould"])),
            number(r["users"]),
            number(r["said"]),
            number(r["later"]),
            number(r["accounts"]),
            number(r["established"]),
            number(r["texts"]),
            f"{r['weight']:.2f}",
            bool(r["local"]),
        )
        for r in rows.head(MOST_MOULDS).to_dict("records")
    )
    return shown, max(len(rows) - MOST_MOULDS, 0)


def mould_lines(frames: Frames, accounts: Collection[str], least: int = 1) -> list[str]:
    """Return the same as sentences."""
    shown, more = moulds_of(frames, accounts, least)
    lines = [m.sentence() for m in shown]
    return lines + ([f"{count(more, 'more template')} in templates.parquet."] if more else [])
