"""Templates by description length: what a family's texts share, and whether telling it once shortens the telling of all.

In: the forms of one family, and how many texts have each. Out: :class:`Template` values with slots. The idea is
InfoShield's (Lee et al., ICDE 2021): a group is a template when the consensus plus each text's departure from it
takes at least 30 % fewer bits than the texts by themselves. Their partial-order alignment is replaced by longest
common subsequences with one reference form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graphscan.texts import kernels
from graphscan.texts.arrays import Flags, Floats, Ints, Points
from graphscan.texts.forms import Forms, Shingles, cut_shingles

LEAST_SAVING = 0.30  # METHOD stage 2: rho
MEMBER_SAVING = 0.15
"""What a single text must save to be a member; half of rho, since one text's slots may be long while the mould pays as a whole."""

MOST_MISSING = 0.25
"""Share of the mould's letters that a member may lack. Two farms' moulds share a clause now and then ("只要…块"), which alone saves
:data:`MEMBER_SAVING`: without this, 5 of 20 farms' moulds of a simulated city flowed into each other (measured)."""

LEAST_TEXTS = 3
SHOWN_TO_CONSENSUS = 64  # forms that a consensus is built from; more change it no further
_REFINEMENTS = 2
_ROUNDS = 32  # templates looked for in one family
_LONGEST = 1_000  # characters of a form that are aligned: alignment is quadratic, and so far no template is longer


@dataclass(frozen=True)
class Template:
    """What the forms ``members`` share: ``items`` in order, and the places where they vary.

    ``slot_before[k]``: something varies before item k; the last entry is for after them all. ``saving``: rho, the share of bits saved.
    """

    items: Points
    slot_before: Flags
    members: Ints
    saving: float

    def show(self) -> str:
        """The consensus as text with private characters for typed slots and ``…`` for what varies."""
        told = ["…" if self.slot_before[0] else ""]
        for item, slot in zip(self.items, self.slot_before[1:], strict=True):
            told.append(chr(int(item)) + ("…" if slot else ""))
        return "".join(told)


def split_family(forms: Forms, size: int, members: Ints, texts: Ints, bits: float) -> Iterator[Template]:
    """Cut one family into templates, greedily: each round takes the form that shares most and all that pay with it.

    ``size``: characters of a shingle. ``texts`` counts the texts of every form; ``bits`` is the cost of one free character. A
    family that one account wrote is for the caller to refuse.
    """
    left = _most_shared_first(cut_shingles(forms.pick(members), size), members)
    for _ in range(_ROUNDS):
        if int(texts[left].sum()) < LEAST_TEXTS:
            return
        found = _grow(forms, left, texts, bits)
        if found is None:
            left = left[1:]
            continue
        yield found
        left = left[~np.isin(left, found.members)]


def _most_shared_first(shingles: Shingles, members: Ints) -> Ints:
    """Members in the order in which they are tried: those whose runs of characters most others have come first.

    A family may be a long chain of strangers around a small mould; the mould's own texts are the ones that share most.
    """
    _, place, count = np.unique(shingles.shingle, return_inverse=True, return_counts=True)
    owner = np.repeat(np.arange(len(members)), np.diff(shingles.begin))
    score = np.bincount(owner, count[place] - 1, minlength=len(members)) if len(count) else np.zeros(len(members))
    return members[np.lexsort((members, -score))]


def _grow(forms: Forms, members: Ints, texts: Ints, bits: float) -> Template | None:
    """The template around the first member: those alike enough to it, their consensus, those that pay with that."""
    items = forms.of(int(members[0]))[:_LONGEST]
    slots = np.ones(len(items) + 1, np.bool_)
    paying = _paying(forms, members, items, slots, bits, charge_missing=False)
    for _ in range(_REFINEMENTS):
        items, slots = _consensus(forms, members[paying], items)
        paying = _paying(forms, members, items, slots, bits, charge_missing=True)
        if len(items) == 0 or not paying.any():
            return None
    saving = _saving(forms, members[paying], texts[members[paying]], items, slots, bits)
    if saving < LEAST_SAVING or int(texts[members[paying]].sum()) < LEAST_TEXTS:
        return None
    return Template(items, slots, members[paying], saving)


def _paying(forms: Forms, members: Ints, items: Points, slots: Flags, bits: float, *, charge_missing: bool) -> Flags:
    """Whether each member is told more cheaply; what the first reference has too much the consensus will drop, uncharged."""
    told = _depart(forms, members, items, slots, bits)
    alone = np.minimum(forms.sizes[members], _LONGEST) * bits
    lacking = told.missing > MOST_MISSING * len(items)
    return np.asarray((told.bits(charge_missing) <= (1.0 - MEMBER_SAVING) * alone) & ~(charge_missing & lacking))


def _saving(forms: Forms, members: Ints, texts: Ints, items: Points, slots: Flags, bits: float) -> float:
    told = _depart(forms, members, items, slots, bits).bits()
    alone = np.minimum(forms.sizes[members], _LONGEST) * bits
    template = len(items) * (bits + 1.0) + 1.0  # one bit a place says whether a slot stands there
    return 1.0 - (template + float(told @ texts)) / float(alone @ texts)


@dataclass(frozen=True)
class _Departures:
    """How forms depart from a template; ``filled``, ``edits``, ``missing``: one entry a form, as :func:`kernels.depart` has them.

    ``items_met``, ``gaps_met``: how many forms have each item, and something before it or, the last entry, after them all.
    """

    filled: Floats
    edits: Ints
    missing: Ints
    items_met: Ints
    gaps_met: Ints
    free: float

    def bits(self, charge_missing: bool = True) -> Floats:
        """Bits that tell each form, given the template: what fills its slots, and edits elsewhere."""
        where = np.log2(len(self.items_met) + 1.0)
        edits = self.edits * (where + self.free) + charge_missing * self.missing * (where + 1.0)
        return np.asarray(self.filled + edits)


def _depart(forms: Forms, members: Ints, items: Points, slots: Flags, bits: float) -> _Departures:
    """Align every member with the items, in one compiled loop."""
    n, m = len(members), len(items)
    found = _Departures(
        np.empty(n),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.zeros(m, np.int64),
        np.zeros(m + 1, np.int64),
        bits,
    )
    kernels.depart(
        forms.points,
        forms.start,
        forms.sizes,
        members,
        _LONGEST,
        items,
        slots,
        bits,
        found.gaps_met,
        found.items_met,
        found.filled,
        found.edits,
        found.missing,
    )
    return found


def _consensus(forms: Forms, members: Ints, reference: Points) -> tuple[Points, Flags]:
    """The reference's items that most members have, and the places between them where most have something more."""
    shown = members[:: max(1, -(-len(members) // SHOWN_TO_CONSENSUS))]
    met = _depart(forms, shown, reference, np.zeros(len(reference) + 1, np.bool_), 0.0).items_met
    items = reference[2 * met > len(shown)]
    gaps = _depart(forms, shown, items, np.zeros(len(items) + 1, np.bool_), 0.0).gaps_met
    return items, np.asarray(2 * gaps > len(shown))
