"""Kinds of layers: what sort of thing each says of a pair, and how much it counts.

In: nothing. Out: :data:`LAYER_KINDS`, a register. A behaviour that is not named here counts as BEHAVIOUR with weight 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sort = Literal["behaviour", "content", "identity"]


@dataclass(frozen=True)
class LayerKind:
    """One layer: its name, its sort, its weight in the combination, and the group in which it is one with others."""

    name: str
    sort: Sort
    weight: float
    one_with: str = ""


REGISTERED_TOGETHER = "registered_together"
DEVICE_SHARED = "device_shared"

LAYER_KINDS: tuple[LayerKind, ...] = (
    LayerKind("note_comment", "behaviour", 1.0),
    LayerKind("note_like", "behaviour", 1.0),
    LayerKind("note_collect", "behaviour", 1.0),
    LayerKind("note_share", "behaviour", 1.0),
    LayerKind("account_followed", "behaviour", 1.0),
    LayerKind("chat_answered", "behaviour", 1.0),
    LayerKind("reply_target", "behaviour", 1.0),
    LayerKind("contact_shared", "content", 1.5),
    LayerKind("link_shared", "content", 1.5),
    LayerKind("template_used", "content", 1.5, "words"),
    LayerKind("text_copied", "content", 1.5, "words"),
    LayerKind("media_reused", "content", 1.0),
    LayerKind("tags_repeated", "content", 0.5),
    LayerKind(REGISTERED_TOGETHER, "identity", 2.0),
    LayerKind(DEVICE_SHARED, "identity", 2.0),
)
"""Weights of METHOD stage 5: what is dear to share (a device, an hour of registration 2, a shop or its words 1.5) counts more than what is
cheap (tags 0.5). A copied text follows its own template too: both layers are one, with the better of the two p-values, doubled."""

_KINDS = {kind.name: kind for kind in LAYER_KINDS}


def kind_of(name: str) -> LayerKind:
    """Return the kind of a layer."""
    return _KINDS.get(name, LayerKind(name, "behaviour", 1.0))
