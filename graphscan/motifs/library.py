"""The motifs: patterns of synchronized action, declared as values.

In: nothing. Out: :data:`MOTIFS`, a register that reads like a page. To add one, write a finder and its null, and add
an entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from graphscan.motifs.chats import chance_of_choruses, chance_of_funnels, find_choruses, find_funnels
from graphscan.motifs.clocks import (
    chance_of_heartbeats,
    chance_of_shift_relays,
    find_heartbeats,
    find_shift_relays,
)
from graphscan.motifs.copies import chance_of_fan_outs, find_fan_outs
from graphscan.motifs.flashes import chance_of_flashes, chance_of_relays, find_flashes, find_relays
from graphscan.motifs.occurrences import Occurrence
from graphscan.motifs.registrations import chance_of_registration_flashes, find_registration_flashes
from graphscan.motifs.rings import chance_of_rings, find_rings
from graphscan.motifs.scene import Scene

Kind = Literal["meeting", "order", "relation", "message", "words", "birth", "clock"]


@dataclass(frozen=True)
class Motif:
    """One pattern of synchronized action.

    ``sentence`` completes "members …". ``family``: the evidence family (A4 registration, A2 cadence, A3 template, B1 co-action, B3
    ring). ``find`` lists its occurrences; ``null`` gives the p-value of all of them together. ``least``: occurrences below which it
    is nothing (one occurrence may itself join many objects); ``least_accounts``: accounts over all occurrences.
    """

    name: str
    sentence: str
    kind: Kind
    family: str
    find: Callable[[Scene], list[Occurrence]]
    null: Callable[[Scene, Sequence[Occurrence], np.random.Generator], float]
    least: int
    least_accounts: int = 3


MOTIFS: tuple[Motif, ...] = (
    Motif(
        "flash_star",
        "gathered on one object within minutes, on several objects",
        "meeting",
        "B1",
        find_flashes,
        chance_of_flashes,
        least=3,  # METHOD stage 4: a single flash is never evidence
    ),
    Motif(
        "ordered_relay",
        "acted on several objects in the same order",
        "order",
        "B1",
        find_relays,
        chance_of_relays,
        least=1,
    ),
    Motif(
        "reciprocal_ring",
        "acted on each other's notes in rings of three within a day",
        "relation",
        "B3",
        find_rings,
        chance_of_rings,
        least=3,
    ),
    Motif(
        "comment_message_link",
        "commented and, within half an hour, sent a private message with a link",
        "message",
        "B1",
        find_funnels,
        chance_of_funnels,
        least=3,
    ),
    Motif(
        "fan_out_copy",
        "used one template for one product after another within a day",
        "words",
        "A3",
        find_fan_outs,
        chance_of_fan_outs,
        least=2,
    ),
    Motif(
        "registration_flash",
        "were registered within an hour of each other on one network, device or app",
        "birth",
        "A4",
        find_registration_flashes,
        chance_of_registration_flashes,
        least=1,
    ),
    Motif(
        "chat_chorus",
        "spoke in a group chat within a minute of each other, again and again",
        "message",
        "B1",
        find_choruses,
        chance_of_choruses,
        least=3,
    ),
    Motif(
        "heartbeat",
        "acted on a shared period and phase, day and night",
        "clock",
        "A2",
        find_heartbeats,
        chance_of_heartbeats,
        least=1,
    ),
    Motif(
        "shift_relay",
        "each slept, yet together never did",
        "clock",
        "A2",
        find_shift_relays,
        chance_of_shift_relays,
        least=1,
    ),
)
"""Every motif looked for, in the order in which a report tells them."""
