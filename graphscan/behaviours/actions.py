"""Actions: who did something to which object, when; and the occasions (object-days) they fall into.

In: code arrays. Out: :class:`Actions` (every action of one behaviour) and :class:`Occasions` (the first action of an
account on an object in a day), which the null model counts in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Actions:
    """Every action of one behaviour; one row is one account acting on one object at one instant.

    ``account`` are codes into the run's accounts, ``object`` into ``objects`` (sorted texts), ``at_ms`` milliseconds since
    1970 UTC. ``channel_of`` gives each object's channel (author, chat, host) as a code, -1 where it has none; ``explicit_of``
    says, per object, that channel membership is declared (a chat's members), not inferred. ``by_owner`` marks actions on
    one's own object.
    ``source`` and ``row`` tell the input row: number of the table in ``tables``, and the row in it.
    """

    account: Codes
    object: Codes
    at_ms: Ints
    objects: pa.Array
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

    ``occasion`` numbers the object-days that somebody acted in; ``object_of`` and ``start`` have one entry (and one more) per
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
    day = (at_ms - day_cut_ms) // DAY_MS
    day -= day.min() if len(day) else 0
    key = object_.astype(np.int64) * (int(day.max()) + 1 if len(day) else 1) + day
    days, occasion = np.unique(key, return_inverse=True)
    order = np.lexsort((at_ms, account, occasion))
    first = np.ones(len(order), np.bool_)
    same = (occasion[order][1:] == occasion[order][:-1]) & (account[order][1:] == account[order][:-1])
    first[1:] = ~same
    kept = order[first]
    kept = kept[np.lexsort((account[kept], at_ms[kept], occasion[kept]))]
    chosen = occasion[kept].astype(np.int32)
    start = np.zeros(len(days) + 1, np.int64)
    np.cumsum(np.bincount(chosen, minlength=len(days)), out=start[1:])
    object_of = np.zeros(len(days), np.int32)
    object_of[chosen] = object_[kept]
    return Occasions(account[kept], chosen, at_ms[kept], kept, start, object_of)
