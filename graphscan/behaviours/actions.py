"""Actions: who did something to which object, when; and the occasions (object-days) they fall into.

In: code arrays. Out: :class:`Actions` (every action of one behaviour) and :class:`Occasions` (the first action of an
account on an object in a day), which the null model counts in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphscan.behaviours import sorting_kernel
from graphscan.behaviours.objects import Objects
from graphscan.behaviours.sorting import order_by
from graphscan.intake.columns import slices

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Actions:
    """Every action of one behaviour; one row is one account acting on one object at one instant.

    ``account`` are codes into the run's accounts, ``object`` into ``objects`` (their names), ``at_ms`` milliseconds since
    1970 UTC. ``channel_of`` gives each object's channel (author, chat, host) as a code, -1 where it has none; ``explicit_of``
    says, per object, that channel membership is declared (a chat's members), not inferred. ``by_owner`` marks actions on
    one's own object.
    ``source`` and ``row`` tell the input row: number of the table in ``tables``, and the row in it.
    """

    account: Codes
    object: Codes
    at_ms: Ints
    objects: Objects
    channel_of: Codes
    by_owner: Flags
    source: npt.NDArray[np.int8]
    row: Ints
    tables: tuple[str, ...]
    explicit_of: Flags

    def __len__(self) -> int:
        return len(self.account)

    def without_owners(self) -> Actions:
        """The actions on other people's objects: an author under the own note is no co-actor (guard G11)."""
        keep = ~self.by_owner
        if keep.all():
            return self
        chosen = {n: getattr(self, n)[keep] for n in ("account", "object", "at_ms", "by_owner", "source", "row")}
        return Actions(
            **chosen,
            objects=self.objects,
            channel_of=self.channel_of,
            tables=self.tables,
            explicit_of=self.explicit_of,
        )


@dataclass(frozen=True)
class Occasions:
    """First actions: one row is an account's first action on an object in one day, sorted by (occasion, time).

    ``occasion`` numbers the object-days that somebody acted in, by object and day; ``object_of`` and ``start`` have an entry (one more) per
    occasion; ``action`` is the row in the :class:`Actions` it came from.
    """

    account: Codes
    occasion: Codes
    at_ms: Ints
    action: Ints
    start: Ints
    object_of: Codes

    @property
    def n_occasions(self) -> int:
        """How many object-days somebody acted in."""
        return len(self.object_of)

    @property
    def sizes(self) -> Ints:
        """Accounts per occasion."""
        return np.diff(self.start)

    @property
    def first_on_object(self) -> Flags:
        """Whether each row is its account's first on the object, on whatever day; object-days are in the order of their objects."""
        first = np.empty(len(self.account), np.bool_)
        n_accounts = int(self.account.max(initial=-1)) + 1
        sorting_kernel.first_of_object(self.account, self.occasion, self.object_of, n_accounts, first)
        return first

    def count_by_object(self, chosen: Flags, n_objects: int) -> Ints:
        """How many of the chosen rows each object has."""
        counts = np.zeros(n_objects, np.int64)
        for piece in slices(len(chosen)):
            counts += np.bincount(self.object_of[self.occasion[piece][chosen[piece]]], minlength=n_objects)
        return counts


def quietest_ms(at_ms: Ints) -> int:
    """Return the instant, modulo a day, at which the day is cut: the start of the quietest hour of the log.

    Cutting where the least happens splits the fewest bursts, and moves with the clock: shifting every time by any amount
    shifts the cut by the same amount. Hours are counted from the earliest action for that reason.
    """
    if len(at_ms) == 0:
        return 0
    origin = int(at_ms.min())
    per_hour = np.bincount(((at_ms - origin) % DAY_MS) // HOUR_MS, minlength=24)
    return (origin + int(np.argmin(per_hour)) * HOUR_MS) % DAY_MS


def find_occasions(account: Codes, object_: Codes, at_ms: Ints, day_cut_ms: int) -> Occasions:
    """Return the first action per account and object-day; ties in time go to the earlier row."""
    if len(account) == 0:
        none = np.zeros(0, np.int32)
        return Occasions(none, none, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(1, np.int64), none)
    day = ((at_ms - day_cut_ms) // DAY_MS).astype(np.int32)
    order = order_by(object_, at_ms, account)
    occasion, kept = np.empty(len(order), np.int32), np.empty(len(order), np.int64)
    firsts = sorting_kernel.first_of_occasion(order, account, object_, day, int(account.max()) + 1, occasion, kept)
    del order
    occasion, kept = occasion[: firsts[0]].copy(), kept[: firsts[0]].copy()
    start = np.zeros(firsts[1] + 1, np.int64)
    np.cumsum(np.bincount(occasion, minlength=firsts[1]), out=start[1:])
    return Occasions(account[kept], occasion, at_ms[kept], kept, start, object_[kept[start[:-1]]])
